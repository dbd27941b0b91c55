-- What handlers do with operations. $2 and $3 are the viewer: whether he sees everybody's, and his user id.

-- name: operation_add
INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures, request, checkpoint,
                       result_type, result, error_code, error_reason, error_message, operator_user_id, operator,
                       group_id, created_at, attempts, cancel_requested)
VALUES ($1::bigint, $2::bigint, $3::text, $4::text, 1, '', 0, 0, 0, $5::bytea, '', '', '', 0, '', '', $6::bigint,
        $7::text, $8::bigint, $9::timestamptz, 0, false);

-- name: operation_list
SELECT id, kind, object, state, progress, total, failures, stage, error_code, error_reason, error_message,
       result_type, result, operator, created_at, finished_at, cancel_requested, operator_user_id
FROM operation
WHERE enterprise_id = $1::bigint AND ($2::boolean OR operator_user_id = $3::bigint)
  AND ($4::smallint = 0 OR state = $4)
  AND ($5::bigint = 0 OR id = $5)
  AND ($6::boolean OR id < $7::bigint)
ORDER BY id DESC
LIMIT $8::integer OFFSET $9::integer;

-- name: operation_count
SELECT count(*)
FROM (SELECT 1 FROM operation
      WHERE enterprise_id = $1::bigint AND ($2::boolean OR operator_user_id = $3::bigint)
        AND ($4::smallint = 0 OR state = $4)
      LIMIT 10001) capped;

-- One that waits ends at once; one that runs is told so. $5 is now.
-- name: operation_cancel
UPDATE operation
SET cancel_requested = true,
    state = CASE WHEN state = 1 THEN 5 ELSE state END,
    finished_at = CASE WHEN state = 1 THEN $5::timestamptz END,
    request = CASE WHEN state = 1 THEN '' ELSE request END,
    checkpoint = CASE WHEN state = 1 THEN '' ELSE checkpoint END
WHERE enterprise_id = $1::bigint AND ($2::boolean OR operator_user_id = $3::bigint) AND id = $4::bigint
  AND state IN (1, 2);

-- name: operation_remove
DELETE FROM operation
WHERE enterprise_id = $1::bigint AND ($2::boolean OR operator_user_id = $3::bigint) AND id = $4::bigint
  AND state IN (3, 4, 5);
