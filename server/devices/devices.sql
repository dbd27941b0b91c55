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
       d.section_id
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.deleted_at IS NULL
  AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
  AND ($3::text = '' OR strpos(lower(d.name), lower($3)) > 0 OR $3 IN (d.serial_number, s.address, d.mac))
  AND ($5::smallint = 0 OR ($5 = 1) = (s.connected AND s.last_seen_at > $4))
  AND ($6::bigint = 0 OR d.id = $6)
  AND ($12::bigint = 0 OR coalesce(d.section_id, -1) = $12)
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
      LIMIT 10001) capped;

-- name: device_place
UPDATE device
SET name = $4::text, group_id = $5::bigint, section_id = $6::bigint
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint
  AND deleted_at IS NULL;

-- name: device_lock
SELECT d.name, s.connected AND s.last_seen_at > $4::timestamptz
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.id = $3::bigint
  AND d.deleted_at IS NULL
FOR UPDATE OF d;

-- name: device_delete
UPDATE device SET deleted_at = $3::timestamptz WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- Without its feed a terminal can be given nobody any more: whoever is granting waits for this row, and then misses it.
-- name: device_delete_feed
DELETE FROM device_feed WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- Receipts of people who were erased go on saying what this terminal confirmed, or that it never will.
-- name: device_delete_people
DELETE FROM device_person p
WHERE p.enterprise_id = $1::bigint AND p.device_id = $2::bigint
  AND NOT EXISTS (SELECT FROM erasure e WHERE e.enterprise_id = p.enterprise_id AND e.id = p.person_id);

-- A deleted terminal that returns is told to wipe, so its certificates stay known.
-- name: device_revoke_certificates
UPDATE device_certificate SET revoked_at = $3::timestamptz
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND revoked_at IS NULL;

-- Told to whoever holds the terminal's stream, when this transaction commits.
-- name: device_notify
SELECT pg_notify('smartpass_device', $1::text);
