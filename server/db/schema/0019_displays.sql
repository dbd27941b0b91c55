-- Pass display: pictures that terminals show full screen when they recognise somebody.

-- What a terminal should show has a version, which rises with every change; so does a terminal's own that shows it. Whoever
-- changes the displays of a terminal raises it first, and so stands alone.
CREATE TABLE display_plan (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    version bigint NOT NULL,                    -- never the same again, whatever backup is restored
    reported_version bigint NOT NULL,           -- in force at the terminal, by its own account
    PRIMARY KEY (enterprise_id, device_id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE
);

CREATE TABLE display (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    device_id bigint NOT NULL,
    strangers boolean NOT NULL,
    seconds smallint NOT NULL,
    picture_id bigint NOT NULL,                 -- the key of its bytes belongs to display:<picture_id>
    blob_id bigint NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    version bigint NOT NULL,                    -- of the plan in which it changed last
    refused text NOT NULL,                      -- by the terminal, and why
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device ON DELETE CASCADE,
    FOREIGN KEY (enterprise_id, blob_id) REFERENCES blob
);
CREATE INDEX display_device ON display (enterprise_id, device_id, id);
CREATE INDEX display_blob ON display (enterprise_id, blob_id);
CREATE UNIQUE INDEX display_strangers ON display (enterprise_id, device_id) WHERE strangers;

-- Whose they are: a person has one at most at a terminal. Whoever erases a person takes him out.
CREATE TABLE display_person (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    person_id bigint NOT NULL,
    display_id bigint NOT NULL,
    PRIMARY KEY (enterprise_id, device_id, person_id),
    FOREIGN KEY (enterprise_id, display_id) REFERENCES display ON DELETE CASCADE
);
CREATE INDEX display_person_person ON display_person (enterprise_id, person_id);
CREATE INDEX display_person_display ON display_person (enterprise_id, display_id);

ALTER TABLE display_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE display_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON display_plan TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON display_plan TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
ALTER TABLE display ENABLE ROW LEVEL SECURITY;
ALTER TABLE display FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON display TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON display TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
ALTER TABLE display_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE display_person FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON display_person TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON display_person TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON display_plan, display, display_person TO smartpass_system, smartpass_app;
