-- What is kept for a while and then goes, in pieces that no statement's time limit can stop. The number of a refused record
-- stays while it is its terminal's last: acknowledgements are counted from it.
-- name: retention_rejected
DELETE FROM pass_rejected
WHERE (enterprise_id, device_id, epoch, seq) IN (
    SELECT r.enterprise_id, r.device_id, r.epoch, r.seq
    FROM pass_rejected r
    WHERE r.rejected_at < $1::timestamptz
      AND EXISTS (SELECT FROM pass_record p WHERE p.enterprise_id = r.enterprise_id AND p.device_id = r.device_id
                                              AND p.epoch = r.epoch AND p.seq > r.seq)
    LIMIT 10000);

-- name: retention_rejected_empty
UPDATE pass_rejected SET record = '' WHERE rejected_at < $1::timestamptz AND record <> '';

-- What goes on stays, however long.
-- name: retention_alarms
DELETE FROM alarm
WHERE (enterprise_id, id) IN (SELECT enterprise_id, id FROM alarm WHERE ended_at < $1::timestamptz LIMIT 10000);
