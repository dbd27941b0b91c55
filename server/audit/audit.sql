-- The log as its readers see it.

-- part: audit_wanted
FROM audit_row r
     LEFT JOIN audit_payload p ON p.enterprise_id = r.enterprise_id AND p.row_id = r.id
WHERE r.enterprise_id = $1::bigint
  AND ($2::timestamptz IS NULL OR r.happened_at >= $2)
  AND ($3::timestamptz IS NULL OR r.happened_at < $3)
  AND ($4::text = '' OR r.module = $4)
  AND ($5::text = '' OR r.operator = $5)
  AND ($6::text = '' OR strpos(lower(coalesce(nullif(p.object, ''), r.object)), lower($6)) > 0
                     OR strpos(lower(r.action), lower($6)) > 0)
  AND (NOT $7::boolean OR r.code <> 0)

-- $9 is in microseconds since 1970, as the last column is: a row is never skipped for a part of a millisecond.
-- name: audit_list
SELECT r.id, r.happened_at, r.module, r.action, coalesce(nullif(p.object, ''), r.object), r.code, r.reason, r.operator,
       r.address, r.payload_hash IS NOT NULL AND p.row_id IS NULL, coalesce(r.seal, 0),
       (extract(epoch FROM r.happened_at) * 1000000)::bigint
-- use: audit_wanted
  AND ($8::boolean OR (r.happened_at, r.id) < ('epoch'::timestamptz + $9::bigint * interval '1 microsecond', $10::bigint))
ORDER BY r.happened_at DESC, r.id DESC
LIMIT $11::integer OFFSET $12::integer

-- name: audit_count
SELECT count(*)
FROM (SELECT 1
      -- use: audit_wanted
      LIMIT 10001) capped

-- name: audit_get
SELECT r.id, r.happened_at, r.module, r.action, coalesce(nullif(p.object, ''), r.object), r.code, r.reason, r.operator,
       r.address, r.payload_hash IS NOT NULL AND p.row_id IS NULL, coalesce(r.seal, 0),
       coalesce(p.before, ''), coalesce(p.after, '')
FROM audit_row r
     LEFT JOIN audit_payload p ON p.enterprise_id = r.enterprise_id AND p.row_id = r.id
WHERE r.enterprise_id = $1::bigint AND r.id = $2::bigint
