-- $2 is org_scope's wherever a group is looked at: the groups that the caller sees, NULL for all.

-- A terminal is online when a stream is open and it gave a sign of life within 60 seconds ($4 is that moment).
-- name: device_list
SELECT d.id, d.name, d.serial_number, d.group_id, s.connected AND s.last_seen_at > $4::timestamptz AS online,
       s.last_seen_at, s.address, d.mac, d.model, s.software_version, s.engine, s.people_count, s.photo_count,
       s.unsent_records, d.settings_version, d.created_at,
       (SELECT count(*) FROM device_person p WHERE p.enterprise_id = d.enterprise_id AND p.device_id = d.id
                                               AND p.confirmed_revision < p.revision),
       (SELECT max(c.expires_at) FROM device_certificate c WHERE c.enterprise_id = d.enterprise_id
                                                             AND c.device_id = d.id AND c.revoked_at IS NULL),
       d.section_id,
       d.place, d.approved_at IS NULL, s.clock_skew_ms, s.unsent_snapshots, s.free_bytes, s.total_bytes, s.last_error,
       s.people_capacity, s.connected_at
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.deleted_at IS NULL
  AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
  AND ($3::text = '' OR strpos(lower(d.name), lower($3)) > 0 OR $3 IN (d.serial_number, s.address, d.mac))
  AND ($5::smallint = 0 OR ($5 = 1) = (s.connected AND s.last_seen_at > $4))
  AND ($6::bigint = 0 OR d.id = $6)
  AND ($12::bigint = 0 OR coalesce(d.section_id, -1) = $12)
  AND (NOT $13::boolean OR d.approved_at IS NULL)
  AND ($7::boolean OR (d.name, d.id) > ($8::text, $9::bigint))
ORDER BY d.name, d.id
LIMIT $10::integer OFFSET $11::integer;

-- name: device_count
SELECT count(*), count(*) FILTER (WHERE online)
FROM (SELECT s.connected AND s.last_seen_at > $4::timestamptz AS online
      FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
      WHERE d.enterprise_id = $1::bigint AND d.deleted_at IS NULL
        AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
        AND ($3::text = '' OR strpos(lower(d.name), lower($3)) > 0 OR $3 IN (d.serial_number, s.address, d.mac))
        AND ($5::smallint = 0 OR ($5 = 1) = (s.connected AND s.last_seen_at > $4))
        AND ($6::bigint = 0 OR coalesce(d.section_id, -1) = $6)
        AND (NOT $7::boolean OR d.approved_at IS NULL)
      LIMIT 10001) capped;

-- name: device_place
UPDATE device
SET name = $4::text, group_id = $5::bigint, section_id = $6::bigint, place = $7::text
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint
  AND deleted_at IS NULL;
