-- Employees. Kinds are the numbers of smartpass.v1.PersonKind; $2 is always org_scope's: the groups that the caller
-- sees, NULL for all.

-- Of many groups the index is no help and the planner's look at each a burden: "+ 0" keeps both away (see pass_wanted).
-- part: employee_wanted
FROM person p
WHERE p.enterprise_id = $1 AND p.kind = 1
    AND ($2::bigint[] IS NULL OR cardinality($2) <= 32 AND p.group_id = ANY ($2)
        OR cardinality($2) > 32 AND p.group_id + 0 = ANY ($2))
    AND ($3::text = '' OR strpos(lower(p.name), lower($3)) > 0 OR strpos(lower(p.number), lower($3)) > 0
        OR $3 IN (p.card_number, p.phone))
    AND ($4::bigint = 0 OR $4 > 0 AND p.section_id = $4 OR $4 = -1 AND p.section_id IS NULL)

-- name: employee_list
SELECT p.id, p.number, p.name, p.group_id, p.phone, p.card_number, p.notes, p.photo_id, p.created_at, p.updated_at,
    (SELECT count(*) FROM device_person d
     WHERE d.enterprise_id = p.enterprise_id AND d.person_id = p.id AND d.present),
    p.section_id
-- use: employee_wanted
    AND ($5::boolean OR (p.number, p.id) > ($6::text, $7::bigint))
ORDER BY p.number, p.id
LIMIT $8::integer OFFSET $9::integer

-- name: employee_count
SELECT count(*)
FROM (
    SELECT
    -- use: employee_wanted
    LIMIT 10001
) AS capped

-- The same when nothing is asked for, of the whole enterprise and of groups: planned once and for all (see pass_count_all).
-- name: employee_count_all
SELECT count(*) FROM (SELECT FROM person WHERE enterprise_id = $1 AND kind = 1 LIMIT 10001) AS capped

-- name: employee_count_groups
SELECT count(*)
FROM (
    SELECT
    FROM person
    WHERE enterprise_id = $1 AND kind = 1 AND group_id = ANY ((SELECT $2::bigint[])::bigint[])
    LIMIT 10001
) AS capped

-- name: employee_get
SELECT p.id, p.number, p.name, p.group_id, p.phone, p.card_number, p.notes, p.photo_id, p.created_at, p.updated_at,
    (SELECT count(*) FROM device_person d
     WHERE d.enterprise_id = p.enterprise_id AND d.person_id = p.id AND d.present),
    p.section_id
FROM person p
WHERE p.enterprise_id = $1 AND p.kind = 1 AND ($2::bigint[] IS NULL OR p.group_id = ANY ($2)) AND p.id = $3

-- name: employee_lock
SELECT photo_id, name, number, card_number
FROM person
WHERE enterprise_id = $1 AND kind = 1 AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3
FOR UPDATE

-- Whether somebody else has the number or the card.
-- name: person_taken
SELECT EXISTS (SELECT FROM person WHERE enterprise_id = $1 AND kind = 1 AND number = $2 AND id <> $4),
    EXISTS (SELECT FROM person WHERE enterprise_id = $1 AND card_number = $3 AND $3 <> '' AND kind IN (1, 2) AND id <> $4)

-- name: employee_add
INSERT INTO person (enterprise_id, id, kind, group_id, number, name, phone, card_number, notes, photo_id, created_at,
    updated_at, section_id)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, NULL, $9, $9, $10)

-- name: employee_set
UPDATE person
SET group_id = $3, number = $4, name = $5, phone = $6, card_number = $7, notes = $8, updated_at = $9,
    section_id = $10
WHERE enterprise_id = $1 AND id = $2

-- name: person_set_photo
UPDATE person SET photo_id = $3 WHERE enterprise_id = $1 AND id = $2

-- name: photo_add
INSERT INTO photo (enterprise_id, id, person_id, blob_id, thumbnail_blob_id, template_blob_id, engine, width, height,
    uploaded_by, created_at, expires_at)
VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: photo_lock_unclaimed
SELECT blob_id, thumbnail_blob_id, template_blob_id
FROM photo
WHERE enterprise_id = $1 AND id = $2 AND person_id IS NULL AND expires_at > $3 AND uploaded_by = $4
FOR UPDATE

-- name: photo_claim
UPDATE photo
SET person_id = $3, blob_id = $4, thumbnail_blob_id = $5, template_blob_id = $6, expires_at = NULL
WHERE enterprise_id = $1 AND id = $2

-- The picture, its thumbnail and its template go with the row.
-- name: photo_remove
WITH gone AS (
    DELETE FROM photo WHERE enterprise_id = $1 AND id = $2 RETURNING blob_id, thumbnail_blob_id, template_blob_id
)
DELETE FROM blob
WHERE enterprise_id = $1
    AND id IN (SELECT blob_id FROM gone UNION ALL SELECT thumbnail_blob_id FROM gone
        UNION ALL SELECT template_blob_id FROM gone)

-- A photo is seen by whoever sees its person, and until somebody claims it, by whoever uploaded it ($4).
-- name: photo_find
SELECT f.blob_id, f.thumbnail_blob_id
FROM photo f
LEFT JOIN person p ON p.enterprise_id = f.enterprise_id AND p.id = f.person_id
WHERE f.enterprise_id = $1 AND f.id = $3
    AND ((p.id IS NOT NULL AND ($2::bigint[] IS NULL OR p.group_id = ANY ($2)))
        OR (f.person_id IS NULL AND f.uploaded_by = $4 AND f.expires_at > $5))
