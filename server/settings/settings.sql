-- Settings as the console gives and reads them. $1 is the enterprise, $2 the terminals.

-- ---- Giving ----------------------------------------------------------------------------------------------------------

-- Raises the versions of terminals by $3, in the order that everybody locks them in. $4 is a new name, or NULL.
-- name: settings_raise
WITH chosen AS (
    SELECT id FROM device
    WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]) AND deleted_at IS NULL
    ORDER BY id
    FOR NO KEY UPDATE
)
UPDATE device d
SET settings_version = d.settings_version + $3::integer, name = coalesce($4::text, d.name)
FROM chosen c
WHERE d.enterprise_id = $1 AND d.id = c.id;

-- The settings get the versions that were just raised to, in their order.
-- name: settings_write
INSERT INTO device_setting
SELECT d.enterprise_id, d.id, s.key, d.settings_version - cardinality($3::smallint[]) + s.place, 0, s.number, s.text, 0,
       0, '', ''
FROM device d
     CROSS JOIN unnest($3::smallint[], $4::bigint[], $5::text[]) WITH ORDINALITY AS s (key, number, text, place)
WHERE d.enterprise_id = $1::bigint AND d.id = ANY ($2::bigint[]) AND d.deleted_at IS NULL
ON CONFLICT (enterprise_id, device_id, key) DO UPDATE
SET version = excluded.version, edit = 0, number = excluded.number, text = excluded.text, refused = '';

-- Told to whoever holds the streams, when this transaction commits: "settings" and the terminal.
-- name: settings_notify
SELECT count(pg_notify('smartpass_device', 'settings ' || d.id)::text) FROM unnest($1::bigint[]) AS d (id);

-- ---- Reading ---------------------------------------------------------------------------------------------------------

-- name: settings_name
SELECT name FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- name: settings_of_devices
SELECT device_id, key, version, number, text, reported_version, reported_number, reported_text, refused <> ''
FROM device_setting
WHERE enterprise_id = $1::bigint AND device_id = ANY ($2::bigint[])
ORDER BY device_id;
