-- The queue: taking work, keeping it, ending it. All times of leases are the database's.

-- What nobody may take up again: it was asked to stop, cannot be resumed, or has been tried too often. $1 are the kinds
-- known here, $2 those of them that can be resumed, $3 the most attempts, $4 now, then how it failed: interrupted
-- ($5–$7) and exhausted ($8–$10).
-- name: operation_bury
WITH gone AS MATERIALIZED (
    SELECT enterprise_id, id FROM operation
    WHERE state = 2 AND lease_until < clock_timestamp() AND kind = ANY ($1::text[])
      AND (cancel_requested OR attempts >= $3::integer OR NOT kind = ANY ($2::text[]))
    ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
UPDATE operation o
SET state = CASE WHEN o.cancel_requested THEN 5 ELSE 4 END, finished_at = $4::timestamptz,
    lease_owner = NULL, lease_until = NULL, request = '', checkpoint = '',
    error_code = CASE WHEN o.cancel_requested THEN 0 WHEN o.kind = ANY ($2) THEN $8::smallint
                 ELSE $5::smallint END,
    error_reason = CASE WHEN o.cancel_requested THEN '' WHEN o.kind = ANY ($2) THEN $9::text ELSE $6::text END,
    error_message = CASE WHEN o.cancel_requested THEN '' WHEN o.kind = ANY ($2) THEN $10::text ELSE $7::text END
FROM gone
WHERE o.enterprise_id = gone.enterprise_id AND o.id = gone.id
RETURNING o.enterprise_id, o.id;

-- The oldest that waits, or whose holder died, of the kinds known here. The first holder of the row's lock has it.
-- name: operation_take
WITH due AS MATERIALIZED (
    SELECT enterprise_id, id FROM operation
    WHERE kind = ANY ($1::text[])
      AND (state = 1 OR (state = 2 AND lease_until < clock_timestamp() AND NOT cancel_requested
                         AND attempts < $5::integer AND kind = ANY ($6::text[])))
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE operation o
SET state = 2, lease_owner = $2::bigint, lease_until = clock_timestamp() + $3::bigint * interval '1 millisecond',
    attempts = o.attempts + 1, started_at = coalesce(o.started_at, greatest($4::timestamptz, o.created_at))
FROM due
WHERE o.enterprise_id = due.enterprise_id AND o.id = due.id
RETURNING o.enterprise_id, o.id, o.kind, o.object, o.attempts, o.progress, o.total, o.failures, o.stage, o.request,
          o.checkpoint, o.operator_user_id, o.operator, o.group_id;

-- Rows that are locked are in the midst of a write by their holder, and nobody else can take them meanwhile.
-- name: operation_renew
WITH mine AS MATERIALIZED (
    SELECT p.enterprise_id, p.id
    FROM operation p
         JOIN unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (enterprise_id, id, attempts)
             ON p.enterprise_id = k.enterprise_id AND p.id = k.id AND p.attempts = k.attempts
    WHERE p.lease_owner = $4::bigint AND p.state = 2
    FOR UPDATE OF p SKIP LOCKED)
UPDATE operation o
SET lease_until = clock_timestamp() + $5::bigint * interval '1 millisecond'
FROM mine
WHERE o.enterprise_id = mine.enterprise_id AND o.id = mine.id;

-- Which of them are still held, renewed or locked, and whether they shall stop.
-- name: operation_held
SELECT o.id, o.cancel_requested
FROM operation o
     JOIN unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (enterprise_id, id, attempts)
         ON o.enterprise_id = k.enterprise_id AND o.id = k.id AND o.attempts = k.attempts
WHERE o.lease_owner = $4::bigint AND o.state = 2;

-- name: operation_finish
UPDATE operation
SET state = $5::smallint, finished_at = $6::timestamptz, lease_owner = NULL, lease_until = NULL, request = '',
    checkpoint = '', result_type = $7::text, result = $8::bytea, error_code = $9::smallint, error_reason = $10::text,
    error_message = $11::text, progress = $12::bigint, total = $13::bigint, failures = $14::bigint, stage = $15::text
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND lease_owner = $3::bigint AND attempts = $4::integer
  AND state = 2;

-- Back into the queue, for another runner; $5: this try counts. One that shall stop ends instead.
-- name: operation_release
UPDATE operation
SET state = CASE WHEN cancel_requested THEN 5 ELSE 1 END,
    finished_at = CASE WHEN cancel_requested THEN $6::timestamptz END,
    request = CASE WHEN cancel_requested THEN '' ELSE request END,
    checkpoint = CASE WHEN cancel_requested THEN '' ELSE checkpoint END,
    lease_owner = NULL, lease_until = NULL, attempts = CASE WHEN $5::boolean THEN attempts ELSE attempts - 1 END
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND lease_owner = $3::bigint AND attempts = $4::integer
  AND state = 2;

-- Of a kind that no server has known for long ($2 is that moment, $3 now): it would wait for ever.
-- name: operation_orphans
UPDATE operation
SET state = 4, finished_at = $3::timestamptz, lease_owner = NULL, lease_until = NULL, request = '', checkpoint = '',
    error_code = $4::smallint, error_reason = $5::text, error_message = $6::text
WHERE state IN (1, 2) AND NOT kind = ANY ($1::text[]) AND coalesce(lease_until, created_at) < $2::timestamptz;

-- name: operation_sweep
DELETE FROM operation
WHERE (enterprise_id, id) IN (
    SELECT enterprise_id, id FROM operation WHERE finished_at < $1::timestamptz ORDER BY finished_at LIMIT 10000);
