-- Erasing a person, and the receipts. $2 is org_scope's groups wherever a person or a receipt is looked for: those that
-- the caller sees, NULL for all.

-- From here on nobody grants, photographs or changes the person any more. $4 is the kind, 0 for any.
-- name: erasure_lock
SELECT kind, group_id, number, name, card_number, identity_number
FROM person
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint
    AND ($4::smallint = 0 OR kind = $4)
FOR UPDATE

-- What refers to the pictures under the owner's key goes before the key; how many there are.
-- name: erasure_pictures
WITH mine AS MATERIALIZED (
    SELECT b.id
    FROM blob_key k
    JOIN blob b ON b.enterprise_id = k.enterprise_id AND b.key_id = k.id
    WHERE k.enterprise_id = $1::bigint AND k.owner = $2::text
), snapshots AS (
    DELETE FROM pass_snapshot WHERE enterprise_id = $1 AND blob_id IN (SELECT id FROM mine)
), photos AS (
    DELETE FROM photo WHERE enterprise_id = $1 AND blob_id IN (SELECT id FROM mine)
)
SELECT count(*) FROM mine

-- Visitors whose host it was have none any more: the foreign key sees to that.
-- name: erasure_remove
DELETE FROM person WHERE enterprise_id = $1::bigint AND id = $2::bigint

-- The receipt of somebody of whom the database knows nothing any more has no group: the root's administrators see it.
-- name: erasure_add
INSERT INTO erasure (enterprise_id, id, kind, group_id, number, name, operator, pictures, erased_at, noted)
SELECT $1::bigint, $2::bigint, $3::smallint,
    coalesce($4::bigint, (SELECT id FROM org_group WHERE enterprise_id = $1 AND parent_id IS NULL)),
    $5::text, $6::text, $7::text, $8::integer, $9::timestamptz, $10::boolean
ON CONFLICT (enterprise_id, id) DO NOTHING

-- ---- Receipts ------------------------------------------------------------------------------------------------------

-- Terminals that have not confirmed; those that were deleted are waited for no longer.
-- name: erasure_list
SELECT e.id, e.kind, e.number, e.name, e.erased_at, e.operator, e.pictures, w.pending
FROM erasure e
CROSS JOIN LATERAL (
    SELECT count(*) AS pending
    FROM device_person p
    JOIN device d ON d.enterprise_id = p.enterprise_id AND d.id = p.device_id
    WHERE p.enterprise_id = e.enterprise_id AND p.person_id = e.id AND d.deleted_at IS NULL
        AND (p.confirmed_revision < p.revision OR p.present OR p.failure <> 0)) w
WHERE e.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR e.group_id = ANY ($2))
    AND ($3::text = '' OR strpos(lower(e.name), lower($3)) > 0 OR strpos(lower(e.number), lower($3)) > 0)
    AND (NOT $4::boolean OR w.pending > 0)
    AND ($5::boolean OR (e.erased_at, e.id) < ($6::timestamptz, $7::bigint))
ORDER BY e.erased_at DESC, e.id DESC
LIMIT $8::integer OFFSET $9::integer

-- name: erasure_count
SELECT count(*)
FROM (
    SELECT
    FROM erasure e
    WHERE e.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR e.group_id = ANY ($2))
        AND ($3::text = '' OR strpos(lower(e.name), lower($3)) > 0 OR strpos(lower(e.number), lower($3)) > 0)
        AND (NOT $4::boolean OR EXISTS (
            SELECT
            FROM device_person p
            JOIN device d ON d.enterprise_id = p.enterprise_id AND d.id = p.device_id
            WHERE p.enterprise_id = e.enterprise_id AND p.person_id = e.id AND d.deleted_at IS NULL
                AND (p.confirmed_revision < p.revision OR p.present OR p.failure <> 0)))
    LIMIT 10001
) AS capped

-- name: erasure_get
SELECT e.id, e.kind, e.number, e.name, e.erased_at, e.operator, e.pictures
FROM erasure e
WHERE e.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR e.group_id = ANY ($2)) AND e.id = $3::bigint

-- A terminal that the caller does not see is one without a name.
-- name: erasure_terminals
SELECT d.id, d.name, $2::bigint[] IS NULL OR d.group_id = ANY ($2), d.deleted_at IS NOT NULL,
    CASE WHEN p.confirmed_revision >= p.revision AND NOT p.present AND p.failure = 0 THEN p.updated_at END
FROM device_person p
JOIN device d ON d.enterprise_id = p.enterprise_id AND d.id = p.device_id
WHERE p.enterprise_id = $1::bigint AND p.person_id = $3::bigint
ORDER BY d.name, d.id

-- Terminals that have not confirmed yet, counted once for each of the people.
-- name: erasure_pending
SELECT count(*)
FROM device_person p
JOIN device d ON d.enterprise_id = p.enterprise_id AND d.id = p.device_id
JOIN erasure e ON e.enterprise_id = p.enterprise_id AND e.id = p.person_id
WHERE p.enterprise_id = $1::bigint AND p.person_id = ANY ($2::bigint[]) AND d.deleted_at IS NULL
    AND (p.confirmed_revision < p.revision OR p.present OR p.failure <> 0)
