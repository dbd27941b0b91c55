-- Pass displays, for the console. $2 of a terminal's or people's statements is org_scope's: the groups that the caller sees, NULL
-- for all. Terminals are locked first, then people, then plans, each in the order of the ids.

-- ---- Reading ---------------------------------------------------------------------------------------------------------

-- Of a terminal that the caller sees; $4 is one of them, 0 for all.
-- name: display_list
SELECT s.id, s.device_id, s.strangers, s.seconds, s.width, s.height, s.refused, s.created_at, s.updated_at,
       p.reported_version >= s.version,
       (SELECT count(*) FROM display_person x WHERE x.enterprise_id = s.enterprise_id AND x.display_id = s.id), s.picture_id
FROM display s
     JOIN display_plan p ON p.enterprise_id = s.enterprise_id AND p.device_id = s.device_id
     JOIN device d ON d.enterprise_id = s.enterprise_id AND d.id = s.device_id
WHERE s.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND s.device_id = $3::bigint
  AND d.deleted_at IS NULL AND ($4::bigint = 0 OR s.id = $4)
ORDER BY s.id;

-- Those of kinds that the caller may view.
-- name: display_people
SELECT x.display_id, n.id, n.kind, n.name, n.number
FROM display_person x JOIN person n ON n.enterprise_id = x.enterprise_id AND n.id = x.person_id
WHERE x.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR n.group_id = ANY ($2)) AND x.device_id = $3::bigint
  AND ($4::bigint = 0 OR x.display_id = $4) AND n.kind = ANY ($5::smallint[])
ORDER BY n.name, n.id;

-- name: display_find_device
SELECT FROM device
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint AND deleted_at IS NULL;

-- name: display_place
SELECT device_id FROM display WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- name: display_blob
SELECT s.blob_id
FROM display s JOIN device d ON d.enterprise_id = s.enterprise_id AND d.id = s.device_id
WHERE s.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND s.id = $3::bigint
  AND d.deleted_at IS NULL AND ($4::bigint = 0 OR s.picture_id = $4);

-- ---- Before writing --------------------------------------------------------------------------------------------------

-- It is not deleted, replaced or moved until the transaction ends.
-- name: display_device
SELECT d.name, d.approved_at IS NULL
FROM device d
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.id = $3::bigint
  AND d.deleted_at IS NULL
FOR SHARE;

-- Those of the wanted people who may be chosen; nobody of them is erased until the transaction ends. Whether the blacklist
-- names him, and whether display $5 was his before.
-- name: display_hold_people
SELECT n.id,
       EXISTS (SELECT FROM person b WHERE b.enterprise_id = n.enterprise_id AND b.kind = 3 AND b.identity_number <> ''
                                      AND b.identity_number = n.identity_number)
       OR EXISTS (SELECT FROM person b WHERE b.enterprise_id = n.enterprise_id AND b.kind = 3 AND b.card_number <> ''
                                         AND b.card_number = n.card_number),
       EXISTS (SELECT FROM display_person x WHERE x.enterprise_id = n.enterprise_id AND x.person_id = n.id
                                              AND x.display_id = $5::bigint)
FROM person n
WHERE n.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR n.group_id = ANY ($2)) AND n.id = ANY ($3::bigint[])
  AND n.kind = ANY ($4::smallint[]) AND n.kind IN (1, 2)
ORDER BY n.id
FOR KEY SHARE OF n;

-- Whoever comes second waits here.
-- name: display_plan_raise
INSERT INTO display_plan AS p (enterprise_id, device_id, version, reported_version)
VALUES ($1::bigint, $2::bigint, $3::bigint, 0)
ON CONFLICT (enterprise_id, device_id) DO UPDATE SET version = greatest(p.version + 1, excluded.version)
RETURNING version;

-- name: display_count
SELECT (SELECT count(*) FROM display s WHERE s.enterprise_id = $1::bigint AND s.device_id = $2::bigint),
       (SELECT count(*) FROM display_person x WHERE x.enterprise_id = $1 AND x.device_id = $2);

-- ---- Writing ---------------------------------------------------------------------------------------------------------

-- Others of the terminal lose those of these people, and strangers ($6), whom display $4 has from now on.
-- name: display_take_people
WITH taken AS (
    DELETE FROM display_person x
    WHERE x.enterprise_id = $1::bigint AND x.device_id = $2::bigint AND x.person_id = ANY ($5::bigint[]) AND x.display_id <> $4::bigint
    RETURNING display_id
)
UPDATE display s
SET version = $3::bigint, strangers = s.strangers AND NOT $6::boolean
WHERE s.enterprise_id = $1 AND s.device_id = $2 AND s.id <> $4
  AND (s.id IN (SELECT display_id FROM taken) OR (s.strangers AND $6));

-- name: display_add
INSERT INTO display (enterprise_id, id, device_id, strangers, seconds, picture_id, blob_id, width, height, version, refused,
                     created_at, updated_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4::boolean, $5::smallint, $6::bigint, $7::bigint, $8::integer, $9::integer, $10::bigint, '',
        $11::timestamptz, $11);

-- name: display_set
UPDATE display
SET strangers = $3::boolean, seconds = $4::smallint, version = $5::bigint, updated_at = $6::timestamptz
WHERE enterprise_id = $1::bigint AND id = $2::bigint
RETURNING picture_id;

-- name: display_set_picture
UPDATE display
SET picture_id = $3::bigint, blob_id = $4::bigint, width = $5::integer, height = $6::integer
WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- Those whom the caller sees; the others stay.
-- name: display_drop_people
DELETE FROM display_person x
USING person n
WHERE x.enterprise_id = $1::bigint AND x.display_id = $3::bigint AND n.enterprise_id = x.enterprise_id AND n.id = x.person_id
  AND ($2::bigint[] IS NULL OR n.group_id = ANY ($2)) AND n.kind = ANY ($4::smallint[]);

-- name: display_add_people
INSERT INTO display_person (enterprise_id, device_id, display_id, person_id)
SELECT $1::bigint, $2::bigint, $3::bigint, person FROM unnest($4::bigint[]) AS person
ON CONFLICT (enterprise_id, device_id, person_id) DO NOTHING;

-- name: display_delete
DELETE FROM display WHERE enterprise_id = $1::bigint AND id = $2::bigint RETURNING picture_id;

-- Told to whoever holds the terminal's stream, when this transaction commits.
-- name: display_notify
SELECT pg_notify('smartpass_device', $1::bigint::text);

-- ---- A person goes ---------------------------------------------------------------------------------------------------

-- name: display_lock_plans
SELECT p.device_id
FROM display_plan p
WHERE p.enterprise_id = $1::bigint
  AND p.device_id IN (SELECT x.device_id FROM display_person x WHERE x.enterprise_id = $1 AND x.person_id = $2::bigint)
ORDER BY p.device_id
FOR UPDATE;

-- name: display_forget_person
DELETE FROM display_person WHERE enterprise_id = $1::bigint AND person_id = $2::bigint RETURNING device_id, display_id;

-- What is left to nobody goes with its picture; $4 is a display that he had.
-- name: display_delete_empty
DELETE FROM display s
WHERE s.enterprise_id = $1::bigint AND s.id = $2::bigint AND NOT s.strangers
  AND NOT EXISTS (SELECT FROM display_person x WHERE x.enterprise_id = s.enterprise_id AND x.display_id = s.id)
RETURNING picture_id;

-- name: display_touch
UPDATE display SET version = $3::bigint WHERE enterprise_id = $1::bigint AND id = $2::bigint;
