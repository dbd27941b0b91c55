-- $2 is org_scope's wherever a group is looked at: the groups that the caller sees, NULL for all.

-- Those that a list wants. A terminal is online when a stream is open and it gave a sign of life within 60 seconds ($4 is that
-- moment). $8 is a DeviceCondition; its terminals are those that fleet_health of monitor.sql counts.
-- part: device_wanted
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.deleted_at IS NULL
  AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
  AND ($3::text = '' OR strpos(lower(d.name), lower($3)) > 0 OR $3 IN (d.serial_number, s.address, d.mac))
  AND ($5::smallint = 0 OR ($5 = 1) = (s.connected AND s.last_seen_at > $4::timestamptz))
  AND ($6::bigint = 0 OR coalesce(d.section_id, -1) = $6)
  AND (NOT $7::boolean OR d.approved_at IS NULL)
  AND ($9::text = '' OR s.software_version = $9)
  AND CASE $8::smallint
      WHEN 0 THEN true
      WHEN 1 THEN EXISTS (SELECT FROM device_setting t WHERE t.enterprise_id = d.enterprise_id AND t.device_id = d.id
                                                         AND t.reported_version < t.version)
      WHEN 2 THEN EXISTS (SELECT FROM device_setting t WHERE t.enterprise_id = d.enterprise_id AND t.device_id = d.id
                                                         AND t.refused <> '')
      WHEN 3 THEN coalesce((SELECT p.confirmed_revision < p.revision FROM device_person p
                            WHERE p.enterprise_id = d.enterprise_id AND p.device_id = d.id
                            ORDER BY p.revision DESC LIMIT 1), false)
      WHEN 4 THEN s.unsent_records > 0 OR s.unsent_snapshots > 0
      WHEN 5 THEN (SELECT count(*) FILTER (WHERE (t.key = 10 AND t.reported_number <> 1)
                                              OR (t.key = 22 AND t.reported_number = 1) OR t.key = 45) < 3
                       OR count(*) FILTER (WHERE t.key = 7 AND t.reported_number = 1) > 0
                   FROM device_setting t
                   WHERE t.enterprise_id = d.enterprise_id AND t.device_id = d.id AND t.key IN (7, 10, 22, 45)
                     AND t.reported_version > 0)
      WHEN 6 THEN EXISTS (SELECT FROM alarm a WHERE a.enterprise_id = d.enterprise_id AND a.device_id = d.id
                                                AND a.ended_at IS NULL)
      ELSE false
      END

-- name: device_list
SELECT d.id, d.name, d.serial_number, d.group_id, s.connected AND s.last_seen_at > $4 AS online,
       s.last_seen_at, s.address, d.mac, d.model, s.software_version, s.engine, s.people_count, s.photo_count,
       s.unsent_records, d.settings_version, d.created_at,
       (SELECT count(*) FROM device_person p WHERE p.enterprise_id = d.enterprise_id AND p.device_id = d.id
                                               AND p.confirmed_revision < p.revision),
       (SELECT max(c.expires_at) FROM device_certificate c WHERE c.enterprise_id = d.enterprise_id
                                                             AND c.device_id = d.id AND c.revoked_at IS NULL),
       d.section_id,
       d.place, d.approved_at IS NULL, s.clock_skew_ms, s.unsent_snapshots, s.free_bytes, s.total_bytes, s.last_error,
       s.people_capacity, s.connected_at
-- use: device_wanted
  AND ($10::bigint = 0 OR d.id = $10)
  AND ($11::boolean OR (d.name, d.id) > ($12::text, $13::bigint))
ORDER BY d.name, d.id
LIMIT $14::integer OFFSET $15::integer;

-- name: device_count
SELECT count(*), count(*) FILTER (WHERE online)
FROM (SELECT s.connected AND s.last_seen_at > $4 AS online
      -- use: device_wanted
      LIMIT 10001) capped;

-- name: device_place
UPDATE device
SET name = $4::text, group_id = $5::bigint, section_id = $6::bigint, place = $7::text
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint
  AND deleted_at IS NULL;
