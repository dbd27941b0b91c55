-- What moves rollouts on, for whoever starts one and for the reports of terminals. $1 is the enterprise, 0: all; $2 the rollout,
-- 0: all.

-- One at a time works on a rollout.
-- name: rollout_lock
SELECT id FROM rollout
WHERE ($1::bigint = 0 OR enterprise_id = $1) AND ($2::bigint = 0 OR id = $2) AND state = 1
ORDER BY enterprise_id, id
FOR UPDATE;

-- Terminals that are gone, are of another model, or have the version or a later one.
-- name: rollout_skip
UPDATE rollout_device x
SET state = 6, updated_at = $3::timestamptz,
    reason = CASE WHEN d.deleted_at IS NOT NULL THEN 'DELETED' WHEN r.model <> '' AND d.model <> r.model THEN 'OTHER_MODEL'
                  ELSE 'NOT_NEWER' END
FROM rollout r, device d, device_status s
WHERE ($1::bigint = 0 OR r.enterprise_id = $1) AND ($2::bigint = 0 OR r.id = $2) AND r.state = 1
  AND x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id AND x.state = 1
  AND d.enterprise_id = x.enterprise_id AND d.id = x.device_id
  AND s.enterprise_id = x.enterprise_id AND s.device_id = x.device_id
  AND (d.deleted_at IS NOT NULL OR (r.model <> '' AND d.model <> r.model)
       OR (NOT r.force AND s.software_version ~ '^[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}$'
           AND (split_part(s.software_version, '.', 1)::bigint << 32) + (split_part(s.software_version, '.', 2)::bigint << 16)
               + split_part(s.software_version, '.', 3)::bigint >= r.version_number));

-- One that was given to nobody any more: its end never comes.
-- name: rollout_lose
UPDATE rollout_device x
SET state = 6, updated_at = $3::timestamptz, reason = 'DELETED'
FROM rollout r, device d
WHERE ($1::bigint = 0 OR r.enterprise_id = $1) AND ($2::bigint = 0 OR r.id = $2) AND r.state = 1
  AND x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id AND x.state IN (2, 3)
  AND d.enterprise_id = x.enterprise_id AND d.id = x.device_id AND d.deleted_at IS NOT NULL;

-- name: rollout_stop
UPDATE rollout r
SET state = 2
WHERE ($1::bigint = 0 OR r.enterprise_id = $1) AND ($2::bigint = 0 OR r.id = $2) AND r.state = 1
  AND (SELECT count(*) FILTER (WHERE x.state = 5) * 100 > r.stop_percent * count(*)
       FROM rollout_device x
       WHERE x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id AND x.state IN (4, 5) AND NOT x.forgiven);

-- The next stage, when nobody who is online is at work on one that has begun. A terminal that restarts into a new version, or
-- whose download was cut, is given a while ($4). $3: a sign of life counts that is younger.
-- name: rollout_advance
UPDATE rollout r
SET stage = r.stage + 1
WHERE ($1::bigint = 0 OR r.enterprise_id = $1) AND ($2::bigint = 0 OR r.id = $2) AND r.state = 1
  AND r.stage + 1 < cardinality(r.stages)
  AND NOT EXISTS (
    SELECT FROM rollout_device x
         JOIN device d ON d.enterprise_id = x.enterprise_id AND d.id = x.device_id
         JOIN device_status s ON s.enterprise_id = x.enterprise_id AND s.device_id = x.device_id
    WHERE x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id AND x.stage <= r.stage AND x.state IN (1, 2, 3)
      AND ((s.connected AND s.last_seen_at > $3::timestamptz AND d.approved_at IS NOT NULL)
           OR (x.state IN (2, 3) AND x.updated_at > $4::timestamptz)));

-- name: rollout_finish
UPDATE rollout r
SET state = 3, ended_at = $3::timestamptz
WHERE ($1::bigint = 0 OR r.enterprise_id = $1) AND ($2::bigint = 0 OR r.id = $2) AND r.state = 1
  AND NOT EXISTS (SELECT FROM rollout_device x
                  WHERE x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id AND x.state IN (1, 2, 3));

-- Whoever holds the streams of those that are online and may begin, or have to stop, hears of it when this transaction commits.
-- name: rollout_notify
SELECT pg_notify('smartpass_device', 'package ' || x.device_id)
FROM rollout r
     JOIN rollout_device x ON x.enterprise_id = r.enterprise_id AND x.rollout_id = r.id AND x.stage <= r.stage
     JOIN device_status s ON s.enterprise_id = x.enterprise_id AND s.device_id = x.device_id
WHERE ($1::bigint = 0 OR r.enterprise_id = $1)
  AND (($2::bigint = 0 AND r.state = 1 AND x.state = 1) OR (r.id = $2 AND (x.state IN (1, 2) OR x.reason = 'CANCELLED')))
  AND s.connected AND s.last_seen_at > $3::timestamptz;
