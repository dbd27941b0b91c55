-- Commands, for whoever gives them and looks at them. States are the numbers of smartpass.v1.CommandState. $2 is
-- org_scope's wherever a group is looked at: the groups that the caller sees, NULL for all.

-- The terminals that are meant: those of $3, or with NULL every one of the groups; whether each is online (a sign of life
-- counts that is younger than $4), and whether somebody has accepted it.
-- name: command_devices
SELECT d.id, d.name, s.connected AND s.last_seen_at > $4::timestamptz, d.approved_at IS NOT NULL
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
  AND ($3::bigint[] IS NULL OR d.id = ANY ($3)) AND d.deleted_at IS NULL
ORDER BY d.name, d.id;

-- Those that have a reason have failed already.
-- name: command_add
INSERT INTO device_command (enterprise_id, id, batch_id, device_id, user_id, operator, kind, sign_out, state, reason,
                            created_at, expires_at, ended_at)
SELECT $1::bigint, c.id, $2::bigint, c.device_id, $3::bigint, $4::text, $5::smallint, $6::boolean,
       CASE WHEN c.reason = '' THEN 1 ELSE 4 END, c.reason, $7::timestamptz, $8::timestamptz,
       CASE WHEN c.reason = '' THEN NULL ELSE $7::timestamptz END
FROM unnest($9::bigint[], $10::bigint[], $11::text[]) AS c (id, device_id, reason);

-- Told to whoever holds a terminal's stream, when this transaction commits.
-- name: command_notify
SELECT pg_notify('smartpass_device', 'command ' || device_id) FROM unnest($1::bigint[]) AS device_id;

-- One that never went out and whose time ($9) is over has expired, whether or not that was written down yet.
-- name: command_list
SELECT c.id, c.batch_id, c.device_id, d.name, c.kind,
       CASE WHEN c.state = 1 AND c.told_at IS NULL AND c.expires_at <= $9::timestamptz THEN 5 ELSE c.state END,
       c.reason, c.operator, c.created_at, c.expires_at, c.received_at,
       CASE WHEN c.state = 1 AND c.told_at IS NULL AND c.expires_at <= $9 THEN c.expires_at ELSE c.ended_at END
FROM device_command c JOIN device d ON d.enterprise_id = c.enterprise_id AND d.id = c.device_id
WHERE c.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
  AND ($3::bigint = 0 OR c.device_id = $3) AND ($4::bigint = 0 OR c.batch_id = $4)
  AND ($5::boolean OR c.id < $6::bigint)
ORDER BY c.id DESC
LIMIT $7::integer OFFSET $8::integer;

-- name: command_count
SELECT count(*)
FROM (SELECT 1
      FROM device_command c JOIN device d ON d.enterprise_id = c.enterprise_id AND d.id = c.device_id
      WHERE c.enterprise_id = $1::bigint AND ($2::bigint[] IS NULL OR d.group_id = ANY ($2))
        AND ($3::bigint = 0 OR c.device_id = $3) AND ($4::bigint = 0 OR c.batch_id = $4)
      LIMIT 10001) capped;
