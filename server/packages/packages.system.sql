-- Packages, for whoever holds terminals' streams, and for the sweep. States are the numbers of smartpass.v1.RolloutState and
-- RolloutDeviceState.

-- name: package_known
SELECT id FROM package WHERE id = ANY ($1::bigint[]);

-- What a terminal is offered: of the newest rollout that wants something of it.
-- name: package_open_offer
SELECT r.id, r.package_id, r.version, p.file_size, p.file_sha256, r.force
FROM rollout_device x
     JOIN rollout r ON r.enterprise_id = x.enterprise_id AND r.id = x.rollout_id
     JOIN package p ON p.enterprise_id = r.enterprise_id AND p.id = r.package_id
     JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
WHERE x.enterprise_id = $1::bigint AND x.device_id = $2::bigint AND x.state IN (1, 2, 3)
  AND r.state = 1 AND x.stage <= r.stage AND d.deleted_at IS NULL AND d.approved_at IS NOT NULL
ORDER BY r.id DESC
LIMIT 1;

-- Nothing is updated when it is not offered any more. One that was on trial may have to begin anew.
-- name: package_progress
UPDATE rollout_device x
SET state = 2, received = $4::bigint, updated_at = $5::timestamptz
FROM rollout r
WHERE x.enterprise_id = $1::bigint AND x.rollout_id = $2::bigint AND x.device_id = $3::bigint AND x.state IN (1, 2, 3)
  AND r.enterprise_id = x.enterprise_id AND r.id = x.rollout_id AND r.state = 1;

-- The new version is on trial, whatever has become of the rollout meanwhile.
-- name: package_trying
UPDATE rollout_device SET state = 3, updated_at = $4::timestamptz
WHERE enterprise_id = $1::bigint AND rollout_id = $2::bigint AND device_id = $3::bigint AND state IN (1, 2, 6);

-- Its end, which counts once.
-- name: package_ended
UPDATE rollout_device SET state = $4::smallint, reason = $5::text, updated_at = $6::timestamptz
WHERE enterprise_id = $1::bigint AND rollout_id = $2::bigint AND device_id = $3::bigint AND state NOT IN (4, 5);
