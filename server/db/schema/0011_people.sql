-- Everything that is known of people, and the receipts of those who were erased. What is not known is empty text, no date.

ALTER TABLE person
    ADD COLUMN gender smallint NOT NULL DEFAULT 0,              -- smartpass.v1.Gender
    ADD COLUMN identity_number text NOT NULL DEFAULT '',
    ADD COLUMN nationality text NOT NULL DEFAULT '',
    ADD COLUMN ethnicity text NOT NULL DEFAULT '',
    ADD COLUMN birthplace text NOT NULL DEFAULT '',
    ADD COLUMN birth_date date,
    ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN company text NOT NULL DEFAULT '',
    ADD COLUMN host_id bigint,
    ADD COLUMN purpose text NOT NULL DEFAULT '',
    ADD COLUMN employed_from date,
    ADD COLUMN employed_until date,
    ADD COLUMN consent_date date,
    ADD COLUMN consent_note text NOT NULL DEFAULT '',
    ADD CONSTRAINT person_host FOREIGN KEY (enterprise_id, host_id) REFERENCES person ON DELETE SET NULL (host_id);
CREATE UNIQUE INDEX person_identity ON person (enterprise_id, kind, identity_number) WHERE identity_number <> '';
CREATE INDEX person_host_of ON person (enterprise_id, host_id) WHERE host_id IS NOT NULL;
-- Whom the blacklist names, by card; by identity the unique index tells.
CREATE INDEX person_blacklisted_card ON person (enterprise_id, card_number) WHERE card_number <> '' AND kind = 3;
-- Whose grants end by themselves.
CREATE INDEX person_employed_until ON person (employed_until) WHERE employed_until IS NOT NULL;

-- Which terminals still have an erased person, device_person tells.
CREATE TABLE erasure (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,                         -- the person's
    kind smallint NOT NULL,
    group_id bigint NOT NULL,                   -- the person's
    number text NOT NULL,
    name text NOT NULL,
    operator text NOT NULL,
    pictures integer NOT NULL,
    erased_at timestamptz NOT NULL,
    noted boolean NOT NULL,                     -- stands in the list of erasures outside the database
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX erasure_time ON erasure (enterprise_id, erased_at, id);
CREATE INDEX erasure_to_note ON erasure (enterprise_id, id) WHERE NOT noted;
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON erasure TO smartpass_system USING (true) WITH CHECK (true);
CREATE POLICY app_tenant ON erasure TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON erasure TO smartpass_system;
GRANT SELECT, INSERT ON erasure TO smartpass_app;
GRANT DELETE ON pass_snapshot TO smartpass_app;

-- Every kind of people has permissions of its own now, and so have photos.
CREATE FUNCTION pg_temp.by_kind(permissions text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(DISTINCT new ORDER BY new), '{}')
    FROM unnest(permissions) AS old
    CROSS JOIN LATERAL unnest(CASE old
        WHEN 'people.view' THEN ARRAY['employees.view', 'photos.view']
        WHEN 'people.edit' THEN ARRAY['employees.edit', 'photos.edit']
        ELSE ARRAY[old] END) AS new
$$;
-- The owner of the tables stands under their policies too.
ALTER TABLE role NO FORCE ROW LEVEL SECURITY;
ALTER TABLE api_token NO FORCE ROW LEVEL SECURITY;
UPDATE role SET permissions = pg_temp.by_kind(permissions) WHERE permissions && '{people.view,people.edit}';
UPDATE api_token SET permissions = pg_temp.by_kind(permissions) WHERE permissions && '{people.view,people.edit}';
ALTER TABLE role FORCE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;
