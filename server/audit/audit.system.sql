-- The sealer. The lease's time is the database's, so that servers need no common clock.

-- name: audit_unsealed_enterprises
SELECT DISTINCT enterprise_id FROM audit_row WHERE seal IS NULL LIMIT 256

-- name: audit_lease_take
INSERT INTO audit_lease AS l (name, owner, expires_at, key_check)
VALUES ('sealer', $1, now() + interval '10 seconds', $2)
ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at
WHERE l.key_check = EXCLUDED.key_check AND (l.owner = EXCLUDED.owner OR l.expires_at < now())

-- name: audit_lease_look
SELECT key_check FROM audit_lease WHERE name = 'sealer'

-- name: audit_lease_give_back
UPDATE audit_lease SET expires_at = now() WHERE name = 'sealer' AND owner = $1

-- name: audit_head_ensure
INSERT INTO audit_head (enterprise_id, seal, mac, sealed_at)
VALUES ($1, 0, decode(repeat('00', 32), 'hex'), now())
ON CONFLICT (enterprise_id) DO NOTHING

-- name: audit_head_lock
SELECT seal, mac FROM audit_head WHERE enterprise_id = $1 FOR UPDATE

-- The columns stand as in audit_chain_page.
-- name: audit_unsealed_page
SELECT id, (extract(epoch FROM happened_at) * 1000000)::bigint, operator, operator_id, address, module, action, object,
       code, reason, person_id, payload_hash
FROM audit_row
WHERE enterprise_id = $1::bigint AND seal IS NULL
ORDER BY id
LIMIT $2::integer

-- name: audit_seal_rows
UPDATE audit_row r
SET seal = s.seal, mac = s.mac
FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS s (id, seal, mac)
WHERE r.enterprise_id = $1::bigint AND r.id = s.id AND r.seal IS NULL

-- name: audit_head_set
UPDATE audit_head SET seal = $2, mac = $3, sealed_at = now() WHERE enterprise_id = $1

-- name: audit_heads
SELECT enterprise_id, seal, mac FROM audit_head WHERE seal > 0 ORDER BY enterprise_id LIMIT 10000
