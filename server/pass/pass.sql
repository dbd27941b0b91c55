-- Groups are org_scope's: those that the caller sees, NULL for all. A grant is seen by whoever sees both its person and its
-- terminal, a record by whoever sees the group that its terminal had.

-- ---- Grants --------------------------------------------------------------------------------------------------------

-- The state follows smartpass.v1.GrantState: on its way, on the device, failed, expired, being taken off. A person who has
-- been taken off is no grant any more. $5 is now.
-- name: grant_list
SELECT g.person_id, g.device_id, n.name, n.number, n.kind, d.name, g.valid_from, g.valid_until, g.state, g.failure,
       g.updated_at, coalesce(n.photo_id, 0), g.granted_at, n.group_id, d.group_id
FROM (SELECT *, CASE WHEN confirmed_revision < revision AND NOT present THEN 5
                     WHEN confirmed_revision < revision THEN 1
                     WHEN failure <> 0 THEN 3
                     WHEN valid_until <= $5::timestamptz THEN 4
                     ELSE 2 END AS state
      FROM device_person
      WHERE enterprise_id = $1::bigint AND (present OR confirmed_revision < revision)
        AND ($2::bigint = 0 OR person_id = $2) AND ($3::bigint = 0 OR device_id = $3)) g
     JOIN person n ON n.enterprise_id = g.enterprise_id AND n.id = g.person_id
     JOIN device d ON d.enterprise_id = g.enterprise_id AND d.id = g.device_id
WHERE ($4::smallint = 0 OR g.state = $4)
  AND ($6::text = '' OR strpos(lower(n.name), lower($6)) > 0 OR strpos(lower(n.number), lower($6)) > 0)
  AND ($7::boolean OR (g.granted_at, g.person_id, g.device_id) < ($8::timestamptz, $9::bigint, $10::bigint))
  AND ($11::bigint[] IS NULL OR g.person_id = ANY ($11))
  AND ($14::bigint[] IS NULL OR (n.group_id = ANY ($14) AND d.group_id = ANY ($14)))
ORDER BY g.granted_at DESC, g.person_id DESC, g.device_id DESC
LIMIT $12::integer OFFSET $13::integer;

-- name: grant_count
SELECT count(*)
FROM (SELECT 1
      FROM (SELECT *, CASE WHEN confirmed_revision < revision AND NOT present THEN 5
                           WHEN confirmed_revision < revision THEN 1
                           WHEN failure <> 0 THEN 3
                           WHEN valid_until <= $5::timestamptz THEN 4
                           ELSE 2 END AS state
            FROM device_person
            WHERE enterprise_id = $1::bigint AND (present OR confirmed_revision < revision)
              AND ($2::bigint = 0 OR person_id = $2) AND ($3::bigint = 0 OR device_id = $3)) g
           JOIN person n ON n.enterprise_id = g.enterprise_id AND n.id = g.person_id
      WHERE ($4::smallint = 0 OR g.state = $4)
        AND ($6::text = '' OR strpos(lower(n.name), lower($6)) > 0 OR strpos(lower(n.number), lower($6)) > 0)
        AND ($7::bigint[] IS NULL OR (n.group_id = ANY ($7)
             AND EXISTS (SELECT FROM device d WHERE d.enterprise_id = g.enterprise_id AND d.id = g.device_id
                                                AND d.group_id = ANY ($7))))
      LIMIT 10001) capped;

-- Takes the terminals' locks, in an order that everybody keeps, so that revisions become visible in their order.
-- name: feed_lock
SELECT f.device_id
FROM device_feed f JOIN device d ON d.enterprise_id = f.enterprise_id AND d.id = f.device_id
WHERE f.enterprise_id = $1::bigint AND f.device_id = ANY ($2::bigint[]) AND d.deleted_at IS NULL
  AND ($3::bigint[] IS NULL OR d.group_id = ANY ($3))
ORDER BY f.device_id
FOR UPDATE OF f;

-- name: feed_lock_all
SELECT f.device_id
FROM device_feed f JOIN device d ON d.enterprise_id = f.enterprise_id AND d.id = f.device_id
WHERE f.enterprise_id = $1::bigint AND d.deleted_at IS NULL
ORDER BY f.device_id
FOR UPDATE OF f;

-- name: grant_hold_people
SELECT
FROM person
WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]) AND ($3::bigint[] IS NULL OR group_id = ANY ($3))
ORDER BY id
FOR KEY SHARE;

-- name: grant_put
INSERT INTO device_person (enterprise_id, device_id, person_id, revision, present, valid_from, valid_until,
                           confirmed_revision, failure, granted_at, updated_at)
SELECT f.enterprise_id, f.device_id, n.id,
       f.revision + row_number() OVER (PARTITION BY f.device_id ORDER BY n.id), true, $4::timestamptz, $5::timestamptz,
       0, 0, $6::timestamptz, $6::timestamptz
FROM device_feed f CROSS JOIN person n
WHERE f.enterprise_id = $1::bigint AND f.device_id = ANY ($2::bigint[])
  AND n.enterprise_id = $1 AND n.id = ANY ($3::bigint[])
ON CONFLICT (enterprise_id, device_id, person_id)
DO UPDATE SET revision = EXCLUDED.revision, present = true, valid_from = EXCLUDED.valid_from,
              valid_until = EXCLUDED.valid_until, failure = 0, granted_at = EXCLUDED.granted_at,
              updated_at = EXCLUDED.updated_at;

-- name: grant_revoke
UPDATE device_person p
SET revision = r.revision, present = false, failure = 0, updated_at = $4::timestamptz
FROM (SELECT p2.device_id, p2.person_id,
             f.revision + row_number() OVER (PARTITION BY p2.device_id ORDER BY p2.person_id) AS revision
      FROM unnest($2::bigint[], $3::bigint[]) AS k (device_id, person_id)
           JOIN device_person p2 ON p2.enterprise_id = $1::bigint AND p2.device_id = k.device_id
                                AND p2.person_id = k.person_id AND p2.present
           JOIN device_feed f ON f.enterprise_id = $1 AND f.device_id = k.device_id
      WHERE $5::bigint[] IS NULL
         OR (EXISTS (SELECT FROM person n WHERE n.enterprise_id = $1 AND n.id = k.person_id AND n.group_id = ANY ($5))
             AND EXISTS (SELECT FROM device d WHERE d.enterprise_id = $1 AND d.id = k.device_id
                                                AND d.group_id = ANY ($5)))) r
WHERE p.enterprise_id = $1 AND p.device_id = r.device_id AND p.person_id = r.person_id;

-- Every terminal that has one of these people gets him again, because the data or the photo changed.
-- name: grant_devices_of_people
SELECT DISTINCT device_id
FROM device_person
WHERE enterprise_id = $1::bigint AND person_id = ANY ($2::bigint[]) AND present;

-- name: grant_touch
UPDATE device_person p
SET revision = r.revision, failure = 0, updated_at = $4::timestamptz
FROM (SELECT p2.device_id, p2.person_id,
             f.revision + row_number() OVER (PARTITION BY p2.device_id ORDER BY p2.person_id) AS revision
      FROM device_person p2
           JOIN device_feed f ON f.enterprise_id = p2.enterprise_id AND f.device_id = p2.device_id
      WHERE p2.enterprise_id = $1::bigint AND p2.person_id = ANY ($2::bigint[]) AND p2.present
        AND p2.device_id = ANY ($3::bigint[])) r
WHERE p.enterprise_id = $1 AND p.device_id = r.device_id AND p.person_id = r.person_id;

-- name: grant_end
UPDATE device_person p
SET revision = r.revision, present = false, failure = 0, updated_at = $4::timestamptz
FROM (SELECT p2.device_id, p2.person_id,
             f.revision + row_number() OVER (PARTITION BY p2.device_id ORDER BY p2.person_id) AS revision
      FROM device_person p2
           JOIN device_feed f ON f.enterprise_id = p2.enterprise_id AND f.device_id = p2.device_id
      WHERE p2.enterprise_id = $1::bigint AND p2.person_id = ANY ($2::bigint[]) AND p2.present
        AND p2.device_id = ANY ($3::bigint[])) r
WHERE p.enterprise_id = $1 AND p.device_id = r.device_id AND p.person_id = r.person_id;

-- At every terminal that has a feed, granted or not.
-- name: grant_forget
INSERT INTO device_person (enterprise_id, device_id, person_id, revision, present, confirmed_revision, failure, granted_at,
                           updated_at)
SELECT f.enterprise_id, f.device_id, $2::bigint, f.revision + 1, false, 0, 0, $3::timestamptz, $3
FROM device_feed f JOIN device d ON d.enterprise_id = f.enterprise_id AND d.id = f.device_id
WHERE f.enterprise_id = $1::bigint AND d.deleted_at IS NULL
ON CONFLICT (enterprise_id, device_id, person_id)
DO UPDATE SET revision = EXCLUDED.revision, present = false, failure = 0, updated_at = EXCLUDED.updated_at;

-- The last revision that was given out, after the rows have taken theirs.
-- name: feed_advance
UPDATE device_feed f
SET revision = m.revision
FROM (SELECT device_id, max(revision) AS revision FROM device_person
      WHERE enterprise_id = $1::bigint AND device_id = ANY ($2::bigint[]) GROUP BY device_id) m
WHERE f.enterprise_id = $1 AND f.device_id = m.device_id AND m.revision > f.revision;

-- Told to whoever holds the terminals' streams, when this transaction commits.
-- name: feed_notify
SELECT pg_notify('smartpass_device', device::text) FROM unnest($1::bigint[]) AS device;

-- ---- Records -------------------------------------------------------------------------------------------------------

-- $10 is org_scope's. One group's index gives its records in their order. Few groups are looked up in it. Of many it would
-- fetch every row from another place, and each costs the planner a look at its statistics: "+ 0" keeps both from them. The
-- planner knows the number of groups and sees one of the three alone.
-- part: pass_wanted
FROM pass_record r
WHERE r.enterprise_id = $1::bigint
  AND ($2::bigint = 0 OR r.device_id = $2)
  AND ($3::bigint = 0 OR r.person_id = $3)
  AND ($4::smallint = 0 OR r.kind = $4)
  AND ($5::smallint = 0 OR r.state = $5)
  AND ($6::smallint = 0 OR r.result = $6)
  AND ($7::timestamptz IS NULL OR r.occurred_at >= $7)
  AND ($8::timestamptz IS NULL OR r.occurred_at < $8)
  AND ($9::text = '' OR strpos(lower(r.person_name), lower($9)) > 0 OR strpos(lower(r.person_number), lower($9)) > 0)
  AND ($10::bigint[] IS NULL OR cardinality($10) = 1 AND r.group_id = $10[1]
       OR cardinality($10) BETWEEN 2 AND 32 AND r.group_id = ANY ($10)
       OR cardinality($10) > 32 AND r.group_id + 0 = ANY ($10))

-- The page is found first: what is joined to it does not make finding it harder to plan, and rows that are skipped are not
-- joined.
-- name: pass_list
SELECT r.id, r.occurred_at, r.received_at, r.device_id, d.name, r.group_id, r.kind, coalesce(r.person_id, 0),
       r.person_name, r.person_number, r.result, r.deny_reason, r.state, r.temperature_centi, r.threshold_centi,
       s.blob_id IS NOT NULL, coalesce(n.photo_id, 0), NOT r.clock_synced
FROM (SELECT *
      -- use: pass_wanted
        AND ($11::boolean OR (r.occurred_at, r.id) < ($12::timestamptz, $13::bigint))
      ORDER BY r.occurred_at DESC, r.id DESC
      LIMIT $14::integer OFFSET $15::integer) r
     JOIN device d ON d.enterprise_id = r.enterprise_id AND d.id = r.device_id
     LEFT JOIN person n ON n.enterprise_id = r.enterprise_id AND n.id = r.person_id
     LEFT JOIN pass_snapshot s ON s.enterprise_id = r.enterprise_id AND s.device_id = r.device_id
                              AND s.epoch = r.epoch AND s.seq = r.seq
ORDER BY r.occurred_at DESC, r.id DESC;

-- name: pass_count
SELECT count(*)
FROM (SELECT 1
      -- use: pass_wanted
      LIMIT 10001) capped;

-- The same when nothing is asked for, of the whole enterprise and of groups ($2). These two are planned once and for all: the
-- sub-select keeps even the number of groups from the planner.
-- name: pass_count_all
SELECT count(*) FROM (SELECT 1 FROM pass_record WHERE enterprise_id = $1::bigint LIMIT 10001) capped;

-- name: pass_count_groups
SELECT count(*)
FROM (SELECT 1
      FROM pass_record
      WHERE enterprise_id = $1::bigint AND group_id = ANY ((SELECT $2::bigint[])::bigint[])
      LIMIT 10001) capped;

-- name: pass_by_ids
SELECT r.id, r.occurred_at, r.received_at, r.device_id, d.name, r.group_id, r.kind, coalesce(r.person_id, 0),
       r.person_name, r.person_number, r.result, r.deny_reason, r.state, r.temperature_centi, r.threshold_centi,
       s.blob_id IS NOT NULL, coalesce(n.photo_id, 0), NOT r.clock_synced
FROM pass_record r
     JOIN device d ON d.enterprise_id = r.enterprise_id AND d.id = r.device_id
     LEFT JOIN person n ON n.enterprise_id = r.enterprise_id AND n.id = r.person_id
     LEFT JOIN pass_snapshot s ON s.enterprise_id = r.enterprise_id AND s.device_id = r.device_id
                              AND s.epoch = r.epoch AND s.seq = r.seq
WHERE r.enterprise_id = $1::bigint AND r.id = ANY ($2::bigint[])
ORDER BY r.id;

-- name: pass_snapshot_blob
SELECT s.blob_id, r.snapshot_sha256 IS NOT NULL,
       EXISTS (SELECT FROM erasure e WHERE e.enterprise_id = r.enterprise_id AND e.id = r.person_id)
FROM pass_record r
     LEFT JOIN pass_snapshot s ON s.enterprise_id = r.enterprise_id AND s.device_id = r.device_id
                              AND s.epoch = r.epoch AND s.seq = r.seq
WHERE r.enterprise_id = $1::bigint AND r.id = $2::bigint AND ($3::bigint[] IS NULL OR r.group_id = ANY ($3));
