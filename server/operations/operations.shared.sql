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
