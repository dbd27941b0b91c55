-- What a signed-in caller does with his own account.

-- name: session_add
INSERT INTO session (token_sha256, enterprise_id, user_id, created_at, last_seen_at, expires_at, address, user_agent, id)
VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)

-- Nobody signs in with a password that was changed, or to an account that was disabled, while it was compared.
-- name: session_note_login
UPDATE app_user SET last_login_at = $3
WHERE enterprise_id = $1 AND id = $2 AND disabled_at IS NULL AND ($4::text IS NULL OR password_phc = $4)

-- name: session_place_note
INSERT INTO login_place (enterprise_id, user_id, place, seen_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (enterprise_id, user_id, place) DO UPDATE SET seen_at = excluded.seen_at

-- name: session_remove
DELETE FROM session WHERE enterprise_id = $1 AND token_sha256 = $2

-- name: session_remove_others
DELETE FROM session WHERE enterprise_id = $1 AND user_id = $2 AND token_sha256 <> $3

-- Who somebody is and what he may do, as GetSession tells it.
-- name: session_user_get
SELECT e.name, e.time_zone, u.display_name, u.group_id, g.name, u.group_administrator, g.parent_id IS NULL,
    r.permissions
FROM app_user u
JOIN enterprise e ON e.id = u.enterprise_id
JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
LEFT JOIN role r ON r.enterprise_id = u.enterprise_id AND r.id = u.role_id
WHERE u.enterprise_id = $1 AND u.id = $2

-- name: session_preferences
SELECT preferences FROM app_user WHERE enterprise_id = $1 AND id = $2

-- name: session_password_get
SELECT password_phc FROM app_user WHERE enterprise_id = $1 AND id = $2

-- Unless somebody else has given a new one since $4 was compared.
-- name: session_password_set
UPDATE app_user SET password_phc = $3, must_change_password = false, loopback_only = false, password_expires_at = NULL
WHERE enterprise_id = $1 AND id = $2 AND password_phc = $4
