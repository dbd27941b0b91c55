-- The audit log becomes a chain: a sealer numbers the committed rows of each enterprise and gives each the keyed hash of
-- itself and the row before. What speaks of a person stands apart, so that it can be erased: the row keeps its hash.

ALTER TABLE audit_row
    ADD COLUMN module text NOT NULL DEFAULT '',  -- of the method; '' in rows that are older than this column
    ADD COLUMN operator_id bigint,              -- the user or device behind the operator's name
    ADD COLUMN person_id bigint,                -- whom the payload speaks of: it may be erased with him
    ADD COLUMN payload_hash bytea,              -- SHA-256 of the payload and its salt; NULL: there is none
    ADD COLUMN seal bigint,                     -- place in the enterprise's chain, from 1; NULL: not yet sealed
    ADD COLUMN mac bytea;                       -- HMAC-SHA-256 over the former row's mac and this row

CREATE UNIQUE INDEX audit_row_seal ON audit_row (enterprise_id, seal) WHERE seal IS NOT NULL;
CREATE INDEX audit_row_unsealed ON audit_row (enterprise_id, id) WHERE seal IS NULL;
CREATE INDEX audit_row_time ON audit_row (enterprise_id, happened_at, id);

CREATE TABLE audit_payload (
    enterprise_id bigint NOT NULL,
    row_id bigint NOT NULL,
    person_id bigint,
    salt bytea NOT NULL,                        -- without it, a hash would tell whether a guessed payload is the right one
    object text NOT NULL,                       -- instead of the row's, when that would name the person
    before text NOT NULL,                       -- JSON
    after text NOT NULL,
    PRIMARY KEY (enterprise_id, row_id)
);
CREATE INDEX audit_payload_person ON audit_payload (enterprise_id, person_id) WHERE person_id IS NOT NULL;

-- Where each chain ends.
CREATE TABLE audit_head (
    enterprise_id bigint PRIMARY KEY,
    seal bigint NOT NULL,
    mac bytea NOT NULL,
    sealed_at timestamptz NOT NULL
);

-- Who seals. One row for the whole installation.
CREATE TABLE audit_lease (
    name text PRIMARY KEY,
    owner bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    key_check bytea NOT NULL                    -- tells a server with another key, which would break every chain
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['audit_payload', 'audit_head', 'audit_lease'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY system_all ON %I TO smartpass_system USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

CREATE POLICY app_tenant ON audit_head FOR SELECT TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
CREATE POLICY app_read ON audit_payload FOR SELECT TO smartpass_app
    USING (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
CREATE POLICY app_add ON audit_payload FOR INSERT TO smartpass_app
    WITH CHECK (enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);
-- A handler erases what speaks of a person, nothing else.
CREATE POLICY app_erase ON audit_payload FOR DELETE TO smartpass_app
    USING (person_id IS NOT NULL
           AND enterprise_id = NULLIF(current_setting('smartpass.enterprise', true), '')::bigint);

-- Nobody who serves requests writes a seal with the row, and only the sealer's role adds it afterwards.
REVOKE INSERT ON audit_row FROM smartpass_app, smartpass_system;
GRANT INSERT (enterprise_id, id, happened_at, operator, operator_id, address, module, action, object, code, reason,
              person_id, payload_hash)
    ON audit_row TO smartpass_app, smartpass_system;
GRANT UPDATE (seal, mac) ON audit_row TO smartpass_system;
GRANT SELECT, INSERT, DELETE ON audit_payload TO smartpass_app, smartpass_system;
GRANT SELECT ON audit_head TO smartpass_app;
GRANT SELECT, INSERT, UPDATE ON audit_head, audit_lease TO smartpass_system;
