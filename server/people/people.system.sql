-- name: photo_sweep
DELETE FROM photo
WHERE (enterprise_id, id) IN (
    SELECT enterprise_id, id FROM photo WHERE expires_at < $1 ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING enterprise_id, id
