-- Software of terminals: packages, and how they reach terminals.

CREATE TABLE package (
    enterprise_id bigint NOT NULL REFERENCES enterprise,
    id bigint NOT NULL,                         -- also the name of its file
    version text NOT NULL,                      -- MAJOR.MINOR.PATCH
    version_number bigint NOT NULL,             -- the same as a number that sorts
    model text NOT NULL,                        -- empty: any
    notes text NOT NULL,
    size bigint NOT NULL,                       -- bytes of what is installed
    sha256 bytea NOT NULL,
    file_size bigint NOT NULL,                  -- bytes of the whole file
    file_sha256 bytea NOT NULL,
    key_name text NOT NULL,
    created_at timestamptz NOT NULL,
    uploaded_by text NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    UNIQUE (enterprise_id, version_number, model)
);

-- What it says of its package stays true when that is deleted.
CREATE TABLE rollout (
    enterprise_id bigint NOT NULL REFERENCES enterprise,
    id bigint NOT NULL,
    package_id bigint NOT NULL,
    version text NOT NULL,
    version_number bigint NOT NULL,
    model text NOT NULL,
    state smallint NOT NULL,                    -- smartpass.v1.RolloutState
    stages smallint[] NOT NULL,                 -- percentages, rising; the last is 100
    stage smallint NOT NULL,                    -- the last one that has begun, from 0
    stop_percent smallint NOT NULL,
    force boolean NOT NULL,
    operator text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX rollout_open ON rollout (enterprise_id, package_id) WHERE state IN (1, 2);

CREATE TABLE rollout_device (
    enterprise_id bigint NOT NULL,
    rollout_id bigint NOT NULL,
    device_id bigint NOT NULL,
    stage smallint NOT NULL,
    state smallint NOT NULL,                    -- smartpass.v1.RolloutDeviceState
    reason text NOT NULL,
    received bigint NOT NULL,                   -- bytes of the package's file
    forgiven boolean NOT NULL,                  -- its failure does not stop the rollout any more
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, rollout_id, device_id),
    FOREIGN KEY (enterprise_id, rollout_id) REFERENCES rollout ON DELETE CASCADE,
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX rollout_device_open ON rollout_device (enterprise_id, device_id) WHERE state IN (1, 2, 3);

ALTER TABLE package ENABLE ROW LEVEL SECURITY;
ALTER TABLE package FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON package TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON package TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
ALTER TABLE rollout ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollout FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON rollout TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON rollout TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
ALTER TABLE rollout_device ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollout_device FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON rollout_device TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON rollout_device TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON package, rollout, rollout_device TO smartpass_system, smartpass_app;
