-- What takes long: one row for each piece of work, which is its queue, its lease, its progress and its result at once.
--
-- A row outlives the server that works on it: whoever holds the lease (lease_owner, and how many times it was taken)
-- writes, nobody else. It refers to no user and no enterprise, because it may be about removing just those.
CREATE TABLE operation (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    object text NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 5),  -- smartpass.v1.OperationState
    stage text NOT NULL,
    progress bigint NOT NULL,
    total bigint NOT NULL,                      -- 0: not known yet
    failures bigint NOT NULL,
    request bytea NOT NULL CHECK (length(request) <= 1048576),      -- packed message; emptied at the end
    checkpoint bytea NOT NULL CHECK (length(checkpoint) <= 65536),  -- where a resumable one goes on; emptied at the end
    result_type text NOT NULL,                  -- type URL; '': there is none
    result bytea NOT NULL CHECK (length(result) <= 1048576),        -- packed message
    error_code smallint NOT NULL,               -- gRPC code; 0: none
    error_reason text NOT NULL,
    error_message text NOT NULL,
    operator_user_id bigint NOT NULL,
    operator text NOT NULL,                     -- user name at the start
    group_id bigint NOT NULL,                   -- the operator's at the start
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    lease_owner bigint,                         -- the runner that works on it
    lease_until timestamptz,                    -- by the database's clock, which all servers share
    attempts integer NOT NULL,                  -- how many times it was taken
    cancel_requested boolean NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    CHECK ((state IN (3, 4, 5)) = (finished_at IS NOT NULL)),
    CHECK ((state = 2) = (lease_owner IS NOT NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX operation_open ON operation (id) WHERE state IN (1, 2);
CREATE INDEX operation_of_user ON operation (enterprise_id, operator_user_id, id);
CREATE INDEX operation_ended ON operation (finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE operation ENABLE ROW LEVEL SECURITY;
ALTER TABLE operation FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON operation TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON operation TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);

-- Handlers start, list, cancel and dismiss; work that runs as the application reports how far it is. Who takes it and
-- how it ended is the system's alone, and what it was asked to do changes for nobody.
GRANT SELECT, INSERT, UPDATE, DELETE ON operation TO smartpass_system;
GRANT SELECT, INSERT, DELETE ON operation TO smartpass_app;
GRANT UPDATE (state, stage, progress, total, failures, request, checkpoint, finished_at, lease_until, cancel_requested)
    ON operation TO smartpass_app;
