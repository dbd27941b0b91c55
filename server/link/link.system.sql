-- What the link asks of the database; every statement names the enterprise that the certificate proved.

-- What a terminal says of itself when it comes; its model too, which belongs to the terminal.
-- name: link_hello
WITH called AS (
    UPDATE device SET model = $11::text
    WHERE enterprise_id = $1::bigint AND id = $2::bigint AND $11 <> '' AND model <> $11
)
UPDATE device_status
SET connected_at = $3::timestamptz, clock_skew_ms = $10::bigint, people_capacity = $12::integer,
    connected = true, last_seen_at = $3::timestamptz, store_epoch = greatest(store_epoch, $4::integer), address = $5::text,
    software_version = $6::text, engine = $7::text, people_count = $8::integer, photo_count = $9::integer
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- What Welcome says of the terminal, and how far its feed has come. A change that was sent but never confirmed is sent
-- again: hence the lowest unconfirmed revision. $3 is the certificate that opened the stream: it may have been revoked
-- since. Without a row, the terminal was given to another enterprise.
-- name: link_welcome
SELECT d.name, e.name, e.time_zone, coalesce(f.revision, 0),
       coalesce((SELECT min(p.revision) FROM device_person p
                 WHERE p.enterprise_id = d.enterprise_id AND p.device_id = d.id
                   AND p.confirmed_revision < p.revision), 0),
       EXISTS (SELECT FROM device_certificate c WHERE c.serial = $3::text AND c.revoked_at IS NULL),
       d.deleted_at IS NOT NULL, coalesce(d.wipe_order, 0),
       d.approved_at IS NULL
FROM device d
     JOIN enterprise e ON e.id = d.enterprise_id
     LEFT JOIN device_feed f ON f.enterprise_id = d.enterprise_id AND f.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.id = $2::bigint;

-- name: link_wiped
UPDATE device SET wipe_order = NULL WHERE enterprise_id = $1::bigint AND id = $2::bigint AND wipe_order = $3::bigint;

-- Whether there is anything to be told, and whether the stream may go on; and the photo that somebody wants, whether the
-- terminal still waits, and the version of its pass display and whether it reported that one, so that a look need not ask by
-- itself.
-- name: link_settings
SELECT settings_version,
       EXISTS (SELECT FROM device_certificate c WHERE c.serial = $3::text AND c.revoked_at IS NULL),
       deleted_at IS NOT NULL,
       coalesce((SELECT k.id FROM capture k WHERE k.enterprise_id = device.enterprise_id AND k.device_id = device.id
                                              AND k.state IN (1, 2, 3)), 0),
       approved_at IS NULL, coalesce(display_plan.version, 0), coalesce(display_plan.reported_version = display_plan.version, true)
FROM device LEFT JOIN display_plan ON display_plan.enterprise_id = device.enterprise_id AND display_plan.device_id = device.id
WHERE device. enterprise_id = $1::bigint AND id = $2::bigint;

-- Whoever has an identity or card that the blacklist names goes out as one of the blacklist himself: deny wins, wherever he
-- was granted.
-- name: link_feed
SELECT p.revision, p.person_id, p.present AND n.id IS NOT NULL,
       CASE WHEN EXISTS (SELECT FROM person x
                         WHERE x.enterprise_id = n.enterprise_id AND x.kind = 3 AND x.identity_number <> ''
                           AND x.identity_number = n.identity_number)
              OR EXISTS (SELECT FROM person x
                         WHERE x.enterprise_id = n.enterprise_id AND x.kind = 3 AND x.card_number <> ''
                           AND x.card_number = n.card_number)
            THEN 3 ELSE coalesce(n.kind, 0) END,
       coalesce(n.name, ''),
       coalesce(n.number, ''), coalesce(n.card_number, ''), p.valid_from, p.valid_until, coalesce(h.engine, ''),
       coalesce(h.template_blob_id, 0), b.sha256, coalesce(b.length, 0)
FROM device_person p
     LEFT JOIN person n ON n.enterprise_id = p.enterprise_id AND n.id = p.person_id
     LEFT JOIN photo h ON h.enterprise_id = n.enterprise_id AND h.id = n.photo_id
     LEFT JOIN blob b ON b.enterprise_id = h.enterprise_id AND b.id = h.blob_id
WHERE p.enterprise_id = $1::bigint AND p.device_id = $2::bigint AND p.revision > $3::bigint
ORDER BY p.revision
LIMIT $4::integer;

-- An outcome counts for the revision that it names, and never takes back a later one.
-- name: link_outcomes
UPDATE device_person p
SET confirmed_revision = o.revision, failure = o.failure, updated_at = $6::timestamptz
FROM unnest($3::bigint[], $4::bigint[], $5::smallint[]) AS o (revision, person_id, failure)
WHERE p.enterprise_id = $1::bigint AND p.device_id = $2::bigint AND p.person_id = o.person_id
  AND p.revision = o.revision;

-- name: link_person_photo
SELECT h.blob_id
FROM device_person p
     JOIN person n ON n.enterprise_id = p.enterprise_id AND n.id = p.person_id
     JOIN photo h ON h.enterprise_id = n.enterprise_id AND h.id = n.photo_id
     JOIN blob b ON b.enterprise_id = h.enterprise_id AND b.id = h.blob_id
WHERE p.enterprise_id = $1::bigint AND p.device_id = $2::bigint AND p.person_id = $3::bigint AND p.present
  AND b.sha256 = $4::bytea;

-- name: link_snapshot_of
SELECT r.id, coalesce(r.person_id, 0), coalesce(r.snapshot_sha256, ''::bytea),
       (r.occurred_at AT TIME ZONE e.time_zone)::date::text,
       EXISTS (SELECT FROM pass_snapshot s WHERE s.enterprise_id = r.enterprise_id AND s.device_id = r.device_id
                                             AND s.epoch = r.epoch AND s.seq = r.seq)
FROM pass_record r JOIN enterprise e ON e.id = r.enterprise_id
WHERE r.enterprise_id = $1::bigint AND r.device_id = $2::bigint AND r.epoch = $3::integer AND r.seq = $4::bigint;

-- Whether the person is there, and not erased until this transaction ends: of somebody who was, no picture is kept.
-- name: link_snapshot_person
SELECT FROM person WHERE enterprise_id = $1::bigint AND id = $2::bigint FOR KEY SHARE;

-- name: link_snapshot_add
INSERT INTO pass_snapshot (enterprise_id, device_id, epoch, seq, blob_id)
VALUES ($1::bigint, $2::bigint, $3::integer, $4::bigint, $5::bigint)
ON CONFLICT DO NOTHING;

-- Signs of life of many terminals at once; NULL where a terminal has not said yet on this stream. One that was gathered before its terminal left must not bring it back.
-- name: link_seen
UPDATE device_status s
SET connected = true, last_seen_at = o.seen_at, unsent_records = coalesce(o.unsent, s.unsent_records), people_count = o.people,
    photo_count = o.photos, unsent_snapshots = coalesce(o.snapshots, s.unsent_snapshots),
    free_bytes = coalesce(o.free, s.free_bytes), total_bytes = coalesce(o.total, s.total_bytes),
    last_error = coalesce(o.error, s.last_error)
FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::integer[], $6::integer[], $7::bigint[],
            $8::bigint[], $9::bigint[], $10::text[])
     AS o (enterprise_id, device_id, seen_at, unsent, people, photos, snapshots, free, total, error)
WHERE s.enterprise_id = o.enterprise_id AND s.device_id = o.device_id
  AND (s.connected OR o.seen_at > s.last_seen_at);

-- name: link_left
UPDATE device_status SET connected = false, last_seen_at = $3::timestamptz
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- Terminals whose feed, settings or pass display lie ahead of what they confirmed, that were not told yet of a photo that somebody wants,
-- that were accepted or deleted or whose certificate was revoked: what a lost notification would have said. One that waits
-- is behind by nothing that it could get.
-- name: link_behind
SELECT d.id
FROM unnest($1::bigint[], $2::text[], $3::boolean[]) AS t (device_id, certificate, waiting)
     JOIN device d ON d.id = t.device_id
WHERE d.deleted_at IS NOT NULL OR t.waiting <> (d.approved_at IS NULL)
   OR d.approved_at IS NOT NULL AND (
       EXISTS (SELECT FROM device_setting g WHERE g.enterprise_id = d.enterprise_id AND g.device_id = d.id
                                              AND g.reported_version < g.version)
       OR EXISTS (SELECT FROM device_person p WHERE p.enterprise_id = d.enterprise_id AND p.device_id = d.id
                                               AND p.confirmed_revision < p.revision)
       OR EXISTS (SELECT FROM display_plan y WHERE y.enterprise_id = d.enterprise_id AND y.device_id = d.id
                                               AND y.reported_version < y.version)
       OR EXISTS (SELECT FROM capture k WHERE k.enterprise_id = d.enterprise_id AND k.device_id = d.id AND k.state = 1))
   OR NOT EXISTS (SELECT FROM device_certificate c WHERE c.serial = t.certificate AND c.revoked_at IS NULL);

-- An enterprise that is being deleted takes no more terminals, and its deletion waits for those that are coming in.
-- name: link_enrol_enterprise
SELECT FROM enterprise WHERE id = $1::bigint AND deleting_at IS NULL FOR SHARE;

-- And whether group $3, the account's, is the terminal's or lies above it.
-- name: link_enrol_find
SELECT d.id, EXISTS (
    WITH RECURSIVE above AS (
        SELECT d.group_id AS id
        UNION
        SELECT g.parent_id FROM above a JOIN org_group g ON g.enterprise_id = $1::bigint AND g.id = a.id
    )
    SELECT FROM above WHERE id = $3::bigint
)
FROM device d
WHERE d.enterprise_id = $1::bigint AND d.serial_number = $2::text AND d.deleted_at IS NULL
FOR UPDATE OF d;

-- It waits when the enterprise's policy says so.
-- name: link_enrol_device
INSERT INTO device (enterprise_id, id, group_id, serial_number, name, mac, model, created_at, approved_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4::text, $5::text, $6::text, $7::text, $8::timestamptz,
        (SELECT CASE WHEN NOT e.device_approval THEN $8 END FROM enterprise e WHERE e.id = $1));

-- name: link_enrol_status
INSERT INTO device_status (enterprise_id, device_id, connected, store_epoch, address, software_version, engine,
                           people_count, photo_count, unsent_records)
VALUES ($1::bigint, $2::bigint, false, 1, '', '', '', 0, 0, 0);

-- name: link_enrol_feed
INSERT INTO device_feed (enterprise_id, device_id, revision) VALUES ($1::bigint, $2::bigint, 0);

-- name: link_enrol_again
UPDATE device SET mac = $3::text, model = $4::text WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- name: link_enrol_raise_epoch
UPDATE device_status SET store_epoch = store_epoch + 1
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint
RETURNING store_epoch;

-- Whoever revokes or deletes the terminal waits, or was here before: then its certificate says so.
-- name: link_renew_hold
SELECT FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL FOR SHARE;

-- name: link_renew_check
SELECT FROM device_certificate WHERE serial = $1::text AND revoked_at IS NULL;

-- name: link_revoke_certificates
UPDATE device_certificate SET revoked_at = $3::timestamptz
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND revoked_at IS NULL;

-- Told to whoever holds the terminal's stream, when this transaction commits.
-- name: link_enrol_notify
SELECT pg_notify('smartpass_device', $1::bigint::text);

-- name: link_add_certificate
INSERT INTO device_certificate (serial, enterprise_id, device_id, issued_at, expires_at)
VALUES ($1::text, $2::bigint, $3::bigint, $4::timestamptz, $5::timestamptz);
