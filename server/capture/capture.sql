-- Captures, for whoever asks for them. States are the numbers of smartpass.v1.CaptureState; 1, 2 and 3 have not ended.

-- The terminal, whether it is online and whether it waits; it stays where it is until the transaction ends. $2 is org_scope's: the groups
-- that the caller sees, NULL for all. $4: a sign of life counts that is younger.
-- name: capture_device
SELECT d.name, s.connected AND s.last_seen_at > $4::timestamptz, d.approved_at IS NULL
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.id = $3::bigint
  AND d.deleted_at IS NULL
FOR SHARE OF d;

-- Those of a terminal that ran out of time, before another one begins.
-- name: capture_end_late
UPDATE capture SET state = 5, reason = 'TIMED_OUT'
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND state IN (1, 2, 3) AND expires_at <= $3::timestamptz;

-- Nothing is returned when the terminal is taking another one.
-- name: capture_add
INSERT INTO capture (enterprise_id, id, device_id, user_id, state, reason, created_at, expires_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4::bigint, 1, '', $5::timestamptz, $6::timestamptz)
ON CONFLICT (enterprise_id, device_id) WHERE state IN (1, 2, 3) DO NOTHING
RETURNING id;

-- The photo is named for as long as it can be claimed.
-- name: capture_get
SELECT c.id, c.device_id, d.name, c.state, c.expires_at, c.reason, p.id, p.width, p.height, p.expires_at
FROM capture c
     JOIN device d ON d.enterprise_id = c.enterprise_id AND d.id = c.device_id
     LEFT JOIN photo p ON p.enterprise_id = c.enterprise_id AND p.id = c.photo_id AND p.uploaded_by = c.user_id
                      AND p.person_id IS NULL AND p.expires_at > $4::timestamptz
WHERE c.enterprise_id = $1::bigint AND c.id = $2::bigint AND c.user_id = $3::bigint;

-- name: capture_end
UPDATE capture SET state = $4::smallint, reason = $5::text
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND user_id = $3::bigint AND state IN (1, 2, 3);

-- Told to whoever holds the terminal's stream, when this transaction commits.
-- name: capture_notify
SELECT pg_notify('smartpass_device', $1::bigint::text);
