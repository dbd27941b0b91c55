-- Who may do what. Both roles own nothing and stand under row-level security: smartpass_app sees the rows of the
-- enterprise that its transaction names, and none when it names none; smartpass_system sees all.

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'enterprise', 'org_group', 'app_user', 'session', 'login_failure', 'audit_row',
        'device', 'device_status', 'device_certificate', 'blob_key', 'blob', 'person', 'photo',
        'device_feed', 'device_person', 'pass_record', 'pass_snapshot', 'pass_rejected', 'pass_tally', 'alarm']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY system_all ON %I TO smartpass_system USING (true) WITH CHECK (true)', t);
        -- A reused connection leaves the setting as an empty string, not as NULL.
        IF t NOT IN ('enterprise', 'login_failure') THEN
            EXECUTE format('CREATE POLICY app_tenant ON %I TO smartpass_app USING '
                '(enterprise_id = NULLIF(current_setting(''smartpass.enterprise'', true), '''')::bigint)', t);
        END IF;
    END LOOP;
END $$;

CREATE POLICY app_tenant ON enterprise TO smartpass_app
    USING (id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO smartpass_app, smartpass_system;

-- What the system does for all: sessions, certificates, ingest, retention.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    enterprise, org_group, app_user, session, login_failure, device, device_status, device_certificate,
    blob_key, blob, person, photo, device_feed, device_person, pass_record, pass_snapshot, pass_rejected, pass_tally,
    alarm
    TO smartpass_system;

-- What handlers do for one enterprise. Records and tallies are the ingest's alone; a device is marked as deleted.
GRANT SELECT ON enterprise, pass_record, pass_snapshot, pass_rejected, pass_tally TO smartpass_app;
GRANT SELECT, INSERT, UPDATE ON app_user, device, device_status, device_certificate TO smartpass_app;
GRANT SELECT, INSERT ON alarm TO smartpass_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON org_group, person, photo, device_feed, device_person TO smartpass_app;
GRANT SELECT, INSERT, DELETE ON blob_key, blob TO smartpass_app;
GRANT SELECT, INSERT, DELETE ON session TO smartpass_app;

-- Nobody who serves requests can change or remove what was audited.
GRANT SELECT, INSERT ON audit_row TO smartpass_app, smartpass_system;
