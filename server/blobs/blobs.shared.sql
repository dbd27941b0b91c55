-- name: blob_key_get
SELECT id, wrapped
FROM blob_key
WHERE enterprise_id = $1 AND owner = $2

-- name: blob_key_add
INSERT INTO blob_key (enterprise_id, id, owner, wrapped, created_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (enterprise_id, owner) DO NOTHING

-- name: blob_add
INSERT INTO blob (enterprise_id, id, key_id, segment, place, sealed_length, length, sha256, created_at)
SELECT $1, u.*, $9
FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[], $8::bytea[]) AS u

-- name: blob_get
SELECT b.segment, b.place, b.sealed_length, b.length, b.sha256, k.id, k.owner, k.wrapped
FROM blob b
JOIN blob_key k ON k.enterprise_id = b.enterprise_id AND k.id = b.key_id
WHERE b.enterprise_id = $1 AND b.id = $2

-- Without the key, what lies in the segments is noise.
-- name: blob_erase
WITH key AS (
    SELECT id FROM blob_key WHERE enterprise_id = $1 AND owner = $2
), gone AS (
    DELETE FROM blob WHERE enterprise_id = $1 AND key_id IN (SELECT id FROM key)
)
DELETE FROM blob_key WHERE enterprise_id = $1 AND owner = $2
