-- The subtree of the caller's group, parents before children. UNION drops repeats, so even a circle would end.
-- name: org_groups_list
WITH RECURSIVE tree AS (
    SELECT id, parent_id, name, 0 AS depth
    FROM org_group
    WHERE enterprise_id = $1 AND id = $2
    UNION
    SELECT g.id, g.parent_id, g.name, t.depth + 1
    FROM tree t
    JOIN org_group g ON g.enterprise_id = $1 AND g.parent_id = t.id
    WHERE t.depth < 32
)
SELECT id, parent_id, name FROM tree ORDER BY depth, name LIMIT 10000
