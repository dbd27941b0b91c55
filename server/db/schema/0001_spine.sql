-- The first tables: enterprises and users, people and photos, terminals and who may pass at them, and the records.
--
-- Every key begins with enterprise_id. Identifiers are made by the application; there are no sequences and no triggers,
-- so that a distributed PostgreSQL can take the tables as they are. "app" runs the handlers under row-level security;
-- "system" sees every enterprise. Neither owns a table.

CREATE TABLE enterprise (
    id bigint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    time_zone text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE org_group (
    enterprise_id bigint NOT NULL REFERENCES enterprise,
    id bigint NOT NULL,
    parent_id bigint,
    name text NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, parent_id) REFERENCES org_group,
    UNIQUE NULLS NOT DISTINCT (enterprise_id, parent_id, name)
);

CREATE TABLE app_user (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    group_id bigint NOT NULL,
    username text NOT NULL UNIQUE,              -- one name space: the login asks for no enterprise
    password_phc text NOT NULL,                 -- Argon2id, PHC form
    must_change_password boolean NOT NULL,
    loopback_only boolean NOT NULL,             -- the well-known first password: good from this machine alone
    super_admin boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, group_id) REFERENCES org_group
);

CREATE TABLE session (
    token_sha256 bytea PRIMARY KEY,
    enterprise_id bigint NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,            -- the end whatever happens; idle time ends it before
    address text NOT NULL,
    user_agent text NOT NULL,
    FOREIGN KEY (enterprise_id, user_id) REFERENCES app_user ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX session_of_user ON session (enterprise_id, user_id);

-- One row for each account and address that failed of late, whether or not the account exists.
CREATE TABLE login_failure (
    username_sha256 bytea NOT NULL,
    address text NOT NULL,
    failures integer NOT NULL,
    locked_until timestamptz NOT NULL,
    failed_at timestamptz NOT NULL,
    PRIMARY KEY (username_sha256, address)
);

-- Who did what. Insert-only for the application.
CREATE TABLE audit_row (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    operator text NOT NULL,                     -- user name, or device:<id>
    address text NOT NULL,
    action text NOT NULL,                       -- the audit verb of the method
    object text NOT NULL,
    code smallint NOT NULL,                     -- gRPC code of the answer
    reason text NOT NULL,
    PRIMARY KEY (enterprise_id, id)
);

CREATE TABLE device (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    group_id bigint NOT NULL,
    serial_number text NOT NULL,
    name text NOT NULL,
    mac text NOT NULL,
    model text NOT NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz,                     -- its records still refer to it
    settings_version bigint NOT NULL,
    temperature_detection boolean NOT NULL,
    alarm_threshold_centi integer NOT NULL CHECK (alarm_threshold_centi BETWEEN 3000 AND 4500),
    block_abnormal boolean NOT NULL,
    mask_required boolean NOT NULL,
    stranger_mode boolean NOT NULL,
    stranger_record boolean NOT NULL,
    relay_seconds smallint NOT NULL CHECK (relay_seconds BETWEEN 1 AND 63),
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, group_id) REFERENCES org_group
);
CREATE UNIQUE INDEX device_serial ON device (enterprise_id, serial_number) WHERE deleted_at IS NULL;

-- What changes with every sign of life stands apart, so that the row above stays cold.
CREATE TABLE device_status (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    connected boolean NOT NULL,
    last_seen_at timestamptz,
    store_epoch integer NOT NULL,
    address text NOT NULL,
    software_version text NOT NULL,
    engine text NOT NULL,
    people_count integer NOT NULL,
    photo_count integer NOT NULL,
    unsent_records bigint NOT NULL,
    reported_settings_version bigint NOT NULL,
    PRIMARY KEY (enterprise_id, device_id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

CREATE TABLE device_certificate (
    serial text PRIMARY KEY,                    -- hex
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device
);
CREATE INDEX device_certificate_device ON device_certificate (enterprise_id, device_id);

-- A key of its own for each owner of blobs, wrapped by the installation's master key: without the row, the blobs are noise.
CREATE TABLE blob_key (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    owner text NOT NULL,                        -- person:<id>, strangers:<yyyy-mm-dd>, upload:<photo id>
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    UNIQUE (enterprise_id, owner)
);

CREATE TABLE blob (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    key_id bigint NOT NULL,
    segment bigint NOT NULL,
    place bigint NOT NULL,                      -- offset of the sealed bytes in the segment
    sealed_length integer NOT NULL,
    length integer NOT NULL,                    -- of the plain bytes
    sha256 bytea NOT NULL,                      -- of the plain bytes
    created_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, key_id) REFERENCES blob_key
);

CREATE TABLE person (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    kind smallint NOT NULL,                     -- smartpass.v1.PersonKind
    group_id bigint NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    card_number text NOT NULL,
    notes text NOT NULL,
    photo_id bigint,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, group_id) REFERENCES org_group,
    CONSTRAINT person_number UNIQUE (enterprise_id, kind, number)
);
CREATE UNIQUE INDEX person_card ON person (enterprise_id, card_number) WHERE card_number <> '' AND kind IN (1, 2);

-- A checked picture of a face. Until a person claims it, it expires.
CREATE TABLE photo (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    person_id bigint,
    blob_id bigint NOT NULL,
    thumbnail_blob_id bigint NOT NULL,
    template_blob_id bigint NOT NULL,
    engine text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    uploaded_by bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, blob_id) REFERENCES blob
);
CREATE INDEX photo_unclaimed ON photo (expires_at) WHERE expires_at IS NOT NULL;

-- The last revision that was given out for a terminal. Whoever changes the terminal's people takes this row's lock
-- first, so that revisions become visible in their order.
CREATE TABLE device_feed (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (enterprise_id, device_id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device
) WITH (fillfactor = 50);

-- One row for each person that is, was or shall be on a terminal. The feed is "rows above your revision".
CREATE TABLE device_person (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    person_id bigint NOT NULL,
    revision bigint NOT NULL,
    present boolean NOT NULL,                   -- false: to be taken off
    valid_from timestamptz,
    valid_until timestamptz,
    confirmed_revision bigint NOT NULL,         -- the last one that the terminal applied or refused
    failure smallint NOT NULL,                  -- smartpass.v1.ApplyFailure of confirmed_revision
    granted_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, device_id, person_id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX device_person_feed ON device_person (enterprise_id, device_id, revision);
CREATE INDEX device_person_person ON device_person (enterprise_id, person_id);

CREATE TABLE pass_record (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    epoch integer NOT NULL,
    seq bigint NOT NULL,
    id bigint NOT NULL,
    group_id bigint NOT NULL,                   -- the terminal's at receipt
    person_id bigint,
    person_name text NOT NULL,
    person_number text NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    kind smallint NOT NULL,
    result smallint NOT NULL,
    deny_reason smallint NOT NULL,
    state smallint NOT NULL,                    -- smartpass.v1.PassState
    authorised boolean NOT NULL,
    clock_synced boolean NOT NULL,
    temperature_centi integer NOT NULL,
    threshold_centi integer NOT NULL,
    distance_milli integer NOT NULL,
    card_number text NOT NULL,
    snapshot_sha256 bytea,
    CONSTRAINT pass_record_key PRIMARY KEY (enterprise_id, device_id, epoch, seq),
    CHECK (kind BETWEEN 1 AND 4),
    CHECK (result BETWEEN 1 AND 2),
    CHECK (temperature_centi BETWEEN 0 AND 10000)
);
CREATE INDEX pass_record_time ON pass_record (enterprise_id, occurred_at, id);
CREATE INDEX pass_record_id ON pass_record (enterprise_id, id);
CREATE INDEX pass_record_person ON pass_record (enterprise_id, person_id, occurred_at) WHERE person_id IS NOT NULL;

-- The picture of a record, a row of its own because it arrives later.
CREATE TABLE pass_snapshot (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    epoch integer NOT NULL,
    seq bigint NOT NULL,
    blob_id bigint NOT NULL,
    PRIMARY KEY (enterprise_id, device_id, epoch, seq),
    FOREIGN KEY (enterprise_id, blob_id) REFERENCES blob
);

-- Records that the database would not take, as they came, so that nothing is lost.
CREATE TABLE pass_rejected (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    epoch integer NOT NULL,
    seq bigint NOT NULL,
    record bytea NOT NULL,                      -- smartpass.link.v1.PassRecord
    sqlstate text NOT NULL,
    rejected_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, device_id, epoch, seq)
);

-- Figures of the console, sharded by writer so that writers never wait for each other.
CREATE TABLE pass_tally (
    enterprise_id bigint NOT NULL,
    day date NOT NULL,                          -- in the enterprise's zone
    hour smallint NOT NULL,
    kind smallint NOT NULL,
    writer smallint NOT NULL,
    passes bigint NOT NULL,
    abnormal bigint NOT NULL,
    PRIMARY KEY (enterprise_id, day, hour, kind, writer)
) WITH (fillfactor = 50);

CREATE TABLE alarm (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    raised_at timestamptz NOT NULL,
    kind text NOT NULL,                         -- RECORD_REJECTED, CERTIFICATE_REFUSED, RECORD_GAP
    device_id bigint,
    detail text NOT NULL,
    PRIMARY KEY (enterprise_id, id)
);
