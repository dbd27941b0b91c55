-- Who looks at what a terminal shows, and what that is. Both are of the moment: neither survives a crash of the database, and
-- pictures of people at a door go to no archive of what was written.

CREATE UNLOGGED TABLE screen_watch (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    user_id bigint NOT NULL,
    until timestamptz NOT NULL,                 -- by the clock of the database, so that all servers agree
    PRIMARY KEY (enterprise_id, device_id, user_id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE UNLOGGED TABLE screen_frame (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    number bigint NOT NULL,                     -- another one for each picture
    picture bytea NOT NULL,                     -- JPEG, sealed
    shown_at timestamptz NOT NULL,              -- when the terminal last said so
    PRIMARY KEY (enterprise_id, device_id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE
) WITH (fillfactor = 50);
ALTER TABLE screen_frame ALTER COLUMN picture SET STORAGE EXTERNAL; -- what is sealed cannot be compressed

ALTER TABLE screen_watch ENABLE ROW LEVEL SECURITY;
ALTER TABLE screen_watch FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON screen_watch TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON screen_watch TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
ALTER TABLE screen_frame ENABLE ROW LEVEL SECURITY;
ALTER TABLE screen_frame FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON screen_frame TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON screen_frame TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON screen_watch, screen_frame TO smartpass_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON screen_watch TO smartpass_app;
GRANT SELECT, DELETE ON screen_frame TO smartpass_app;
