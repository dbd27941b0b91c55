-- $2 is org_scope's wherever a group is looked at: the groups that the caller sees, NULL for all.

-- ---- Alarms ----

-- Those of no terminal are for whoever sees the whole enterprise. $3: 1 for those that go on or that nobody has
-- acknowledged, 2 for the others, 0 for all.
-- part: alarm_wanted
FROM alarm a LEFT JOIN device d ON d.enterprise_id = a.enterprise_id AND d.id = a.device_id
WHERE a.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
  AND ($3::smallint = 0 OR ($3 = 1) = (a.acknowledged_at IS NULL OR a.ended_at IS NULL))
  AND ($4::text = '' OR a.kind = $4)
  AND ($5::bigint = 0 OR a.device_id = $5)

-- part: alarm_columns
SELECT a.id, a.kind, coalesce(a.device_id, 0), coalesce(d.name, ''), a.detail, a.raised_at, a.ended_at, a.acknowledged_at,
       a.acknowledged_by

-- $7 is in microseconds since 1970, as the last column is: a row is never skipped for a part of a millisecond.
-- name: alarm_list
-- use: alarm_columns
       , (extract(epoch FROM a.raised_at) * 1000000)::bigint
-- use: alarm_wanted
  AND ($6::boolean OR (a.raised_at, a.id) < ('epoch'::timestamptz + $7::bigint * interval '1 microsecond', $8::bigint))
ORDER BY a.raised_at DESC, a.id DESC
LIMIT $9::integer OFFSET $10::integer;

-- name: alarm_count
SELECT count(*)
FROM (SELECT 1
      -- use: alarm_wanted
      LIMIT 10001) capped;

-- name: alarm_acknowledge
UPDATE alarm a
SET acknowledged_at = $4::timestamptz, acknowledged_by = $5::text
WHERE a.enterprise_id = $1::bigint AND a.id = ANY ($3::bigint[]) AND a.acknowledged_at IS NULL
  AND ($2::bigint[] IS NULL OR EXISTS (SELECT FROM device d WHERE d.enterprise_id = a.enterprise_id AND d.id = a.device_id
                                                              AND d.group_id = ANY ($2)))
RETURNING a.id;

-- name: alarm_get
-- use: alarm_columns
       , coalesce(d.group_id, 0)
FROM alarm a LEFT JOIN device d ON d.enterprise_id = a.enterprise_id AND d.id = a.device_id
WHERE a.enterprise_id = $1::bigint AND a.id = $2::bigint;

-- Told to every server, when this transaction commits.
-- name: alarm_notify
SELECT pg_notify('smartpass_alarm', $1::bigint::text || ' ' || o.id::text) FROM unnest($2::bigint[]) AS o (id);

-- ---- The fleet ----

-- Of those that a list of terminals shows, in all and by version. Terminals confirm people in the order of their revisions,
-- so the newest says whether any is open. A setting that was never reported has its factory value: the relay stays open (10),
-- liveness (22) is off, the first password (45) holds; strangers (7) do not pass. $3 is the moment after which a sign of life
-- counts as online.
-- name: fleet_health
SELECT f.software_version, grouping(f.software_version) = 1, count(*), count(*) FILTER (WHERE f.online),
       count(*) FILTER (WHERE f.waiting), count(*) FILTER (WHERE f.pending_settings), count(*) FILTER (WHERE f.refused_settings),
       count(*) FILTER (WHERE f.pending_people), count(*) FILTER (WHERE f.backlog), count(*) FILTER (WHERE f.risk),
       count(*) FILTER (WHERE f.alarm)
FROM (SELECT s.software_version, s.connected AND s.last_seen_at > $3::timestamptz AS online, d.approved_at IS NULL AS waiting,
             EXISTS (SELECT FROM device_setting t WHERE t.enterprise_id = d.enterprise_id AND t.device_id = d.id
                                                    AND t.reported_version < t.version) AS pending_settings,
             EXISTS (SELECT FROM device_setting t WHERE t.enterprise_id = d.enterprise_id AND t.device_id = d.id
                                                    AND t.refused <> '') AS refused_settings,
             coalesce((SELECT p.confirmed_revision < p.revision FROM device_person p
                       WHERE p.enterprise_id = d.enterprise_id AND p.device_id = d.id
                       ORDER BY p.revision DESC LIMIT 1), false) AS pending_people,
             s.unsent_records > 0 OR s.unsent_snapshots > 0 AS backlog,
             (SELECT count(*) FILTER (WHERE (t.key = 10 AND t.reported_number <> 1) OR (t.key = 22 AND t.reported_number = 1)
                                         OR t.key = 45) < 3
                  OR count(*) FILTER (WHERE t.key = 7 AND t.reported_number = 1) > 0
              FROM device_setting t
              WHERE t.enterprise_id = d.enterprise_id AND t.device_id = d.id AND t.key IN (7, 10, 22, 45)
                AND t.reported_version > 0) AS risk,
             EXISTS (SELECT FROM alarm a WHERE a.enterprise_id = d.enterprise_id AND a.device_id = d.id
                                           AND a.ended_at IS NULL) AS alarm
      FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
      WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.deleted_at IS NULL) f
GROUP BY GROUPING SETS ((), (f.software_version))
ORDER BY 2 DESC, 3 DESC, 1
LIMIT 101;

-- ---- Logs of terminals ----

-- name: device_log_device
SELECT s.connected AND s.last_seen_at > $4::timestamptz
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2)) AND d.id = $3::bigint
  AND d.deleted_at IS NULL;

-- part: device_log_wanted
SELECT id, happened_at, level, event, detail
FROM device_log
WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND level >= $3::smallint
  AND ($4::text = '' OR strpos(lower(event), lower($4)) > 0 OR strpos(lower(detail), lower($4)) > 0)

-- The newest first.
-- name: device_log_list
-- use: device_log_wanted
  AND ($5::boolean OR id < $6::bigint)
ORDER BY id DESC
LIMIT $7::integer;

-- The oldest first.
-- name: device_log_after
-- use: device_log_wanted
  AND id > $5::bigint
ORDER BY id
LIMIT $6::integer;
