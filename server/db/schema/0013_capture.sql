-- Photos that terminals take for a form: one at a time for each terminal.

CREATE TABLE capture (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    device_id bigint NOT NULL,
    user_id bigint NOT NULL,                    -- who asked for it, and may claim the photo
    state smallint NOT NULL,                    -- smartpass.v1.CaptureState; 1, 2 and 3 have not ended
    reason text NOT NULL,
    photo_id bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE
);
CREATE UNIQUE INDEX capture_of_device ON capture (enterprise_id, device_id) WHERE state IN (1, 2, 3);
CREATE INDEX capture_end ON capture (expires_at);
ALTER TABLE capture ENABLE ROW LEVEL SECURITY;
ALTER TABLE capture FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON capture TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON capture TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON capture TO smartpass_system;
GRANT SELECT, INSERT, UPDATE ON capture TO smartpass_app;
