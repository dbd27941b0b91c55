-- Two enterprises, 7000 and 8000, with three rows in every table that has tenants, and a sum over all that one of them
-- has. Values follow from a column's type, so a new table is in without anybody adding it; what its checks or the
-- statements' conditions ask for beyond that stands in world_exception.
--
-- Row v (0, 1, 2) of enterprise e has e + v in every bigint, "own<v>" or "foreign<v>" in every text and bytea; what may
-- be NULL is NULL in row 0. The owner adds the rows with foreign keys off, row by row in the order of the tables' names.

CREATE TABLE world_exception (
    owner_table text NOT NULL,
    owner_column text NOT NULL,
    number integer NOT NULL,
    value text,
    PRIMARY KEY (owner_table, owner_column, number)
);
INSERT INTO world_exception VALUES
    -- Administrators have no role, others have one.
    ('app_user', 'group_administrator', 0, 'true'), ('app_user', 'group_administrator', 1, 'false'),
    ('app_user', 'group_administrator', 2, 'false'),
    -- A second factor that was set up and never used.
    ('app_user', 'totp_confirmed_at', 1, NULL),
    -- One of each: queued, running, succeeded.
    ('operation', 'state', 0, '1'), ('operation', 'state', 1, '2'), ('operation', 'state', 2, '3'),
    ('operation', 'finished_at', 1, NULL), ('operation', 'lease_owner', 2, NULL), ('operation', 'lease_until', 2, NULL),
    -- An alarm that nobody has acknowledged.
    ('alarm', 'acknowledged_at', 1, NULL),
    -- Employee, visitor, blacklist.
    ('person', 'kind', 0, '1'), ('person', 'kind', 1, '2'), ('person', 'kind', 2, '3'),
    ('enterprise', 'time_zone', 0, 'UTC'), ('enterprise', 'time_zone', 1, 'UTC'), ('enterprise', 'time_zone', 2, 'UTC'),
    -- A root, a group below it, and the grave of another.
    ('org_group', 'deleted_at', 1, NULL),
    -- Nobody's yet, and so about to expire.
    ('photo', 'expires_at', 0, '2050-01-01'),
    -- The day that a statement is asked about.
    ('pass_tally', 'day', 0, '2100-01-01'), ('pass_tally', 'day', 1, '2100-01-01'),
    ('pass_tally', 'day', 2, '1970-01-01'), ('pass_record', 'occurred_at', 0, '2100-01-01'),
    ('pass_record', 'occurred_at', 1, '1970-01-01'), ('pass_record', 'occurred_at', 2, '2100-01-01'),
    ('pass_tally', 'hour', 0, '0'), ('pass_tally', 'hour', 1, '1'), ('pass_tally', 'hour', 2, '2'),
    -- Rollouts that are at their first stage.
    ('rollout', 'stages', 0, '{50,100}'), ('rollout', 'stages', 1, '{50,100}'), ('rollout', 'stages', 2, '{50,100}'),
    ('rollout', 'stage', 0, '0'), ('rollout', 'stage', 1, '0'), ('rollout', 'stage', 2, '0'),
    -- Of packages that are no more, so that those that are there are not in use.
    ('rollout', 'package_id', 0, '1'), ('rollout', 'package_id', 1, '1'), ('rollout', 'package_id', 2, '1'),
    -- For terminals of another model; downloading, and deleted meanwhile; failed.
    ('rollout', 'model', 0, 'another'), ('rollout_device', 'state', 1, '2'), ('rollout_device', 'state', 2, '5'),
    ('rollout_device', 'stage', 0, '0'), ('rollout_device', 'stage', 1, '0'), ('rollout_device', 'stage', 2, '0'),
    ('rollout_device', 'reason', 2, 'CANCELLED'), ('rollout_device', 'forgiven', 2, 'false'),
    -- A terminal with two pictures, one of them for strangers; and a picture that is nobody's.
    ('display', 'device_id', 1, '8000'), ('display', 'strangers', 0, 'false'), ('display', 'strangers', 1, 'true'),
    ('display', 'strangers', 2, 'false'), ('display_person', 'display_id', 2, '1'),
    -- A line that came after the one of its terminal's number.
    ('device_log', 'id', 0, '9000'),
    -- A feed that is behind.
    ('device_feed', 'revision', 0, '1'),
    -- Two people were erased, one of those whom terminals have was not.
    ('erasure', 'id', 1, '1'),
    -- A file of another operation than that of its own number.
    ('transfer_file', 'operation_id', 2, '8000'),
    -- Two screens that somebody looks at, and one that nobody looks at any more.
    ('screen_watch', 'until', 0, '2100-01-01'), ('screen_watch', 'until', 1, '2100-01-01'),
    -- Grants that their terminals have not confirmed.
    ('device_person', 'confirmed_revision', 0, '1'), ('device_person', 'confirmed_revision', 1, '1');

CREATE FUNCTION world_value(of_table text, of_column text, of_type text, nullable boolean, enterprise bigint, v integer)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    word text := CASE enterprise WHEN 7000 THEN 'own' ELSE 'foreign' END || v;
    special world_exception;
BEGIN
    SELECT * INTO special FROM world_exception x
    WHERE (x.owner_table, x.owner_column, x.number) = (of_table, of_column, v);
    IF FOUND THEN
        RETURN special.value;
    ELSIF of_column = 'enterprise_id' THEN
        RETURN enterprise;
    ELSIF of_column = 'parent_id' THEN
        RETURN CASE WHEN v > 0 THEN enterprise END;
    ELSIF nullable AND v = 0 THEN
        RETURN NULL;
    END IF;
    RETURN CASE of_type
        WHEN 'bigint' THEN (enterprise + v)::text
        WHEN 'integer' THEN '1'
        WHEN 'smallint' THEN '1'
        WHEN 'boolean' THEN (v <> 1)::text
        WHEN 'text' THEN word
        WHEN 'text[]' THEN '{' || word || '}'
        WHEN 'bytea' THEN word
        WHEN 'timestamp with time zone' THEN '2026-01-01'
        WHEN 'date' THEN '2026-01-01'
        WHEN 'jsonb' THEN '{}'
    END;
END $$;

CREATE FUNCTION world_tables() RETURNS SETOF name LANGUAGE sql AS $$
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'enterprise_id'
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
    ORDER BY 1
$$;

CREATE FUNCTION world_add_row(of_table text, enterprise bigint, v integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    names text;
    given text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg(quote_nullable(world_value(of_table, attname, format_type(atttypid, NULL), NOT attnotnull,
                                                 enterprise, v)), ', ' ORDER BY attnum)
    INTO names, given
    FROM pg_attribute
    WHERE attrelid = quote_ident(of_table)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format('INSERT INTO %I (%s) VALUES (%s)', of_table, names, given);
END $$;

CREATE FUNCTION world_add(enterprise bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t text;
BEGIN
    SET LOCAL session_replication_role = replica;
    PERFORM world_add_row('enterprise', enterprise, 0);
    FOR t IN SELECT world_tables() LOOP
        FOR v IN 0..2 LOOP
            CONTINUE WHEN t = 'audit_head' AND v > 0;  -- one for each enterprise
            PERFORM world_add_row(t, enterprise, v);
        END LOOP;
    END LOOP;
END $$;

-- Changes when any row of the enterprise does, comes or goes.
CREATE FUNCTION world_sum(enterprise bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t text;
    one text;
    total text := (SELECT e::text FROM enterprise e WHERE e.id = enterprise);
BEGIN
    FOR t IN SELECT world_tables() LOOP
        EXECUTE format('SELECT string_agg(x::text, '','' ORDER BY x::text) FROM %I x WHERE enterprise_id = $1', t)
        INTO one USING enterprise;
        total := md5(total || coalesce(one, '-'));
    END LOOP;
    RETURN coalesce(total, '');
END $$;
