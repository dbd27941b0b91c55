-- Pass displays, for whoever holds the terminal's stream.

-- Held, so that all that follows is of one version.
-- name: display_plan_hold
SELECT version FROM display_plan WHERE enterprise_id = $1::bigint AND device_id = $2::bigint FOR SHARE;

-- One that is nobody's is not for the terminal.
-- name: display_plan_pictures
SELECT s.id, b.sha256, b.length, s.seconds, s.strangers
FROM display s JOIN blob b ON b.enterprise_id = s.enterprise_id AND b.id = s.blob_id
WHERE s.enterprise_id = $1::bigint AND s.device_id = $2::bigint
  AND (s.strangers OR EXISTS (SELECT FROM display_person x WHERE x.enterprise_id = s.enterprise_id AND x.display_id = s.id))
ORDER BY s.id;

-- name: display_plan_owners
SELECT person_id, display_id
FROM display_person
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint
ORDER BY person_id;

-- name: display_plan_blob
SELECT s.blob_id, b.length
FROM display s JOIN blob b ON b.enterprise_id = s.enterprise_id AND b.id = s.blob_id
WHERE s.enterprise_id = $1::bigint AND s.device_id = $2::bigint AND s.id = $3::bigint AND b.sha256 = $4::bytea;

-- What a terminal says of version $3: which of its pictures ($4) it refuses, and why. It never takes back what was said of a
-- later one.
-- name: display_plan_report
WITH plan AS (
    UPDATE display_plan SET reported_version = $3::bigint
    WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND version >= $3 AND reported_version <= $3
    RETURNING reported_version
)
UPDATE display s
SET refused = coalesce((SELECT r.reason FROM unnest($4::bigint[], $5::text[]) AS r (id, reason) WHERE r.id = s.id LIMIT 1), '')
FROM plan
WHERE s.enterprise_id = $1 AND s.device_id = $2 AND s.version <= plan.reported_version;

-- Those of terminals that were deleted.
-- name: display_sweep
DELETE FROM display WHERE ctid = ANY (ARRAY(
    SELECT s.ctid FROM display s JOIN device d ON d.enterprise_id = s.enterprise_id AND d.id = s.device_id
    WHERE d.deleted_at IS NOT NULL
    LIMIT $1::integer
    FOR UPDATE OF s SKIP LOCKED))
RETURNING enterprise_id, picture_id;
