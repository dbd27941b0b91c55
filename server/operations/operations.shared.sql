-- What running work writes, as the application or as the system. Only the holder of the lease can: $3 and $4 say who it
-- is. The row stays locked until the transaction ends, and who looks for work passes over locked rows, so that
-- what else the transaction does is the holder's too. Reports are rare: the notification goes with them.

-- An empty $9 leaves the checkpoint as it is. $10 is the lease in milliseconds.
-- name: operation_write
UPDATE operation
SET progress = $5::bigint, total = $6::bigint, failures = $7::bigint, stage = $8::text,
    checkpoint = CASE WHEN $9::bytea = '' THEN checkpoint ELSE $9 END,
    lease_until = clock_timestamp() + $10::bigint * interval '1 millisecond'
WHERE enterprise_id = $1::bigint AND id = $2::bigint AND lease_owner = $3::bigint AND attempts = $4::integer
  AND state = 2
RETURNING cancel_requested;

-- Told to every server when this transaction commits: "queued", "cancel" or "changed", then who it is about.
-- name: operation_notify
SELECT pg_notify('smartpass_operation', $1::text);

-- What handlers do for their own enterprise, and the super administrator's for another.

-- name: operation_add
INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures, request, checkpoint,
                       result_type, result, error_code, error_reason, error_message, operator_user_id, operator,
                       group_id, created_at, attempts, cancel_requested)
VALUES ($1::bigint, $2::bigint, $3::text, $4::text, 1, '', 0, 0, 0, $5::bytea, '', '', '', 0, '', '', $6::bigint,
        $7::text, $8::bigint, $9::timestamptz, 0, false);

-- $2 and $3 are the viewer: whether he sees everybody's, and his user id.
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
