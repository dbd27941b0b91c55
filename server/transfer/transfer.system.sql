-- The sweep.

-- An upload stays until its operation has ended, a made file as long as its operation is there.
-- name: transfer_file_sweep
DELETE FROM transfer_file f
WHERE (f.enterprise_id, f.id) IN (
    SELECT t.enterprise_id, t.id
    FROM transfer_file t
         LEFT JOIN operation o ON o.enterprise_id = t.enterprise_id AND o.id = t.operation_id
    WHERE CASE WHEN t.made THEN t.expires_at <= $1::timestamptz OR (t.operation_id IS NOT NULL AND o.id IS NULL)
               WHEN t.operation_id IS NULL THEN t.expires_at <= $1
               ELSE o.id IS NULL OR o.state NOT IN (1, 2) END
    LIMIT 1000);

-- Which of these files have a row.
-- name: transfer_file_known
SELECT id FROM transfer_file WHERE id = ANY ($1::bigint[]);
