-- Photos that nobody claimed; one that is being claimed just now is left alone.
-- name: photo_sweep
DELETE FROM photo
WHERE (enterprise_id, id) IN (
    SELECT enterprise_id, id FROM photo WHERE expires_at < $1 ORDER BY expires_at LIMIT $2::integer FOR UPDATE SKIP LOCKED)
RETURNING enterprise_id, id

-- Employees whose last day is over where their enterprise is, and who may still pass somewhere. The first comparison is
-- wide enough for every zone and has an index.
-- name: employment_over
SELECT p.enterprise_id, p.id
FROM person p JOIN enterprise e ON e.id = p.enterprise_id
WHERE p.employed_until <= ($1::timestamptz AT TIME ZONE 'UTC')::date
    AND p.employed_until < ($1 AT TIME ZONE e.time_zone)::date
    AND EXISTS (SELECT FROM device_person d WHERE d.enterprise_id = p.enterprise_id AND d.person_id = p.id AND d.present)
    AND (p.enterprise_id, p.id) > ($2::bigint, $3::bigint)
ORDER BY p.enterprise_id, p.id
LIMIT $4::integer
