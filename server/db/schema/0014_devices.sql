-- Terminals: whether they were accepted, how they are, and each setting with its own version.

-- ---- Acceptance, place, condition ----

ALTER TABLE device
    ADD COLUMN place text NOT NULL DEFAULT '',
    ADD COLUMN approved_at timestamptz,         -- NULL: waits to be accepted
    ADD COLUMN approved_by bigint;
UPDATE device SET approved_at = created_at;     -- those that are there stay there

ALTER TABLE device_status
    ADD COLUMN connected_at timestamptz,
    ADD COLUMN clock_skew_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN unsent_snapshots bigint NOT NULL DEFAULT 0,
    ADD COLUMN free_bytes bigint NOT NULL DEFAULT 0,
    ADD COLUMN total_bytes bigint NOT NULL DEFAULT 0,
    ADD COLUMN people_capacity integer NOT NULL DEFAULT 0,
    ADD COLUMN last_error text NOT NULL DEFAULT '';

-- smartpass.v1.DevicePolicy; see there for the ranges.
ALTER TABLE enterprise
    ADD COLUMN device_approval boolean NOT NULL DEFAULT true,
    ADD COLUMN offline_alarm_seconds integer NOT NULL DEFAULT 300,
    ADD COLUMN clock_alarm_seconds integer NOT NULL DEFAULT 60,
    ADD COLUMN backlog_alarm_records integer NOT NULL DEFAULT 1000,
    ADD COLUMN certificate_alarm_days integer NOT NULL DEFAULT 14;
GRANT UPDATE (device_approval, offline_alarm_seconds, clock_alarm_seconds, backlog_alarm_records,
              certificate_alarm_days) ON enterprise TO smartpass_app;

-- ---- Settings ----

-- One row for each setting that was ever changed; the others have their factory value. key is the field number in
-- smartpass.v1.DeviceSettings. What is wanted, and what the terminal last said is in force.
CREATE TABLE device_setting (
    enterprise_id bigint NOT NULL,
    device_id bigint NOT NULL,
    key smallint NOT NULL,
    version bigint NOT NULL,                    -- device.settings_version when it was changed
    edit bigint NOT NULL,                       -- the change at the terminal that gave the value; 0: it was changed here
    number bigint NOT NULL,
    text text NOT NULL,
    reported_version bigint NOT NULL,           -- of the last outcome; 0: none
    reported_number bigint NOT NULL,
    reported_text text NOT NULL,
    refused text NOT NULL,                      -- why the terminal did not take it; empty: it did, or has not said
    PRIMARY KEY (enterprise_id, device_id, key),
    FOREIGN KEY (enterprise_id, device_id) REFERENCES device
) WITH (fillfactor = 80);
CREATE INDEX device_setting_feed ON device_setting (enterprise_id, device_id, version);
CREATE INDEX device_setting_unconfirmed ON device_setting (enterprise_id, device_id) WHERE reported_version < version;
CREATE INDEX device_setting_refused ON device_setting (enterprise_id, device_id) WHERE refused <> '';
ALTER TABLE device_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_setting FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON device_setting TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON device_setting TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON device_setting TO smartpass_system, smartpass_app;

-- What terminals had so far keeps its value, told once more: every key that had a column, and its relay as it worked (high
-- for some seconds).
INSERT INTO device_setting
SELECT d.enterprise_id, d.id, s.key, d.settings_version + s.key - 2, 0, s.number, '', 0, 0, '', ''
FROM device d
     CROSS JOIN LATERAL (VALUES (3, d.temperature_detection::integer), (4, d.alarm_threshold_centi),
                                (5, d.block_abnormal::integer), (6, d.mask_required::integer),
                                (7, d.stranger_mode::integer), (8, d.stranger_record::integer),
                                (9, d.relay_seconds::integer), (10, 2)) AS s (key, number)
WHERE d.deleted_at IS NULL;
UPDATE device SET settings_version = settings_version + 8 WHERE deleted_at IS NULL;
ALTER TABLE device
    ALTER COLUMN settings_version SET DEFAULT 0,
    DROP COLUMN temperature_detection,
    DROP COLUMN alarm_threshold_centi,
    DROP COLUMN block_abnormal,
    DROP COLUMN mask_required,
    DROP COLUMN stranger_mode,
    DROP COLUMN stranger_record,
    DROP COLUMN relay_seconds;
ALTER TABLE device_status DROP COLUMN reported_settings_version; -- each setting has its own
