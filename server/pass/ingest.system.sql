-- Records of many terminals and enterprises in one statement. Duplicates are left alone and not returned; the counters of
-- the console grow by what was new. $21 is the writer, so that two writers never wait for the same counter row.
-- name: pass_ingest
WITH stored AS (
    INSERT INTO pass_record (enterprise_id, device_id, epoch, seq, id, group_id, person_id, person_name, person_number,
                             occurred_at, received_at, kind, result, deny_reason, state, authorised, clock_synced,
                             temperature_centi, threshold_centi, distance_milli, card_number, snapshot_sha256)
    SELECT r.enterprise_id, r.device_id, r.epoch, r.seq, r.id, d.group_id, r.person_id, r.person_name, r.person_number,
           r.occurred_at, $22::timestamptz, r.kind, r.result, r.deny_reason, r.state, r.authorised, r.clock_synced,
           r.temperature_centi, r.threshold_centi, r.distance_milli, r.card_number, r.snapshot_sha256
    FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                $8::text[], $9::timestamptz[], $10::smallint[], $11::smallint[], $12::smallint[], $13::smallint[],
                $14::boolean[], $15::boolean[], $16::integer[], $17::integer[], $18::integer[], $19::text[],
                $20::bytea[])
         AS r (enterprise_id, device_id, epoch, seq, id, person_id, person_name, person_number, occurred_at, kind,
               result, deny_reason, state, authorised, clock_synced, temperature_centi, threshold_centi,
               distance_milli, card_number, snapshot_sha256)
         JOIN device d ON d.enterprise_id = r.enterprise_id AND d.id = r.device_id
    ON CONFLICT DO NOTHING
    RETURNING enterprise_id, id, occurred_at, kind, state
), tallied AS (
    INSERT INTO pass_tally (enterprise_id, day, hour, kind, writer, passes, abnormal)
    SELECT s.enterprise_id, (s.occurred_at AT TIME ZONE e.time_zone)::date,
           extract(hour FROM s.occurred_at AT TIME ZONE e.time_zone)::smallint, s.kind, $21::smallint, count(*),
           count(*) FILTER (WHERE s.state = 2)
    FROM stored s JOIN enterprise e ON e.id = s.enterprise_id
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (enterprise_id, day, hour, kind, writer)
    DO UPDATE SET passes = pass_tally.passes + EXCLUDED.passes, abnormal = pass_tally.abnormal + EXCLUDED.abnormal
)
SELECT id FROM stored;

-- name: pass_reject
INSERT INTO pass_rejected (enterprise_id, device_id, epoch, seq, record, sqlstate, rejected_at)
VALUES ($1::bigint, $2::bigint, $3::integer, $4::bigint, $5::bytea, $6::text, $7::timestamptz)
ON CONFLICT DO NOTHING;

-- name: pass_reject_alarm
INSERT INTO alarm (enterprise_id, id, raised_at, kind, device_id, detail)
VALUES ($1::bigint, $2::bigint, $3::timestamptz, 'RECORD_REJECTED', $4::bigint, $5::text);

-- The last sequence number of a terminal's epoch that needs no resending.
-- name: pass_acked_seq
SELECT greatest(
    (SELECT max(seq) FROM pass_record WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND epoch = $3::integer),
    (SELECT max(seq) FROM pass_rejected WHERE enterprise_id = $1::bigint AND device_id = $2::bigint AND epoch = $3::integer),
    0);
