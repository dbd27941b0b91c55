-- Commands, for whoever holds the terminal's stream. States are the numbers of smartpass.v1.CommandState; 1 and 2 have
-- not ended.

-- What has to go out on a stream that began at $3: what never went out and still has time, and what went out on a former
-- stream without a word of the terminal, even when its time is over: then the terminal says whether it had it.
-- name: command_take
WITH sent AS (
    UPDATE device_command SET told_at = $4::timestamptz
    WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND state = 1
      AND CASE WHEN told_at IS NULL THEN expires_at > $4 ELSE told_at < $3::timestamptz END
    RETURNING id, kind, sign_out, expires_at
)
SELECT id, kind, sign_out, expires_at FROM sent ORDER BY id;

-- name: command_hold
SELECT state, reason, kind
FROM device_command
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND id = $3::bigint
FOR UPDATE;

-- name: command_advance
UPDATE device_command
SET state = $3::smallint, reason = $4::text, received_at = coalesce(received_at, $5::timestamptz),
    ended_at = CASE WHEN $3 IN (1, 2) THEN NULL ELSE coalesce(ended_at, $6::timestamptz) END
WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- Of these terminals, those that were not told yet.
-- name: command_waiting
SELECT DISTINCT device_id
FROM device_command
WHERE device_id = ANY ($1::bigint[]) AND state = 1 AND told_at IS NULL AND expires_at > $2::timestamptz;

-- ---- A reset that is done ----

-- Whoever changes settings waits for this row.
-- name: command_hold_settings
SELECT FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint FOR UPDATE;

-- The settings of the arrays (key, number, text) have their factory value from here on, each as a change of its own, so that
-- a terminal which was given the former ones meanwhile hears of it.
-- name: command_reset_settings
WITH due AS (
    SELECT s.key, f.number, f.text, row_number() OVER (ORDER BY s.key) AS place
    FROM device_setting s
         JOIN unnest($3::smallint[], $4::bigint[], $5::text[]) AS f (key, number, text) ON f.key = s.key
    WHERE s.enterprise_id = $1::bigint AND s.device_id = $2::bigint
), raised AS (
    UPDATE device SET settings_version = settings_version + (SELECT count(*) FROM due)
    WHERE enterprise_id = $1 AND id = $2
    RETURNING settings_version - (SELECT count(*) FROM due) AS former
)
UPDATE device_setting s
SET version = raised.former + due.place, edit = 0, number = due.number, text = due.text, refused = ''
FROM due, raised
WHERE s.enterprise_id = $1 AND s.device_id = $2 AND s.key = due.key;

-- name: command_settings_notify
SELECT pg_notify('smartpass_device', $1::bigint::text);

-- ---- Time ----

-- name: command_sweep_expired
UPDATE device_command SET state = 5, ended_at = expires_at
WHERE state = 1 AND told_at IS NULL AND expires_at <= $1::timestamptz;

-- Those that went out, and of which nothing was heard for so long.
-- name: command_sweep_left
UPDATE device_command SET state = 4, reason = 'DEVICE_LEFT', ended_at = $2::timestamptz
WHERE state IN (1, 2) AND expires_at <= $1::timestamptz;

-- name: command_sweep_old
DELETE FROM device_command WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM device_command WHERE created_at < $1::timestamptz LIMIT 10000));
