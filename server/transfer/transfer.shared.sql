-- Files and their rows: handlers and operations write them alike.

-- name: transfer_file_add
INSERT INTO transfer_file (enterprise_id, id, kind, made, name, size, owner_user_id, operation_id, created_at, expires_at)
VALUES ($1::bigint, $2::bigint, $3::smallint, $4::boolean, $5::text, $6::bigint, $7::bigint, $8::bigint, $9::timestamptz,
        $10::timestamptz);

-- name: transfer_file_find
SELECT kind, made, name, size, owner_user_id, operation_id, created_at, expires_at
FROM transfer_file
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND expires_at > $3::timestamptz;

-- name: transfer_file_sum
SELECT coalesce(sum(size), 0)::bigint FROM transfer_file WHERE enterprise_id = $1::bigint;

-- One operation alone works on an upload.
-- name: transfer_file_engage
UPDATE transfer_file SET operation_id = $3::bigint
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND operation_id IS NULL;

-- name: transfer_file_drop
DELETE FROM transfer_file WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- What an earlier run of the same operation made.
-- name: transfer_file_drop_earlier
DELETE FROM transfer_file
WHERE enterprise_id = $1::bigint AND operation_id = $2::bigint AND made AND id <> $3::bigint;

-- The groups at and below $2, parents first and siblings together.
-- name: transfer_groups
WITH RECURSIVE tree AS (
    SELECT id, parent_id, name, 0 AS depth
    FROM org_group
    WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL
    UNION
    SELECT g.id, g.parent_id, g.name, t.depth + 1
    FROM tree t JOIN org_group g ON g.enterprise_id = $1 AND g.parent_id = t.id AND g.deleted_at IS NULL
    WHERE t.depth < 32
)
SELECT id, coalesce(parent_id, 0), name FROM tree ORDER BY depth, parent_id, name;
