-- Alarms that go on and end, and what terminals tell of their own doings.

-- ---- Alarms ----

-- One of these kinds goes on for as long as what it is about, once for each terminal: DEVICE_OFFLINE, CLOCK_SKEW, BACKLOG,
-- CERTIFICATE_EXPIRY. The others (see 0001) are over when they are raised.
ALTER TABLE alarm
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN acknowledged_at timestamptz,
    ADD COLUMN acknowledged_by text NOT NULL DEFAULT '';    -- user name
UPDATE alarm SET ended_at = raised_at;
CREATE UNIQUE INDEX alarm_going_on ON alarm (enterprise_id, device_id, kind) WHERE ended_at IS NULL;
CREATE INDEX alarm_time ON alarm (enterprise_id, raised_at, id);
CREATE INDEX alarm_open ON alarm (enterprise_id, raised_at, id) WHERE acknowledged_at IS NULL OR ended_at IS NULL;
CREATE INDEX alarm_device ON alarm (enterprise_id, device_id, raised_at, id);
GRANT UPDATE (acknowledged_at, acknowledged_by) ON alarm TO smartpass_app;

-- Which server watches the terminals. One row for the whole installation.
CREATE TABLE watch_lease (
    name text PRIMARY KEY,
    owner bigint NOT NULL,
    expires_at timestamptz NOT NULL,            -- by the database's clock
    since timestamptz NOT NULL                  -- by the servers' clock: since then there was always one
);
ALTER TABLE watch_lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE watch_lease FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON watch_lease TO smartpass_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON watch_lease TO smartpass_system;

-- ---- Logs of terminals ----

-- Their ids rise in the order in which the lines came. The lines of a terminal stay when it is taken over by another
-- enterprise, and go with the one that they were written in: they refer to no row of it.
CREATE TABLE device_log (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    id bigint NOT NULL,
    epoch integer NOT NULL,
    number bigint NOT NULL,
    happened_at timestamptz NOT NULL,           -- by the terminal's clock
    received_at timestamptz NOT NULL,
    level smallint NOT NULL,                    -- smartpass.v1.LogLevel
    event text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (enterprise_id, device_id, id),
    CONSTRAINT device_log_key UNIQUE (enterprise_id, device_id, epoch, number)
);
CREATE INDEX device_log_received ON device_log (received_at);
ALTER TABLE device_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_log FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON device_log TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON device_log TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON device_log TO smartpass_system;
GRANT SELECT ON device_log TO smartpass_app;
