-- name: org_enterprise_add
-- A zone that PostgreSQL does not know becomes NULL, which the table refuses.
INSERT INTO enterprise (id, name, time_zone, created_at)
VALUES ($1, $2, (SELECT name FROM pg_timezone_names WHERE name = $3), $4)

-- name: org_group_add_root
INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES ($1, $2, NULL, $3)

-- name: org_root_find
SELECT enterprise_id, id
FROM org_group
WHERE parent_id IS NULL AND ($1::bigint = 0 OR enterprise_id = $1)
ORDER BY enterprise_id
LIMIT 1
