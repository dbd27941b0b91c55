-- Lines of terminals' own logs. One that has come before is there already. Of a terminal that belongs to another enterprise
-- since, or to none, nothing is kept.

-- name: log_lines_add
INSERT INTO device_log (enterprise_id, device_id, id, epoch, number, happened_at, received_at, level, event, detail)
SELECT d.enterprise_id, d.id, o.id, $3::integer, o.number, o.happened_at, $4::timestamptz, o.level, o.event, o.detail
FROM device d
     CROSS JOIN unnest($5::bigint[], $6::bigint[], $7::timestamptz[], $8::smallint[], $9::text[], $10::text[])
                AS o (id, number, happened_at, level, event, detail)
WHERE d.enterprise_id = $1::bigint AND d.id = $2::bigint AND d.deleted_at IS NULL
ON CONFLICT DO NOTHING;

-- The latest $3 stay.
-- name: log_lines_trim
DELETE FROM device_log
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint
  AND id <= (SELECT id FROM device_log WHERE enterprise_id = $1 AND device_id = $2
             ORDER BY id DESC OFFSET $3::integer LIMIT 1);
