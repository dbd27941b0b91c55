-- What a user sees and changes of his own account.

-- name: account_get
SELECT u.username, u.display_name, e.name, g.name, coalesce(r.name, ''), u.totp_confirmed_at IS NOT NULL,
    (SELECT count(*) FROM recovery_code c WHERE c.enterprise_id = u.enterprise_id AND c.user_id = u.id),
    u.external_issuer IS NOT NULL, u.preferences
FROM app_user u
JOIN enterprise e ON e.id = u.enterprise_id
JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
LEFT JOIN role r ON r.enterprise_id = u.enterprise_id AND r.id = u.role_id
WHERE u.enterprise_id = $1 AND u.id = $2

-- name: account_set
UPDATE app_user SET display_name = $3, preferences = coalesce($4, preferences)
WHERE enterprise_id = $1 AND id = $2

-- name: account_sessions
SELECT id, created_at, last_seen_at, expires_at, address, user_agent
FROM session
WHERE enterprise_id = $1 AND user_id = $2 AND expires_at > $3 AND last_seen_at > $4
ORDER BY last_seen_at DESC, id DESC
LIMIT 200

-- name: account_session_remove
DELETE FROM session WHERE enterprise_id = $1 AND user_id = $2 AND id = $3
RETURNING address, user_agent

-- name: account_tokens
SELECT id, name, permissions, expires_at, created_at, last_used_at, last_used_address
FROM api_token
WHERE enterprise_id = $1 AND user_id = $2
ORDER BY name, id

-- The owner's row is held while his tokens are counted, so that two at once cannot both be the last that fits. Counting
-- is a statement of its own: it must see what was added while this one waited.
-- name: account_hold
SELECT FROM app_user WHERE enterprise_id = $1 AND id = $2 FOR NO KEY UPDATE

-- name: account_token_count
SELECT count(*) FROM api_token WHERE enterprise_id = $1 AND user_id = $2

-- name: account_token_add
INSERT INTO api_token (token_sha256, enterprise_id, id, user_id, name, permissions, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: account_token_remove
DELETE FROM api_token WHERE enterprise_id = $1 AND user_id = $2 AND id = $3
RETURNING name
