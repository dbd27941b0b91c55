-- The tree of groups grows, is moved and pruned; enterprises can be deleted.

ALTER TABLE enterprise
    ADD COLUMN deleting_at timestamptz,         -- its deletion was asked for: nobody signs in any more
    ADD COLUMN tree_version bigint NOT NULL DEFAULT 1;  -- raised by every change of the tree, so that servers may cache it
GRANT UPDATE (name, time_zone, tree_version) ON enterprise TO smartpass_app;

-- A deleted group stays as a grave below the group that took its content, because records name the group that they were
-- made in; whoever sees the group above sees them.
ALTER TABLE org_group ADD COLUMN deleted_at timestamptz;
ALTER TABLE org_group DROP CONSTRAINT org_group_enterprise_id_parent_id_name_key;
CREATE UNIQUE INDEX org_group_name ON org_group (enterprise_id, parent_id, name) NULLS NOT DISTINCT
    WHERE deleted_at IS NULL;
CREATE INDEX org_group_parent ON org_group (enterprise_id, parent_id);

-- A group of one module's own. What has no section lies in the default one.
CREATE TABLE section (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    group_id bigint NOT NULL,
    module smallint NOT NULL CHECK (module BETWEEN 1 AND 4),    -- smartpass.v1.Module
    name text NOT NULL,
    PRIMARY KEY (enterprise_id, id),
    UNIQUE (enterprise_id, group_id, id),
    CONSTRAINT section_name UNIQUE (enterprise_id, group_id, module, name),
    FOREIGN KEY (enterprise_id, group_id) REFERENCES org_group
);

-- The key holds the group too, so that nothing lies in a section of another group.
ALTER TABLE person
    ADD COLUMN section_id bigint,
    ADD CONSTRAINT person_section FOREIGN KEY (enterprise_id, group_id, section_id)
        REFERENCES section (enterprise_id, group_id, id);
ALTER TABLE device
    ADD COLUMN section_id bigint,
    ADD CONSTRAINT device_section FOREIGN KEY (enterprise_id, group_id, section_id)
        REFERENCES section (enterprise_id, group_id, id);
-- With what a list's rows are counted by, so that counting reads the index alone.
CREATE INDEX person_group ON person (enterprise_id, group_id, kind, section_id);
CREATE INDEX device_group ON device (enterprise_id, group_id);

ALTER TABLE section ENABLE ROW LEVEL SECURITY;
ALTER TABLE section FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON section TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON section TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON section TO smartpass_app, smartpass_system;

-- The records of one group, newest first, when they are few among many.
CREATE INDEX pass_record_group ON pass_record (enterprise_id, group_id, occurred_at, id);
-- A terminal's records are mostly of one group: whoever plans by the two as if they were independent goes astray.
CREATE STATISTICS pass_record_place (dependencies) ON device_id, group_id FROM pass_record;

-- Figures for those who see a part of the enterprise: by the day, else they would be many.
CREATE TABLE pass_tally_group (
    enterprise_id bigint NOT NULL,
    group_id bigint NOT NULL,                   -- that the terminals had
    day date NOT NULL,                          -- in the enterprise's zone
    kind smallint NOT NULL,
    writer smallint NOT NULL,
    passes bigint NOT NULL,
    abnormal bigint NOT NULL,
    PRIMARY KEY (enterprise_id, group_id, day, kind, writer)
) WITH (fillfactor = 50);
INSERT INTO pass_tally_group
SELECT r.enterprise_id, r.group_id, (r.occurred_at AT TIME ZONE e.time_zone)::date, r.kind, 0, count(*),
    count(*) FILTER (WHERE r.state = 2)
FROM pass_record r JOIN enterprise e ON e.id = r.enterprise_id
GROUP BY 1, 2, 3, 4;
ALTER TABLE pass_tally_group ENABLE ROW LEVEL SECURITY;
ALTER TABLE pass_tally_group FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON pass_tally_group TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON pass_tally_group TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON pass_tally_group TO smartpass_system;
GRANT SELECT ON pass_tally_group TO smartpass_app;
