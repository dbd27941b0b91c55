-- The settings of several terminals at once. $1 is the enterprise, $2 the terminals.

-- Those that exist and that the caller sees: of these, $3, or all when that is NULL. $2 is org_scope's.
-- name: settings_choose
SELECT id FROM device
WHERE enterprise_id = $1::bigint AND deleted_at IS NULL AND ($2::bigint[] IS NULL OR group_id = ANY ($2))
  AND ($3::bigint[] IS NULL OR id = ANY ($3))
ORDER BY id;

-- A terminal is online when a stream is open and it gave a sign of life since $3.
-- name: settings_counts
SELECT count(*) FILTER (WHERE s.connected AND s.last_seen_at > $3::timestamptz),
       count(*) FILTER (WHERE p.lowest IS NOT NULL),
       coalesce(max(d.settings_version), 0), coalesce(min(coalesce(p.lowest - 1, d.settings_version)), 0),
       coalesce(min(d.name), ''), coalesce(max(d.name), '')
FROM device d
     JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
     LEFT JOIN (SELECT device_id, min(version) AS lowest
                FROM device_setting
                WHERE enterprise_id = $1 AND device_id = ANY ($2) AND reported_version < version
                GROUP BY device_id) p ON p.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.id = ANY ($2::bigint[]);

-- name: settings_spread
SELECT key, count(*), min(number), max(number), min(text), max(text)
FROM device_setting
WHERE enterprise_id = $1::bigint AND device_id = ANY ($2::bigint[])
GROUP BY key;

-- name: settings_refusals
SELECT d.id, d.name, s.key, s.refused
FROM device_setting s JOIN device d ON d.enterprise_id = s.enterprise_id AND d.id = s.device_id
WHERE s.enterprise_id = $1::bigint AND s.device_id = ANY ($2::bigint[]) AND s.refused <> ''
ORDER BY d.name, d.id, s.key
LIMIT 100;
