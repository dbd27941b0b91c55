-- $2 is the moment after which a sign of life counts as online.
-- name: console_devices
SELECT count(*), count(*) FILTER (WHERE s.connected AND s.last_seen_at > $2::timestamptz)
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.enterprise_id = $1::bigint AND d.deleted_at IS NULL AND ($3::bigint[] IS NULL OR d.group_id = ANY ($3));

-- For those who see the whole enterprise.
-- name: console_ever
SELECT kind, sum(passes)::bigint, sum(abnormal)::bigint FROM pass_tally WHERE enterprise_id = $1::bigint GROUP BY kind;

-- Today in the enterprise's zone; $2 is now.
-- name: console_today
SELECT t.hour, t.kind, sum(t.passes)::bigint, sum(t.abnormal)::bigint
FROM pass_tally t JOIN enterprise e ON e.id = t.enterprise_id
WHERE t.enterprise_id = $1::bigint AND t.day = ($2::timestamptz AT TIME ZONE e.time_zone)::date
GROUP BY t.hour, t.kind;

-- For those who see the groups of $2.
-- name: console_ever_of_groups
SELECT kind, sum(passes)::bigint, sum(abnormal)::bigint
FROM pass_tally_group
WHERE enterprise_id = $1::bigint AND group_id = ANY ($2::bigint[])
GROUP BY kind;

-- name: console_today_of_groups
SELECT extract(hour FROM r.occurred_at AT TIME ZONE e.time_zone)::smallint, r.kind, count(*),
       count(*) FILTER (WHERE r.state = 2)
FROM enterprise e
     CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE e.time_zone)::date AS today) t
     JOIN pass_record r ON r.enterprise_id = e.id AND r.group_id = ANY ($3::bigint[])
                       AND r.occurred_at >= t.today::timestamp AT TIME ZONE e.time_zone
                       AND r.occurred_at < (t.today + 1)::timestamp AT TIME ZONE e.time_zone
WHERE e.id = $1::bigint
GROUP BY 1, 2;

-- ---- Events ----------------------------------------------------------------------------------------------------------

-- Where a user stands in the tree, and which tree it is.
-- name: console_place
SELECT u.group_id, e.tree_version
FROM app_user u JOIN enterprise e ON e.id = u.enterprise_id
WHERE u.enterprise_id = $1::bigint AND u.id = $2::bigint;

-- name: console_tree_version
SELECT tree_version FROM enterprise WHERE id = $1::bigint;

-- name: console_group_of_pass
SELECT group_id FROM pass_record WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- In the order of the people; NULL for what is gone.
-- name: console_groups_of_grants
SELECT n.group_id, (SELECT group_id FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint)
FROM unnest($3::bigint[]) WITH ORDINALITY AS k (person_id, place)
     LEFT JOIN person n ON n.enterprise_id = $1 AND n.id = k.person_id
ORDER BY k.place;
