-- Files that came in to be imported and files that operations made, and what failed in an import.

CREATE TABLE transfer_file (
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,                         -- and its name in the folder of files
    kind smallint NOT NULL,                     -- smartpass.v1.TransferFileKind
    made boolean NOT NULL,                      -- by an operation; else uploaded
    name text NOT NULL,
    size bigint NOT NULL,
    owner_user_id bigint NOT NULL,              -- who uploaded it, or started the operation
    operation_id bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, id)
);
CREATE INDEX transfer_file_end ON transfer_file (expires_at);
CREATE INDEX transfer_file_operation ON transfer_file (enterprise_id, operation_id) WHERE operation_id IS NOT NULL;

CREATE TABLE import_problem (
    enterprise_id bigint NOT NULL,
    operation_id bigint NOT NULL,
    row integer NOT NULL,
    position smallint NOT NULL,                 -- of the problem among those of its row
    column_name text NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (enterprise_id, operation_id, row, position),
    CONSTRAINT import_problem_operation FOREIGN KEY (enterprise_id, operation_id)
        REFERENCES operation (enterprise_id, id) ON DELETE CASCADE
);

-- Rows of a sheet on their way into the table, an array at a time. Dates are text, '' for none.
CREATE TYPE imported_person AS (
    id bigint, group_id bigint, gender smallint, number text, name text, phone text, card_number text,
    identity_number text, nationality text, birthplace text, birth_date text, address text, employed_from text,
    employed_until text, consent_date text, consent_note text, notes text
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['transfer_file', 'import_problem']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY system_all ON %I TO smartpass_system USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY app_tenant ON %I TO smartpass_app USING '
            '(enterprise_id = NULLIF(current_setting(''smartpass.enterprise'', true), '''')::bigint)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO smartpass_app, smartpass_system', t);
    END LOOP;
END $$;
