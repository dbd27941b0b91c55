-- Screens, for whoever looks. $2 of screen_device is org_scope's: the groups that the caller sees, NULL for all.

-- The terminal, whether it is online and whether it waits. $4: a sign of life counts that is younger.
-- name: screen_device
SELECT d.name, s.connected AND s.last_seen_at > $4::timestamptz, d.approved_at IS NULL
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.id = $3::bigint
  AND d.deleted_at IS NULL;

-- The terminals that somebody looks at.
-- name: screen_of_user
SELECT device_id FROM screen_watch WHERE enterprise_id = $1::bigint AND user_id = $2::bigint AND until > clock_timestamp();

-- What was shown to somebody before is nothing to whoever looks now.
-- name: screen_drop_old
DELETE FROM screen_frame f
WHERE f.enterprise_id = $1::bigint AND f.device_id = $2::bigint
  AND NOT EXISTS (SELECT FROM screen_watch w WHERE w.enterprise_id = f.enterprise_id AND w.device_id = f.device_id
                                               AND w.until > clock_timestamp());

-- name: screen_look
INSERT INTO screen_watch (enterprise_id, device_id, user_id, until)
VALUES ($1::bigint, $2::bigint, $3::bigint, clock_timestamp() + $4::integer * interval '1 millisecond')
ON CONFLICT (enterprise_id, device_id, user_id) DO UPDATE SET until = EXCLUDED.until;

-- Nothing is changed when he did not look in time.
-- name: screen_look_on
UPDATE screen_watch SET until = clock_timestamp() + $4::integer * interval '1 millisecond'
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND user_id = $3::bigint AND until > clock_timestamp();

-- name: screen_leave
DELETE FROM screen_watch WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND user_id = $3::bigint;

-- Without the picture when it is number $3, which the caller has.
-- name: screen_frame
SELECT number, CASE WHEN number <> $3::bigint THEN picture END, shown_at
FROM screen_frame
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- Told to whoever holds the terminal's stream, when this transaction commits.
-- name: screen_notify
SELECT pg_notify('smartpass_device', 'screen ' || $1::bigint);
