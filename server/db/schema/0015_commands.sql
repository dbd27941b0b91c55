-- What terminals were told to do at once, and what became of it.

CREATE TABLE device_command (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    batch_id bigint NOT NULL,                   -- those that were given together
    device_id bigint NOT NULL,
    user_id bigint NOT NULL,                    -- who gave it
    operator text NOT NULL,                     -- his name then
    kind smallint NOT NULL,                     -- smartpass.v1.CommandKind
    sign_out boolean NOT NULL,                  -- of a reset
    state smallint NOT NULL,                    -- smartpass.v1.CommandState; 1 and 2 have not ended
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,            -- nothing is carried out from here on
    told_at timestamptz,                        -- when it last went out; NULL: the terminal cannot have it
    received_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX device_command_of_device ON device_command (enterprise_id, device_id, id);
CREATE INDEX device_command_of_batch ON device_command (enterprise_id, batch_id, id);
CREATE INDEX device_command_sent ON device_command (device_id) WHERE state = 1;
CREATE INDEX device_command_open ON device_command (expires_at) WHERE state IN (1, 2);
CREATE INDEX device_command_age ON device_command (created_at);
ALTER TABLE device_command ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_command FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON device_command TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON device_command TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON device_command TO smartpass_system;
GRANT SELECT, INSERT ON device_command TO smartpass_app;
