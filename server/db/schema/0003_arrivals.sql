-- What one statement of the ingest stores: an array of these is one parameter. The columns stand as they do in
-- ingest.system.sql and in the C code that fills them.
CREATE TYPE pass_arrival AS (
    enterprise_id bigint,
    device_id bigint,
    epoch integer,
    seq bigint,
    id bigint,
    group_id bigint,
    person_id bigint,
    person_name text,
    person_number text,
    occurred_at timestamptz,
    kind smallint,
    result smallint,
    deny_reason smallint,
    state smallint,
    authorised boolean,
    clock_synced boolean,
    temperature_centi integer,
    threshold_centi integer,
    distance_milli integer,
    card_number text,
    snapshot_sha256 bytea
);
