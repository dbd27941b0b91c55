-- The watch over the terminals of all enterprises. $1 is now, by the server's clock, where nothing else is said.

-- Whoever holds the lease watches. When nobody has for a minute, no terminal could be heard meanwhile, and none is offline
-- for that: since says from when on silence counts.
-- name: watch_lease_take
INSERT INTO watch_lease AS l (name, owner, expires_at, since)
VALUES ('alarms', $2::bigint, now() + interval '20 seconds', $1::timestamptz)
ON CONFLICT (name) DO UPDATE
SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at,
    since = CASE WHEN l.expires_at < now() - interval '1 minute' THEN EXCLUDED.since ELSE l.since END
WHERE l.owner = EXCLUDED.owner OR l.expires_at < now()
RETURNING since;

-- name: watch_lease_give_back
UPDATE watch_lease SET expires_at = now() WHERE name = 'alarms' AND owner = $1::bigint;

-- Terminals that alarms are raised about, and what their enterprise bears with.
-- part: watched
FROM device d
     JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
     JOIN enterprise e ON e.id = d.enterprise_id AND e.deleting_at IS NULL
WHERE d.deleted_at IS NULL AND d.approved_at IS NOT NULL

-- What begins now: kinds that hold and do not go on yet. $2 is since when silence counts.
-- name: watch_begins
SELECT w.enterprise_id, w.device_id, k.kind, k.detail
FROM (SELECT d.enterprise_id, d.id AS device_id, s.clock_skew_ms, s.unsent_records, s.last_seen_at,
             greatest(s.last_seen_at, d.approved_at, $2::timestamptz)
                 + e.offline_alarm_seconds * interval '1 second' <= $1::timestamptz AS silent,
             abs(s.clock_skew_ms) > e.clock_alarm_seconds * 1000::bigint AS skewed,
             s.unsent_records > e.backlog_alarm_records AS full
      -- use: watched
     ) w
     CROSS JOIN LATERAL (VALUES
         ('DEVICE_OFFLINE', w.silent, coalesce('last seen ' || to_char(w.last_seen_at AT TIME ZONE 'UTC',
                                                                       'YYYY-MM-DD HH24:MI:SS "UTC"'), 'never seen')),
         ('CLOCK_SKEW', w.skewed, to_char(w.clock_skew_ms / 1000.0, 'FMSG999999999999990.0') || ' s'),
         ('BACKLOG', w.full, w.unsent_records || ' records')) AS k (kind, holds, detail)
WHERE (w.silent OR w.skewed OR w.full) AND k.holds
  AND NOT EXISTS (SELECT FROM alarm a WHERE a.enterprise_id = w.enterprise_id AND a.device_id = w.device_id
                                        AND a.kind = k.kind AND a.ended_at IS NULL)
LIMIT 1000;

-- The same of certificates, which take days.
-- name: watch_certificates_begin
SELECT w.enterprise_id, w.device_id, 'CERTIFICATE_EXPIRY'::text,
       'until ' || to_char(w.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
FROM (SELECT d.enterprise_id, d.id AS device_id, e.certificate_alarm_days,
             (SELECT max(c.expires_at) FROM device_certificate c WHERE c.enterprise_id = d.enterprise_id
                                                                   AND c.device_id = d.id AND c.revoked_at IS NULL) AS expires_at
      -- use: watched
     ) w
WHERE w.expires_at < $1::timestamptz + w.certificate_alarm_days * interval '1 day'
  AND NOT EXISTS (SELECT FROM alarm a WHERE a.enterprise_id = w.enterprise_id AND a.device_id = w.device_id
                                        AND a.kind = 'CERTIFICATE_EXPIRY' AND a.ended_at IS NULL)
LIMIT 1000;

-- name: watch_raise
INSERT INTO alarm (enterprise_id, id, raised_at, kind, device_id, detail)
SELECT o.enterprise_id, o.id, $1::timestamptz, o.kind, o.device_id, o.detail
FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[]) AS o (enterprise_id, id, device_id, kind, detail)
ON CONFLICT (enterprise_id, device_id, kind) WHERE ended_at IS NULL DO NOTHING
RETURNING pg_notify('smartpass_alarm', enterprise_id::text || ' ' || id::text);

-- What is over. A backlog is over at half of what begins one, so that a terminal about the limit does not ring and ring.
-- name: watch_end
UPDATE alarm a
SET ended_at = $1::timestamptz
WHERE a.ended_at IS NULL AND a.kind IN ('DEVICE_OFFLINE', 'CLOCK_SKEW', 'BACKLOG', 'CERTIFICATE_EXPIRY')
  AND NOT EXISTS (
    SELECT
    -- use: watched
      AND d.enterprise_id = a.enterprise_id AND d.id = a.device_id
      AND CASE a.kind
          WHEN 'DEVICE_OFFLINE' THEN
              coalesce(s.last_seen_at, d.approved_at) + e.offline_alarm_seconds * interval '1 second' <= $1
          WHEN 'CLOCK_SKEW' THEN abs(s.clock_skew_ms) > e.clock_alarm_seconds * 1000::bigint
          WHEN 'BACKLOG' THEN s.unsent_records * 2 > e.backlog_alarm_records
          ELSE (SELECT max(c.expires_at) FROM device_certificate c WHERE c.enterprise_id = d.enterprise_id
                                                                     AND c.device_id = d.id AND c.revoked_at IS NULL)
               < $1 + e.certificate_alarm_days * interval '1 day'
          END)
RETURNING pg_notify('smartpass_alarm', a.enterprise_id::text || ' ' || a.id::text);

-- ---- What is kept for a while ----

-- name: device_log_sweep
DELETE FROM device_log
WHERE (enterprise_id, device_id, id) IN (
    SELECT enterprise_id, device_id, id FROM device_log WHERE received_at < $1::timestamptz LIMIT 10000);
