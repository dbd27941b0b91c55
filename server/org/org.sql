-- ---- The tree --------------------------------------------------------------------------------------------------------

-- The living groups at and below the caller's.
-- name: group_list
WITH RECURSIVE tree AS (
    SELECT id, parent_id, name, 0 AS depth
    FROM org_group
    WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL
    UNION
    SELECT g.id, g.parent_id, g.name, t.depth + 1
    FROM tree t JOIN org_group g ON g.enterprise_id = $1 AND g.parent_id = t.id AND g.deleted_at IS NULL
    WHERE t.depth < 32
)
SELECT id, parent_id, name FROM tree ORDER BY depth, name, id

-- Whoever changes the tree waits here for whoever does so already, so that two moves cannot make a circle.
-- name: tree_lock
UPDATE enterprise SET tree_version = tree_version + 1 WHERE id = $1::bigint

-- Graves among it, because records name them; with the version of what is read.
-- name: tree_read
SELECT id, coalesce(parent_id, 0), deleted_at IS NOT NULL, (SELECT tree_version FROM enterprise WHERE id = $1::bigint)
FROM org_group
WHERE enterprise_id = $1
ORDER BY id

-- name: group_get
SELECT id, parent_id, name FROM org_group WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL

-- name: group_add
INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES ($1::bigint, $2::bigint, $3::bigint, $4::text)

-- name: group_set
UPDATE org_group SET parent_id = $3::bigint, name = $4::text WHERE enterprise_id = $1::bigint AND id = $2::bigint

-- name: group_content
SELECT (SELECT count(*) FROM org_group
        WHERE enterprise_id = $1::bigint AND parent_id = $2::bigint AND deleted_at IS NULL),
       (SELECT count(*) FROM app_user WHERE enterprise_id = $1 AND group_id = $2),
       (SELECT count(*) FROM device WHERE enterprise_id = $1 AND group_id = $2 AND deleted_at IS NULL),
       (SELECT count(*) FROM section WHERE enterprise_id = $1 AND group_id = $2),
       (SELECT count(*) FROM app_user WHERE enterprise_id = $1 AND group_id = $2 AND group_administrator),
       count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2), count(*) FILTER (WHERE kind = 3)
FROM person
WHERE enterprise_id = $1 AND group_id = $2

-- Keeps the group from being deleted until whatever is put into it is committed.
-- name: group_hold
SELECT FROM org_group WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL FOR SHARE

-- ---- A group's end ---------------------------------------------------------------------------------------------------

-- Waits for whatever is being put into the group at the moment, so that it moves too.
-- name: group_bury
UPDATE org_group SET deleted_at = $3::timestamptz WHERE enterprise_id = $1::bigint AND id = $2::bigint

-- A child whose name a child of $3 has already.
-- name: group_find_collision
SELECT c.name
FROM org_group c
     JOIN org_group o ON o.enterprise_id = c.enterprise_id AND o.parent_id = $3::bigint AND o.name = c.name
                     AND o.id <> $2::bigint AND o.deleted_at IS NULL
WHERE c.enterprise_id = $1::bigint AND c.parent_id = $2 AND c.deleted_at IS NULL
ORDER BY c.name
LIMIT 1

-- Graves move with the living.
-- name: group_move_groups
UPDATE org_group SET parent_id = $3::bigint WHERE enterprise_id = $1::bigint AND parent_id = $2::bigint

-- name: group_move_users
UPDATE app_user SET group_id = $3::bigint WHERE enterprise_id = $1::bigint AND group_id = $2::bigint

-- name: group_move_devices
UPDATE device SET group_id = $3::bigint, section_id = NULL WHERE enterprise_id = $1::bigint AND group_id = $2::bigint

-- name: group_move_people
UPDATE person SET group_id = $3::bigint, section_id = NULL WHERE enterprise_id = $1::bigint AND group_id = $2::bigint

-- name: group_remove_sections
DELETE FROM section WHERE enterprise_id = $1::bigint AND group_id = $2::bigint

-- ---- Sections --------------------------------------------------------------------------------------------------------

-- $2 is org_scope's.
-- name: section_list
SELECT s.id, s.group_id, s.module, s.name
FROM section s JOIN org_group g ON g.enterprise_id = s.enterprise_id AND g.id = s.group_id
WHERE s.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR s.group_id = ANY ($2))
  AND ($3::smallint = 0 OR s.module = $3)
ORDER BY g.name, s.group_id, s.module, s.name

-- name: section_count
SELECT count(*) FROM section WHERE enterprise_id = $1::bigint

-- Nothing is put into it meanwhile.
-- name: section_lock
SELECT id, group_id, module, name
FROM section
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint
FOR UPDATE

-- name: section_add
INSERT INTO section (enterprise_id, id, group_id, module, name)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4::smallint, $5::text)

-- name: section_rename
UPDATE section SET name = $3::text WHERE enterprise_id = $1::bigint AND id = $2::bigint

-- name: section_empty_people
UPDATE person SET section_id = NULL
WHERE enterprise_id = $1::bigint AND group_id = $2::bigint AND section_id = $3::bigint

-- name: section_empty_devices
UPDATE device SET section_id = NULL
WHERE enterprise_id = $1::bigint AND group_id = $2::bigint AND section_id = $3::bigint

-- name: section_remove
DELETE FROM section WHERE enterprise_id = $1::bigint AND id = $2::bigint

-- name: section_is_there
SELECT FROM section
WHERE enterprise_id = $1::bigint AND group_id = $2::bigint AND id = $3::bigint AND module = $4::smallint
FOR KEY SHARE
