-- Photos that nobody claimed; one that is being claimed just now is left alone.
-- name: photo_sweep
DELETE FROM photo
WHERE (enterprise_id, id) IN (
    SELECT enterprise_id, id FROM photo WHERE expires_at < $1 ORDER BY expires_at LIMIT $2::integer FOR UPDATE SKIP LOCKED)
RETURNING enterprise_id, id
