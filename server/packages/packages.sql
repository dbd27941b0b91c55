-- Packages and rollouts, for the console. States are the numbers of smartpass.v1.RolloutState and RolloutDeviceState; $2 of a
-- rollout's statements is org_scope's: the groups that the caller sees, NULL for all.

-- ---- Packages --------------------------------------------------------------------------------------------------------

-- name: package_list
SELECT p.id, p.version, p.model, p.notes, p.size, p.sha256, p.key_name, p.created_at, p.uploaded_by, p.version_number,
       EXISTS (SELECT FROM rollout r
               WHERE r.enterprise_id = p.enterprise_id AND r.package_id = p.id AND r.state IN (1, 2))
FROM package p
WHERE p.enterprise_id = $1::bigint
  AND ($2::text = '' OR strpos(lower(p.version), lower($2)) > 0 OR strpos(lower(p.model), lower($2)) > 0
       OR strpos(lower(p.notes), lower($2)) > 0)
  AND ($3::boolean OR (p.version_number, p.id) < ($4::bigint, $5::bigint))
  AND ($7::bigint = 0 OR p.id = $7)
ORDER BY p.version_number DESC, p.id DESC
LIMIT $6::integer OFFSET $8::integer;

-- name: package_count
SELECT count(*)
FROM package p
WHERE p.enterprise_id = $1::bigint
  AND ($2::text = '' OR strpos(lower(p.version), lower($2)) > 0 OR strpos(lower(p.model), lower($2)) > 0
       OR strpos(lower(p.notes), lower($2)) > 0);

-- name: package_add
INSERT INTO package (enterprise_id, id, version, version_number, model, notes, size, sha256, file_size, file_sha256, key_name,
                     created_at, uploaded_by)
VALUES ($1::bigint, $2::bigint, $3::text, $4::bigint, $5::text, $6::text, $7::bigint, $8::bytea, $9::bigint, $10::bytea,
        $11::text, $12::timestamptz, $13::text)
ON CONFLICT (enterprise_id, version_number, model) DO NOTHING;

-- Held, so that it stays while a rollout of it begins; and the other way round.
-- name: package_hold
SELECT version, version_number, model FROM package WHERE enterprise_id = $1::bigint AND id = $2::bigint FOR SHARE;

-- name: package_lock
SELECT version, model FROM package WHERE enterprise_id = $1::bigint AND id = $2::bigint FOR UPDATE;

-- name: package_delete
DELETE FROM package p
WHERE p.enterprise_id = $1::bigint AND p.id = $2::bigint
  AND NOT EXISTS (SELECT FROM rollout r
                  WHERE r.enterprise_id = p.enterprise_id AND r.package_id = p.id AND r.state IN (1, 2));

-- ---- Rollouts --------------------------------------------------------------------------------------------------------

-- Those of the wanted terminals that the caller sees, or all of the groups when $3 is NULL; in an order that says nothing about
-- where they are, so that a stage is a sample.
-- name: rollout_targets
SELECT id
FROM device
WHERE enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND deleted_at IS NULL
  AND ($3::bigint[] IS NULL OR id = ANY ($3))
ORDER BY md5(id::text), id
LIMIT $4::integer;

-- name: rollout_add
INSERT INTO rollout (enterprise_id, id, package_id, version, version_number, model, state, stages, stage, stop_percent, force,
                     operator, created_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4::text, $5::bigint, $6::text, 1, $7::smallint[], 0, $8::smallint, $9::boolean,
        $10::text, $11::timestamptz);

-- name: rollout_add_devices
INSERT INTO rollout_device (enterprise_id, rollout_id, device_id, stage, state, reason, received, forgiven, updated_at)
SELECT $1::bigint, $2::bigint, t.device_id, t.stage, 1, '', 0, false, $5::timestamptz
FROM unnest($3::bigint[], $4::smallint[]) AS t (device_id, stage);

-- With the counts of the terminals that the caller sees; one without any is none of his.
-- name: rollout_list
SELECT r.id, r.package_id, r.version, r.model, r.state, array_to_string(r.stages, ','), r.stage, r.stop_percent, r.force,
       r.operator, r.created_at, r.ended_at, c.devices, c.waiting, c.working, c.done, c.failed, c.skipped
FROM rollout r
     CROSS JOIN LATERAL (
        SELECT count(*) AS devices, count(*) FILTER (WHERE x.state = 1) AS waiting,
               count(*) FILTER (WHERE x.state IN (2, 3)) AS working, count(*) FILTER (WHERE x.state = 4) AS done,
               count(*) FILTER (WHERE x.state = 5) AS failed, count(*) FILTER (WHERE x.state = 6) AS skipped
        FROM rollout_device x JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
        WHERE x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id
          AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))) c
WHERE r.enterprise_id = $1::bigint AND c.devices > 0 AND ($3::boolean OR r.id < $4::bigint) AND ($6::bigint = 0 OR r.id = $6)
ORDER BY r.id DESC
LIMIT $5::integer OFFSET $7::integer;

-- name: rollout_count
SELECT count(*)
FROM rollout r
WHERE r.enterprise_id = $1::bigint
  AND EXISTS (SELECT FROM rollout_device x JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
              WHERE x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id
                AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)));

-- Only one whose terminals the caller all sees.
-- name: rollout_hold
SELECT r.state, r.version
FROM rollout r
WHERE r.enterprise_id = $1::bigint AND r.id = $3::bigint
  AND NOT EXISTS (SELECT FROM rollout_device x JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
                  WHERE x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id
                    AND NOT ($2::bigint[] IS NULL OR d.group_id = ANY ($2)))
FOR UPDATE OF r;

-- name: rollout_go_on
WITH forgiven AS (
    UPDATE rollout_device SET forgiven = true WHERE enterprise_id = $1::bigint AND rollout_id = $2::bigint AND state = 5
)
UPDATE rollout SET state = 1 WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- Those that install finish.
-- name: rollout_cancel
WITH given_up AS (
    UPDATE rollout_device SET state = 6, reason = 'CANCELLED', updated_at = $3::timestamptz
    WHERE enterprise_id = $1::bigint AND rollout_id = $2::bigint AND state IN (1, 2)
)
UPDATE rollout SET state = 4, ended_at = $3::timestamptz WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- name: rollout_device_list
SELECT x.device_id, d.name, x.state, x.reason, x.received, x.stage, x.updated_at, s.software_version, coalesce(p.file_size, 0)
FROM rollout_device x
     JOIN rollout r ON r.enterprise_id = x.enterprise_id AND r.id = x.rollout_id
     JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
     JOIN device_status s ON s.enterprise_id = x.enterprise_id AND s.device_id = x.device_id
     LEFT JOIN package p ON p.enterprise_id = r.enterprise_id AND p.id = r.package_id
WHERE x.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND x.rollout_id = $3::bigint
  AND ($4::smallint = 0 OR x.state = $4)
  AND ($5::boolean OR (x.stage, x.device_id) > ($6::bigint, $7::bigint))
ORDER BY x.stage, x.device_id
LIMIT $8::integer OFFSET $9::integer;

-- name: rollout_device_count
SELECT count(*)
FROM rollout_device x JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
WHERE x.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND x.rollout_id = $3::bigint
  AND ($4::smallint = 0 OR x.state = $4);
