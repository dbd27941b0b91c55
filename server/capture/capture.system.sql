-- Captures, for whoever holds the terminal's stream. States are the numbers of smartpass.v1.CaptureState; 1, 2 and 3 have
-- not ended.

-- name: capture_open
SELECT id, user_id, state, expires_at
FROM capture
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND state IN (1, 2, 3) AND expires_at > $3::timestamptz;

-- name: capture_advance
UPDATE capture
SET state = $3::smallint, reason = $4::text, photo_id = $5::bigint
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND state IN (1, 2, 3) AND expires_at > $6::timestamptz
RETURNING id, user_id, state, expires_at;

-- name: capture_shown
UPDATE capture SET state = 2 WHERE enterprise_id = $1::bigint AND id = $2::bigint AND state = 1;

-- name: capture_sweep_late
UPDATE capture SET state = 5, reason = 'TIMED_OUT' WHERE state IN (1, 2, 3) AND expires_at <= $1::timestamptz;

-- name: capture_sweep_old
DELETE FROM capture WHERE expires_at < $1::timestamptz;
