-- $2 is the moment after which a sign of life counts as online.
-- name: console_devices
SELECT count(*), count(*) FILTER (WHERE s.connected AND s.last_seen_at > $2::timestamptz)
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.deleted_at IS NULL;

-- name: console_ever
SELECT kind, sum(passes)::bigint, sum(abnormal)::bigint FROM pass_tally WHERE enterprise_id = $1::bigint GROUP BY kind;

-- Today in the enterprise's zone; $2 is now.
-- name: console_today
SELECT t.hour, t.kind, sum(t.passes)::bigint, sum(t.abnormal)::bigint
FROM pass_tally t JOIN enterprise e ON e.id = t.enterprise_id
WHERE t.enterprise_id = $1::bigint AND t.day = ($2::timestamptz AT TIME ZONE e.time_zone)::date
GROUP BY t.hour, t.kind;
