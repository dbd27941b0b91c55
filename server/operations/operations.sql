-- What handlers do with operations, beside starting and listing them (operations.shared.sql). $2 and $3 are the viewer:
-- whether he sees everybody's, and his user id.

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
