-- Settings as terminals hear of them and answer. $1 is the enterprise, $2 the terminal. Whoever changes rows locks the
-- terminal first.

-- The version that was given out last, and the lowest that was not confirmed; 0: all were.
-- name: settings_link_versions
SELECT d.settings_version,
       coalesce((SELECT min(s.version) FROM device_setting s
                 WHERE s.enterprise_id = d.enterprise_id AND s.device_id = d.id AND s.reported_version < s.version), 0)
FROM device d
WHERE d.enterprise_id = $1::bigint AND d.id = $2::bigint;

-- Above $3, a version that was never given out; $4 is how many settings there may be.
-- name: settings_link_raise_above
UPDATE device SET settings_version = $3::bigint + $4::integer
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND settings_version < $3;

-- name: settings_link_tell_anew
UPDATE device_setting s
SET version = $3::bigint + n.place, edit = 0
FROM (SELECT key, row_number() OVER (ORDER BY version, key) AS place
      FROM device_setting WHERE enterprise_id = $1::bigint AND device_id = $2::bigint) n
WHERE s.enterprise_id = $1 AND s.device_id = $2 AND s.key = n.key;

-- name: settings_link_next
SELECT key, version, edit, number, text
FROM device_setting
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND version > $3::bigint
ORDER BY version
LIMIT $4::integer;

-- What became of values that were sent. Of one that is not the latest any more it says only what is in force.
-- name: settings_link_confirm
WITH locked AS (
    SELECT id FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint FOR NO KEY UPDATE
)
UPDATE device_setting s
SET reported_version = o.version, reported_number = o.number, reported_text = o.text,
    refused = CASE WHEN o.version = s.version THEN o.refused ELSE s.refused END
FROM locked, unnest($3::smallint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
     AS o (key, version, number, text, refused)
WHERE s.enterprise_id = $1 AND s.device_id = locked.id AND s.key = o.key AND o.version > 0
  AND o.version BETWEEN s.reported_version AND s.version;

-- ---- What was changed at the terminal ----

-- name: settings_link_lock
SELECT settings_version, name FROM device
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL
FOR NO KEY UPDATE;

-- name: settings_link_kept
SELECT key, version, edit, number, text
FROM device_setting
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND key = ANY ($3::smallint[]);

-- $4 is a new name, or NULL.
-- name: settings_link_raise
UPDATE device SET settings_version = $3::bigint, name = coalesce($4::text, name)
WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- Those with an edit are in force at the terminal already.
-- name: settings_link_keep
INSERT INTO device_setting AS s
SELECT $1::bigint, $2::bigint, o.key, o.version, o.edit, o.number, o.text,
       CASE WHEN o.edit <> 0 THEN o.version ELSE 0 END, o.number, o.text, ''
FROM unnest($3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])
     AS o (key, version, edit, number, text)
ON CONFLICT (enterprise_id, device_id, key) DO UPDATE
SET version = excluded.version, edit = excluded.edit, number = excluded.number, text = excluded.text, refused = '',
    reported_version = greatest(s.reported_version, excluded.reported_version),
    reported_number = CASE WHEN excluded.edit <> 0 THEN excluded.number ELSE s.reported_number END,
    reported_text = CASE WHEN excluded.edit <> 0 THEN excluded.text ELSE s.reported_text END;
