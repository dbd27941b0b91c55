-- Screens, for whoever holds the terminal's stream.

-- For how long the screen of a terminal is wanted, in milliseconds; 0: nobody looks.
-- name: screen_wanted
SELECT coalesce(max(extract(epoch FROM until - clock_timestamp()) * 1000)::bigint, 0)
FROM screen_watch
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND until > clock_timestamp();

-- Every terminal that somebody looks at.
-- name: screen_watched
SELECT DISTINCT device_id FROM screen_watch WHERE until > clock_timestamp();

-- Nothing is kept that nobody looks at.
-- name: screen_keep
INSERT INTO screen_frame (enterprise_id, device_id, number, picture, shown_at)
SELECT $1::bigint, $2::bigint, $3::bigint, $4::bytea, $5::timestamptz
WHERE EXISTS (SELECT FROM screen_watch WHERE enterprise_id = $1 AND device_id = $2 AND until > clock_timestamp())
ON CONFLICT (enterprise_id, device_id)
DO UPDATE SET number = EXCLUDED.number, picture = EXCLUDED.picture, shown_at = EXCLUDED.shown_at;

-- name: screen_same
UPDATE screen_frame SET shown_at = $3::timestamptz WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- name: screen_forget
DELETE FROM screen_frame f
WHERE f.enterprise_id = $1::bigint AND f.device_id = $2::bigint
  AND NOT EXISTS (SELECT FROM screen_watch w WHERE w.enterprise_id = f.enterprise_id AND w.device_id = f.device_id
                                               AND w.until > clock_timestamp());

-- name: screen_sweep_watches
DELETE FROM screen_watch WHERE until < clock_timestamp() - interval '1 minute';

-- name: screen_sweep_frames
DELETE FROM screen_frame f
WHERE NOT EXISTS (SELECT FROM screen_watch w WHERE w.enterprise_id = f.enterprise_id AND w.device_id = f.device_id
                                               AND w.until > clock_timestamp());
