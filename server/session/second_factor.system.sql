-- Signing in with a second factor, while nobody is signed in yet.

-- Whoever raises it has the code; another server that was given the same finds it raised.
-- name: second_factor_step_take
UPDATE app_user SET totp_last_step = $3
WHERE enterprise_id = $1 AND id = $2 AND totp_last_step < $3

-- name: second_factor_code_take
DELETE FROM recovery_code WHERE enterprise_id = $1 AND user_id = $2 AND code_mac = $3
