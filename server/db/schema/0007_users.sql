-- What each user may do: administrators of a group everything within it, others what their role says.

CREATE TABLE role (
    enterprise_id bigint NOT NULL REFERENCES enterprise,
    id bigint NOT NULL,
    name text NOT NULL,
    permissions text[] NOT NULL,                -- "<module>.<operation>", sorted
    created_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    CONSTRAINT role_name UNIQUE (enterprise_id, name)
);

ALTER TABLE app_user
    ADD COLUMN display_name text NOT NULL DEFAULT '',
    ADD COLUMN group_administrator boolean NOT NULL DEFAULT true,   -- as everybody was until now
    ADD COLUMN role_id bigint,                  -- of others than administrators
    ADD COLUMN disabled_at timestamptz,
    ADD COLUMN password_expires_at timestamptz, -- of a first password that nobody has changed
    ADD COLUMN last_login_at timestamptz,
    ADD CONSTRAINT app_user_role FOREIGN KEY (enterprise_id, role_id) REFERENCES role,
    ADD CONSTRAINT app_user_rights CHECK (group_administrator = (role_id IS NULL));
ALTER TABLE app_user ALTER COLUMN group_administrator DROP DEFAULT;
CREATE INDEX app_user_group ON app_user (enterprise_id, group_id);
CREATE INDEX app_user_role_index ON app_user (enterprise_id, role_id) WHERE role_id IS NOT NULL;

ALTER TABLE role ENABLE ROW LEVEL SECURITY;
ALTER TABLE role FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON role TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON role TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON role TO smartpass_app, smartpass_system;

-- Handlers write every column but super_admin: nobody becomes one by a request.
REVOKE INSERT, UPDATE ON app_user FROM smartpass_app;
GRANT INSERT (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only, created_at,
              display_name, group_administrator, role_id, disabled_at, password_expires_at)
    ON app_user TO smartpass_app;
GRANT UPDATE (group_id, password_phc, must_change_password, loopback_only, display_name, group_administrator, role_id,
              disabled_at, password_expires_at, last_login_at)
    ON app_user TO smartpass_app;
GRANT DELETE ON app_user TO smartpass_app;
ALTER TABLE app_user ALTER COLUMN super_admin SET DEFAULT false;
