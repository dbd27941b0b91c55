-- The groups that terminals have now, in the order of the question.
-- name: pass_groups
SELECT d.group_id
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS s (enterprise_id, device_id, n)
     LEFT JOIN device d ON d.enterprise_id = s.enterprise_id AND d.id = s.device_id
ORDER BY s.n;

-- Records of many terminals and enterprises in one statement, none of which was stored before: one that was is an error of
-- pass_record_key. This is the way of nearly all records; the next statement costs a third more.
-- name: pass_ingest_new
INSERT INTO pass_record (enterprise_id, device_id, epoch, seq, id, group_id, person_id, person_name, person_number,
                         occurred_at, kind, result, deny_reason, state, authorised, clock_synced, temperature_centi,
                         threshold_centi, distance_milli, card_number, snapshot_sha256, received_at)
SELECT r.*, $2::timestamptz FROM unnest($1::pass_arrival[]) AS r;

-- The same when some may have been stored before: those are left alone and not returned.
-- name: pass_ingest_again
INSERT INTO pass_record (enterprise_id, device_id, epoch, seq, id, group_id, person_id, person_name, person_number,
                         occurred_at, kind, result, deny_reason, state, authorised, clock_synced, temperature_centi,
                         threshold_centi, distance_milli, card_number, snapshot_sha256, received_at)
SELECT r.*, $2::timestamptz FROM unnest($1::pass_arrival[]) AS r
ON CONFLICT DO NOTHING
RETURNING id;

-- The counters of the console grow by what was new, those of the enterprise and those of each group. $6 is the writer, so
-- that two writers never wait for the same row.
-- name: pass_tally_add
WITH arrived AS MATERIALIZED (
    SELECT t.enterprise_id, t.group_id, t.at AT TIME ZONE e.time_zone AS at, t.kind, t.passes, t.abnormal
    FROM unnest($1::bigint[], $2::timestamptz[], $3::smallint[], $4::bigint[], $5::bigint[], $7::bigint[])
         AS t (enterprise_id, at, kind, passes, abnormal, group_id)
         JOIN enterprise e ON e.id = t.enterprise_id
), whole AS (
    INSERT INTO pass_tally (enterprise_id, day, hour, kind, writer, passes, abnormal)
    SELECT enterprise_id, at::date, extract(hour FROM at)::smallint, kind, $6::smallint, sum(passes), sum(abnormal)
    FROM arrived
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (enterprise_id, day, hour, kind, writer)
    DO UPDATE SET passes = pass_tally.passes + EXCLUDED.passes, abnormal = pass_tally.abnormal + EXCLUDED.abnormal
)
INSERT INTO pass_tally_group (enterprise_id, group_id, day, kind, writer, passes, abnormal)
SELECT enterprise_id, group_id, at::date, kind, $6, sum(passes), sum(abnormal)
FROM arrived
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
ON CONFLICT (enterprise_id, group_id, day, kind, writer)
DO UPDATE SET passes = pass_tally_group.passes + EXCLUDED.passes,
              abnormal = pass_tally_group.abnormal + EXCLUDED.abnormal;

-- What is refused is set aside, unless its enterprise is being deleted.
-- name: pass_reject
INSERT INTO pass_rejected (enterprise_id, device_id, epoch, seq, record, sqlstate, rejected_at)
SELECT $1::bigint, $2::bigint, $3::integer, $4::bigint, $5::bytea, $6::text, $7::timestamptz
WHERE EXISTS (SELECT FROM enterprise WHERE id = $1 AND deleting_at IS NULL)
ON CONFLICT DO NOTHING;

-- name: pass_reject_alarm
INSERT INTO alarm (enterprise_id, id, raised_at, ended_at, kind, device_id, detail)
SELECT $1::bigint, $2::bigint, $3::timestamptz, $3, 'RECORD_REJECTED', $4::bigint, $5::text
WHERE EXISTS (SELECT FROM enterprise WHERE id = $1 AND deleting_at IS NULL);

-- The last sequence number of a terminal's epoch that needs no resending.
-- name: pass_acked_seq
SELECT greatest(
    (SELECT max(seq) FROM pass_record WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND epoch = $3::integer),
    (SELECT max(seq) FROM pass_rejected WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND epoch = $3::integer),
    0);
