-- Looking up who calls, signing in, and housekeeping: all of it before an enterprise is known.

-- name: session_look_up
SELECT s.enterprise_id, s.user_id, u.group_id, u.username, u.super_admin, u.must_change_password, u.loopback_only,
    s.last_seen_at, s.expires_at, u.group_administrator, g.parent_id IS NULL, r.permissions, s.id, e.tree_version
FROM session s
JOIN app_user u ON u.enterprise_id = s.enterprise_id AND u.id = s.user_id
JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
JOIN enterprise e ON e.id = s.enterprise_id
LEFT JOIN role r ON r.enterprise_id = u.enterprise_id AND r.id = u.role_id
WHERE s.token_sha256 = $1 AND u.disabled_at IS NULL AND e.deleting_at IS NULL

-- The same columns, and those of the token.
-- name: session_token_look_up
SELECT t.enterprise_id, t.user_id, u.group_id, u.username, u.super_admin, u.must_change_password, u.loopback_only,
    t.last_used_at, t.expires_at, u.group_administrator, g.parent_id IS NULL, r.permissions, t.id, e.tree_version,
    t.permissions, t.name
FROM api_token t
JOIN enterprise e ON e.id = t.enterprise_id
JOIN app_user u ON u.enterprise_id = t.enterprise_id AND u.id = t.user_id
JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
LEFT JOIN role r ON r.enterprise_id = u.enterprise_id AND r.id = u.role_id
WHERE t.token_sha256 = $1 AND u.disabled_at IS NULL AND e.deleting_at IS NULL

-- name: session_token_touch
UPDATE api_token SET last_used_at = $2, last_used_address = $3
WHERE token_sha256 = $1 AND (last_used_at IS NULL OR last_used_at <= $4)

-- name: session_touch
UPDATE session SET last_seen_at = $2 WHERE token_sha256 = $1 AND last_seen_at < $2

-- name: session_sweep_sessions
DELETE FROM session WHERE expires_at < $1 OR last_seen_at < $2

-- name: session_sweep_failures
DELETE FROM login_failure WHERE failed_at < $1

-- name: session_sweep_places
DELETE FROM login_place WHERE seen_at < $1

-- name: session_find_certificate
SELECT c.enterprise_id, c.device_id, c.revoked_at IS NOT NULL, d.deleted_at IS NOT NULL, d.group_id
FROM device_certificate c
JOIN device d ON d.enterprise_id = c.enterprise_id AND d.id = c.device_id
WHERE c.serial = $1

-- No password fits a disabled account, nor one of an enterprise that is being deleted.
-- name: session_find_account
SELECT u.enterprise_id, u.id, u.group_id, u.username,
    CASE WHEN u.disabled_at IS NULL AND e.deleting_at IS NULL THEN NULLIF(u.password_phc, '') END,
    u.must_change_password, u.loopback_only, u.super_admin, u.password_expires_at,
    CASE WHEN u.totp_confirmed_at IS NOT NULL THEN u.totp_sealed END, u.totp_last_step
FROM app_user u
JOIN enterprise e ON e.id = u.enterprise_id
WHERE u.username = $1

-- name: session_place_is_known
SELECT EXISTS (SELECT FROM login_place WHERE enterprise_id = $1 AND user_id = $2 AND place = $3 AND seen_at >= $4)

-- Failures are counted twice: for the account from this place, and, with the address '', for the account from
-- everywhere that it has not signed in from within the hour.
-- name: session_failures_get
SELECT address, failures, locked_until, failed_at
FROM login_failure
WHERE username_sha256 = $1 AND address IN ($2, '')

-- name: session_failures_ensure
INSERT INTO login_failure (username_sha256, address, failures, locked_until, failed_at)
VALUES ($1, '', 0, $3, $3), ($1, $2, 0, $3, $3)
ON CONFLICT (username_sha256, address) DO NOTHING

-- name: session_failures_lock
SELECT address, failures, locked_until, failed_at
FROM login_failure
WHERE username_sha256 = $1 AND address IN ($2, '')
ORDER BY address
FOR UPDATE

-- name: session_failures_set
UPDATE login_failure SET failures = $3, locked_until = $4, failed_at = $5 WHERE username_sha256 = $1 AND address = $2

-- name: session_failures_forgive
DELETE FROM login_failure WHERE username_sha256 = $1 AND address = $2

-- name: session_failures_forget
DELETE FROM login_failure WHERE username_sha256 = $1

-- name: session_rehash
UPDATE app_user SET password_phc = $4 WHERE enterprise_id = $1 AND id = $2 AND password_phc = $3

-- name: session_account_add
-- An administrator of his group: such accounts come before any role.
INSERT INTO app_user (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only,
    super_admin, group_administrator, created_at, password_expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, $9, $10)

-- name: session_alarm_add
INSERT INTO alarm (enterprise_id, id, raised_at, ended_at, kind, device_id, detail)
VALUES ($1, $2, $3, $3, 'CERTIFICATE_REFUSED', $4, $5)
