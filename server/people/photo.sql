-- Photos. $2 is org_scope's: the groups that the caller sees, NULL for all.

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

-- A photo is seen by whoever sees its person and may view people of his kind ($6), and until somebody claims it, by
-- whoever uploaded it ($4).
-- name: photo_find
SELECT f.blob_id, f.thumbnail_blob_id
FROM photo f
LEFT JOIN person p ON p.enterprise_id = f.enterprise_id AND p.id = f.person_id
WHERE f.enterprise_id = $1 AND f.id = $3
    AND ((p.kind = ANY ($6::bigint[]) AND ($2::bigint[] IS NULL OR p.group_id = ANY ($2)))
        OR (f.person_id IS NULL AND f.uploaded_by = $4 AND f.expires_at > $5))

-- name: photo_template
SELECT template_blob_id, engine
FROM photo
WHERE enterprise_id = $1 AND id = $2 AND person_id IS NULL AND uploaded_by = $3

-- ---- Many at once --------------------------------------------------------------------------------------------------

-- One look into the index for each number, whatever the planner believes of how many people there are.
-- name: photo_bulk_find
SELECT wanted.number, found.id, found.is_seen
FROM unnest($3::text[]) AS wanted (number)
    CROSS JOIN LATERAL (SELECT p.id, $2::bigint[] IS NULL OR p.group_id = ANY ($2) AS is_seen
                        FROM person p
                        WHERE p.enterprise_id = $1::bigint AND p.kind = 1 AND p.number = wanted.number
                        LIMIT 1) AS found

-- name: photo_bulk_lock
SELECT id, photo_id
FROM person
WHERE enterprise_id = $1::bigint AND kind = 1 AND id = ANY ($3::bigint[]) AND ($2::bigint[] IS NULL OR group_id = ANY ($2))
ORDER BY id FOR NO KEY UPDATE

-- name: photo_bulk_set
WITH added AS (
    INSERT INTO photo (enterprise_id, id, person_id, blob_id, thumbnail_blob_id, template_blob_id, engine, width, height,
        uploaded_by, created_at)
    SELECT $1::bigint, t.*, $2::bigint, $3::timestamptz
    FROM unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::integer[],
        $11::integer[]) AS t
    RETURNING id, person_id
)
UPDATE person p
SET photo_id = a.id, updated_at = $3
FROM added a
WHERE p.enterprise_id = $1 AND p.id = a.person_id

-- name: photo_bulk_remove
WITH gone AS (
    DELETE FROM photo WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[])
    RETURNING blob_id, thumbnail_blob_id, template_blob_id
)
DELETE FROM blob
WHERE enterprise_id = $1
    AND id IN (SELECT blob_id FROM gone UNION ALL SELECT thumbnail_blob_id FROM gone
        UNION ALL SELECT template_blob_id FROM gone)

-- ---- Duplicates ----------------------------------------------------------------------------------------------------

-- The newest that people have, in ascending order.
-- name: duplicate_photos
SELECT id
FROM (SELECT f.id FROM photo f
      WHERE f.enterprise_id = $1::bigint AND f.person_id IS NOT NULL AND f.engine = $2::text
      ORDER BY f.id DESC LIMIT $3::integer) newest
ORDER BY id

-- name: duplicate_templates
SELECT id, template_blob_id
FROM photo
WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]) AND person_id IS NOT NULL

-- Whose photos these are, and whether the viewer may know: by his groups ($2) and the kinds that he may view ($4).
-- name: duplicate_owners
SELECT f.id, p.id, p.kind, p.number, p.name,
    p.kind = ANY ($4::bigint[]) AND ($2::bigint[] IS NULL OR p.group_id = ANY ($2))
FROM photo f JOIN person p ON p.enterprise_id = f.enterprise_id AND p.id = f.person_id AND p.photo_id = f.id
WHERE f.enterprise_id = $1::bigint AND f.id = ANY ($3::bigint[])
