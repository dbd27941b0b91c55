-- What handlers and the sealer's role do alike: adding rows, erasing payloads, reading a chain.

-- name: audit_add
INSERT INTO audit_row (enterprise_id, id, happened_at, operator, operator_id, address, module, action, object, code, reason,
                       person_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- What speaks of somebody who was erased meanwhile is not kept.
-- name: audit_add_with_payload
WITH payload AS (
    INSERT INTO audit_payload (enterprise_id, row_id, person_id, salt, object, before, after)
    SELECT $1::bigint, $2::bigint, $12::bigint, $14::bytea, $15::text, $16::text, $17::text
    WHERE NOT EXISTS (SELECT FROM erasure WHERE enterprise_id = $1 AND id = $12))
INSERT INTO audit_row (enterprise_id, id, happened_at, operator, operator_id, address, module, action, object, code, reason,
                       person_id, payload_hash)
VALUES ($1::bigint, $2::bigint, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::bigint, $13)

-- name: audit_erase
DELETE FROM audit_payload WHERE enterprise_id = $1 AND person_id = $2

-- name: audit_chain_head
SELECT seal, mac FROM audit_head WHERE enterprise_id = $1

-- name: audit_chain_page
SELECT r.id, (extract(epoch FROM r.happened_at) * 1000000)::bigint, r.operator, r.operator_id, r.address, r.module, r.action,
       r.object, r.code, r.reason, r.person_id, r.payload_hash, r.seal, r.mac,
       p.salt, p.person_id, p.object, p.before, p.after
FROM audit_row r
     LEFT JOIN audit_payload p ON p.enterprise_id = r.enterprise_id AND p.row_id = r.id
WHERE r.enterprise_id = $1::bigint AND r.seal > $2::bigint
ORDER BY r.seal
LIMIT $3::integer

-- name: audit_chain_unsealed
SELECT count(*) FROM audit_row WHERE enterprise_id = $1 AND seal IS NULL
