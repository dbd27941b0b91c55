-- Users and roles. $2 is org_scope's where it is an array: the groups that the caller sees, NULL: all.

-- Whatever changes rights, users or the tree goes one after the other within an enterprise, so that two administrators
-- who demote each other at the same moment do not both succeed.
-- name: user_lock_enterprise
SELECT id FROM enterprise WHERE id = $1 FOR NO KEY UPDATE

-- name: user_list
SELECT u.id, u.username, u.display_name, u.group_id, u.group_administrator, u.role_id, u.disabled_at IS NOT NULL,
    g.name, r.name, g.parent_id IS NULL, u.must_change_password, u.totp_confirmed_at IS NOT NULL,
    u.external_issuer IS NOT NULL, u.last_login_at, u.created_at, u.super_admin, r.permissions
FROM app_user u
JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
LEFT JOIN role r ON r.enterprise_id = u.enterprise_id AND r.id = u.role_id
WHERE u.enterprise_id = $1 AND ($2::bigint[] IS NULL OR u.group_id = ANY ($2))
    AND ($3::text = '' OR strpos(lower(u.username), lower($3)) > 0 OR strpos(lower(u.display_name), lower($3)) > 0)
    AND ($4::bigint = 0 OR u.role_id = $4) AND (NOT $5::boolean OR u.disabled_at IS NOT NULL)
    AND ($6::boolean OR (u.username, u.id) > ($7::text, $8::bigint))
ORDER BY u.username, u.id
LIMIT $9::integer OFFSET $10::integer

-- name: user_count
SELECT count(*)
FROM (
    SELECT
    FROM app_user u
    WHERE u.enterprise_id = $1 AND ($2::bigint[] IS NULL OR u.group_id = ANY ($2))
        AND ($3::text = '' OR strpos(lower(u.username), lower($3)) > 0 OR strpos(lower(u.display_name), lower($3)) > 0)
        AND ($4::bigint = 0 OR u.role_id = $4) AND (NOT $5::boolean OR u.disabled_at IS NOT NULL)
    LIMIT 10001
) AS capped

-- name: user_get
SELECT u.id, u.username, u.display_name, u.group_id, u.group_administrator, u.role_id, u.disabled_at IS NOT NULL,
    g.name, r.name, g.parent_id IS NULL, u.must_change_password, u.totp_confirmed_at IS NOT NULL,
    u.external_issuer IS NOT NULL, u.last_login_at, u.created_at, u.super_admin, r.permissions
FROM app_user u
JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
LEFT JOIN role r ON r.enterprise_id = u.enterprise_id AND r.id = u.role_id
WHERE u.enterprise_id = $1 AND ($2::bigint[] IS NULL OR u.group_id = ANY ($2)) AND u.id = $3

-- Where somebody may be placed: a group that is seen and not deleted.
-- name: user_group_find
SELECT id FROM org_group
WHERE enterprise_id = $1 AND ($2::bigint[] IS NULL OR id = ANY ($2)) AND id = $3 AND deleted_at IS NULL

-- name: user_add
INSERT INTO app_user (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only,
    created_at, display_name, group_administrator, role_id, disabled_at, password_expires_at)
VALUES ($1, $2, $3, $4, $5, true, false, $6, $7, $8, $9, CASE WHEN $10::boolean THEN $6::timestamptz END, $11)

-- name: user_set
UPDATE app_user
SET group_id = $3, display_name = $4, group_administrator = $5, role_id = $6,
    disabled_at = CASE WHEN $7::boolean THEN COALESCE(disabled_at, $8::timestamptz) END
WHERE enterprise_id = $1 AND id = $2

-- Sessions, tokens and recovery codes go with the row.
-- name: user_remove
DELETE FROM app_user WHERE enterprise_id = $1 AND id = $2

-- name: user_end_sessions
DELETE FROM session WHERE enterprise_id = $1 AND user_id = $2

-- name: user_set_password
UPDATE app_user
SET password_phc = $3, must_change_password = true, loopback_only = false, password_expires_at = $4
WHERE enterprise_id = $1 AND id = $2

-- name: user_enterprise_has_administrator
SELECT EXISTS (
    SELECT
    FROM app_user u
    JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
    WHERE u.enterprise_id = $1 AND u.group_administrator AND u.disabled_at IS NULL AND g.parent_id IS NULL
)

-- name: user_role_of
SELECT role_id FROM app_user WHERE enterprise_id = $1 AND id = $2

-- name: role_list
SELECT r.id, r.name, r.permissions,
    (SELECT count(*) FROM app_user u WHERE u.enterprise_id = r.enterprise_id AND u.role_id = r.id)
FROM role r
WHERE r.enterprise_id = $1
ORDER BY r.name, r.id
LIMIT $2::integer

-- name: role_get
SELECT r.id, r.name, r.permissions,
    (SELECT count(*) FROM app_user u WHERE u.enterprise_id = r.enterprise_id AND u.role_id = r.id)
FROM role r
WHERE r.enterprise_id = $1 AND r.id = $2

-- name: role_count
SELECT count(*) FROM role WHERE enterprise_id = $1

-- Whether somebody has the role whom the caller does not see.
-- name: role_used_elsewhere
SELECT $2::bigint[] IS NOT NULL
    AND EXISTS (SELECT FROM app_user WHERE enterprise_id = $1 AND NOT (group_id = ANY ($2)) AND role_id = $3)

-- name: role_add
INSERT INTO role (enterprise_id, id, name, permissions, created_at) VALUES ($1, $2, $3, $4, $5)

-- name: role_set
UPDATE role SET name = $3, permissions = $4 WHERE enterprise_id = $1 AND id = $2

-- name: role_remove
DELETE FROM role WHERE enterprise_id = $1 AND id = $2
