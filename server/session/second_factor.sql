-- The second factor of the caller's own account, or of one whom he may take it off.

-- name: second_factor_get
SELECT totp_sealed, totp_confirmed_at IS NOT NULL
FROM app_user
WHERE enterprise_id = $1 AND id = $2

-- name: second_factor_start
UPDATE app_user SET totp_sealed = $3, totp_last_step = 0
WHERE enterprise_id = $1 AND id = $2 AND totp_confirmed_at IS NULL

-- Of the secret that the code was of, and of no other that came between.
-- name: second_factor_confirm
UPDATE app_user SET totp_confirmed_at = $3, totp_last_step = $4
WHERE enterprise_id = $1 AND id = $2 AND totp_confirmed_at IS NULL AND totp_sealed = $5

-- name: second_factor_remove
UPDATE app_user SET totp_sealed = NULL, totp_confirmed_at = NULL, totp_last_step = 0
WHERE enterprise_id = $1 AND id = $2

-- name: second_factor_codes_add
INSERT INTO recovery_code (enterprise_id, user_id, code_mac)
SELECT $1, $2, unnest($3::bytea[])

-- name: second_factor_codes_remove
DELETE FROM recovery_code WHERE enterprise_id = $1 AND user_id = $2
