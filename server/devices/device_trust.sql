-- Which terminals belong here: accepting, revoking, deleting, moving, replacing. Every transaction takes the terminals' locks
-- first and then those of their feeds, each in the order of the ids, as whoever grants takes the feeds'.

-- $2 is org_scope's: the groups that the caller sees, NULL for all. A terminal is online that gave a sign of life after $4.
-- Whoever only refers to the terminals meanwhile, as a grant does, is not held up.
-- name: device_lock
SELECT d.id, d.name, coalesce(s.connected AND s.last_seen_at > $4::timestamptz, false), d.approved_at IS NULL, d.group_id,
       d.section_id
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.id = ANY ($3::bigint[])
  AND d.deleted_at IS NULL
ORDER BY d.id
FOR NO KEY UPDATE OF d;

-- name: device_lock_feeds
SELECT FROM device_feed WHERE enterprise_id = $1::bigint AND device_id = ANY ($2::bigint[]) ORDER BY device_id FOR UPDATE;

-- Told to whoever holds the terminals' streams, when this transaction commits.
-- name: device_notify
SELECT pg_notify('smartpass_device', device::text) FROM unnest($1::bigint[]) AS device;

-- name: device_approve
UPDATE device SET approved_at = $3::timestamptz, approved_by = $4::bigint
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND approved_at IS NULL;

-- A deleted terminal that returns is told to wipe, so its certificates stay known.
-- name: device_revoke_certificates
UPDATE device_certificate SET revoked_at = $3::timestamptz
WHERE enterprise_id = $1::bigint AND device_id = ANY ($2::bigint[]) AND revoked_at IS NULL;

-- name: device_move
UPDATE device SET group_id = $3::bigint, section_id = $4::bigint
WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]);

-- ---- The end -----------------------------------------------------------------------------------------------------------

-- Without its feed a terminal can be given nobody any more: whoever is granting waits for this row, and then misses it.
-- name: device_delete_feeds
DELETE FROM device_feed WHERE enterprise_id = $1::bigint AND device_id = ANY ($2::bigint[]);

-- Receipts of people who were erased go on saying what these terminals confirmed, or that they never will.
-- name: device_delete_people
DELETE FROM device_person p
WHERE p.enterprise_id = $1::bigint AND p.device_id = ANY ($2::bigint[])
  AND NOT EXISTS (SELECT FROM erasure e WHERE e.enterprise_id = p.enterprise_id AND e.id = p.person_id);

-- name: device_delete
UPDATE device SET deleted_at = $3::timestamptz WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]);

-- ---- Another in its place: $2 is the broken one, $3 the one that waits ---------------------------------------------------

-- name: device_replace_device
UPDATE device n
SET name = o.name, place = o.place, group_id = o.group_id, section_id = o.section_id, approved_at = $4::timestamptz,
    approved_by = $5::bigint
FROM device o
WHERE n.enterprise_id = $1::bigint AND n.id = $3::bigint AND o.enterprise_id = $1 AND o.id = $2::bigint;

-- Everybody who is granted to the old one goes to the new one; whom it had been granted already, as he was to the old one.
-- name: device_replace_people
INSERT INTO device_person (enterprise_id, device_id, person_id, revision, present, valid_from, valid_until,
                           confirmed_revision, failure, granted_at, updated_at)
SELECT p.enterprise_id, f.device_id, p.person_id, f.revision + row_number() OVER (ORDER BY p.person_id), true, p.valid_from,
       p.valid_until, 0, 0, p.granted_at, $4::timestamptz
FROM device_person p JOIN device_feed f ON f.enterprise_id = p.enterprise_id AND f.device_id = $3::bigint
WHERE p.enterprise_id = $1::bigint AND p.device_id = $2::bigint AND p.present
ON CONFLICT (enterprise_id, device_id, person_id)
DO UPDATE SET revision = EXCLUDED.revision, present = true, valid_from = EXCLUDED.valid_from,
              valid_until = EXCLUDED.valid_until, failure = 0, granted_at = EXCLUDED.granted_at,
              updated_at = EXCLUDED.updated_at;

-- What the old one showed the new one shows: it has none of its own, because nobody could give it any while it waited. $4 is a
-- version that nobody had.
-- name: device_replace_plan
INSERT INTO display_plan AS p (enterprise_id, device_id, version, reported_version)
SELECT enterprise_id, $3::bigint, $4::bigint, 0 FROM display_plan WHERE enterprise_id = $1::bigint AND device_id = $2::bigint
ON CONFLICT (enterprise_id, device_id) DO UPDATE SET version = greatest(p.version + 1, excluded.version);

-- name: device_replace_displays
WITH people AS (
    UPDATE display_person SET device_id = $3::bigint WHERE enterprise_id = $1::bigint AND device_id = $2::bigint
)
UPDATE display
SET device_id = $3, version = $4::bigint, refused = ''
WHERE enterprise_id = $1 AND device_id = $2;

-- The last revision that was given out, after the rows have taken theirs.
-- name: device_replace_feed
UPDATE device_feed f
SET revision = greatest(f.revision, coalesce((SELECT max(p.revision) FROM device_person p
                                              WHERE p.enterprise_id = f.enterprise_id AND p.device_id = f.device_id), 0))
WHERE f.enterprise_id = $1::bigint AND f.device_id = $2::bigint;

-- ---- The enterprise's policy -------------------------------------------------------------------------------------------

-- name: device_policy_get
SELECT device_approval, offline_alarm_seconds, clock_alarm_seconds, backlog_alarm_records, certificate_alarm_days
FROM enterprise WHERE id = $1::bigint;

-- name: device_policy_set
UPDATE enterprise
SET device_approval = $2::boolean, offline_alarm_seconds = $3::integer, clock_alarm_seconds = $4::integer,
    backlog_alarm_records = $5::integer, certificate_alarm_days = $6::integer
WHERE id = $1::bigint;
