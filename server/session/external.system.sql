-- Signing in at an identity provider: its settings, sign-ins under way, and the accounts that come from it.

-- name: external_provider_get
SELECT provider, secret_sealed FROM identity_provider

-- name: external_provider_set
INSERT INTO identity_provider (one, provider, secret_sealed)
VALUES (true, $1, $2)
ON CONFLICT (one) DO UPDATE SET provider = excluded.provider, secret_sealed = excluded.secret_sealed

-- What a mapping names must belong together.
-- name: external_place_get
SELECT EXISTS (SELECT FROM enterprise WHERE id = $1 AND deleting_at IS NULL),
    EXISTS (SELECT FROM org_group WHERE enterprise_id = $1 AND id = $2 AND deleted_at IS NULL),
    EXISTS (SELECT FROM role WHERE enterprise_id = $1 AND id = $3)

-- name: external_logins_sweep
DELETE FROM external_login WHERE expires_at < $1

-- How many are under way, and how many of them from one address.
-- name: external_logins_count
SELECT count(*), count(*) FILTER (WHERE address = $1) FROM external_login

-- name: external_login_add
INSERT INTO external_login (state_sha256, binding_sha256, nonce, verifier, redirect_uri, address, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: external_login_take
DELETE FROM external_login
WHERE state_sha256 = $1
RETURNING binding_sha256, nonce, verifier, redirect_uri, expires_at

-- name: external_account_find
SELECT enterprise_id, id, username, group_id, role_id, group_administrator, disabled_at IS NOT NULL
FROM app_user
WHERE external_issuer = $1 AND external_subject = $2
FOR UPDATE

-- name: external_username_exists
SELECT EXISTS (SELECT FROM app_user WHERE username = $1)

-- name: external_account_add
-- Without a password: no password fits the empty hash.
INSERT INTO app_user (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only,
    super_admin, created_at, display_name, group_administrator, role_id, external_issuer, external_subject,
    last_login_at)
VALUES ($1, $2, $3, $4, '', false, false, false, $5, $6, $7, $8, $9, $10, $5)

-- name: external_account_follow
UPDATE app_user SET group_id = $3, group_administrator = $4, role_id = $5, last_login_at = $6
WHERE enterprise_id = $1 AND id = $2

-- name: external_account_remove
DELETE FROM app_user WHERE enterprise_id = $1 AND id = $2
