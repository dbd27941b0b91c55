-- The list of erasures outside the database.

-- Another server may be at it.
-- name: erasure_to_note
SELECT enterprise_id, id, erased_at
FROM erasure
WHERE NOT noted
ORDER BY enterprise_id, id
LIMIT $1::integer
FOR UPDATE SKIP LOCKED

-- name: erasure_noted
UPDATE erasure e
SET noted = true
FROM unnest($1::bigint[], $2::bigint[]) AS l (enterprise_id, id)
WHERE e.enterprise_id = l.enterprise_id AND e.id = l.id

-- Every receipt, page by page.
-- name: erasure_page
SELECT enterprise_id, id, erased_at
FROM erasure
WHERE (enterprise_id, id) > ($1::bigint, $2::bigint)
ORDER BY enterprise_id, id
LIMIT $3::integer

-- Which of those on the list ($1, $2) are here again, or were never known to be gone. An enterprise that is being deleted
-- erases them itself.
-- name: erasure_undone
SELECT l.place
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS l (enterprise_id, id, place)
JOIN enterprise n ON n.id = l.enterprise_id AND n.deleting_at IS NULL
WHERE EXISTS (SELECT FROM person p WHERE p.enterprise_id = l.enterprise_id AND p.id = l.id)
    OR EXISTS (SELECT FROM blob_key k WHERE k.enterprise_id = l.enterprise_id AND k.owner = 'person:' || l.id)
    OR EXISTS (SELECT FROM audit_payload a WHERE a.enterprise_id = l.enterprise_id AND a.person_id = l.id)
    OR NOT EXISTS (SELECT FROM erasure e WHERE e.enterprise_id = l.enterprise_id AND e.id = l.id)
ORDER BY l.place
