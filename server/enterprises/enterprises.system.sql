-- Enterprises as the super administrator sees them: beyond the one that he belongs to, so all of it is the system's.

-- An enterprise is home when a super administrator belongs to it.
-- name: enterprise_list
SELECT e.id, e.name, e.time_zone,
       EXISTS (SELECT FROM app_user u WHERE u.enterprise_id = e.id AND u.super_admin),
       e.deleting_at IS NOT NULL,
       (SELECT u.username
        FROM app_user u JOIN org_group g ON g.enterprise_id = u.enterprise_id AND g.id = u.group_id
        WHERE u.enterprise_id = e.id AND u.group_administrator AND g.parent_id IS NULL
        ORDER BY u.id LIMIT 1),
       (SELECT count(*) FROM app_user u WHERE u.enterprise_id = e.id),
       (SELECT count(*) FROM device d WHERE d.enterprise_id = e.id AND d.deleted_at IS NULL),
       (SELECT count(*) FROM person p WHERE p.enterprise_id = e.id),
       e.created_at
FROM enterprise e
WHERE ($1::text = '' OR strpos(lower(e.name), lower($1)) > 0)
  AND ($2::bigint = 0 OR e.id = $2)
  AND ($3::boolean OR (e.name, e.id) > ($4::text, $5::bigint))
ORDER BY e.name, e.id
LIMIT $6::integer OFFSET $7::integer;

-- name: enterprise_count
SELECT count(*)
FROM (SELECT 1 FROM enterprise e WHERE $1::text = '' OR strpos(lower(e.name), lower($1)) > 0 LIMIT 10001) capped;

-- What speaks against an enterprise before it is written: $1 its id (0: a new one), $2 its name, $3 its zone, $4 its
-- administrator's user name. Names of the zone files that are no zones of the IANA are none of ours.
-- The database reads all those files for the list of names, so they are
-- not read for a zone that stays, nor for what cannot be one.
-- name: enterprise_objections
SELECT EXISTS (SELECT FROM enterprise WHERE name = $2::text AND id <> $1::bigint),
       CASE WHEN EXISTS (SELECT FROM enterprise WHERE id = $1 AND time_zone = $3::text) THEN false
            WHEN $3 !~ '^[A-Za-z][A-Za-z0-9_+/-]*$' THEN true
            ELSE NOT EXISTS (SELECT FROM pg_timezone_names
                             WHERE name = $3 AND name !~ '^(posix|right)/'
                               AND name NOT IN ('Factory', 'localtime', 'posixrules')) END,
       EXISTS (SELECT FROM app_user WHERE username = $4::text);

-- name: enterprise_lock
SELECT name, deleting_at IS NOT NULL, EXISTS (SELECT FROM app_user u WHERE u.enterprise_id = e.id AND u.super_admin),
       coalesce(deletion, 0)
FROM enterprise e
WHERE id = $1::bigint
FOR UPDATE OF e;

-- name: enterprise_update
UPDATE enterprise SET name = $2::text, time_zone = $3::text WHERE id = $1::bigint;

-- The root group goes by the enterprise's name until somebody gives it another one.
-- name: enterprise_rename_root
WITH renamed AS (
    UPDATE org_group SET name = $3::text
    WHERE enterprise_id = $1::bigint AND parent_id IS NULL AND name = $2::text
    RETURNING enterprise_id
)
UPDATE enterprise SET tree_version = tree_version + 1 WHERE id IN (SELECT enterprise_id FROM renamed);
