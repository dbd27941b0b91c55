-- Other ways to be somebody: a second factor, a token for an integration, an identity provider's word.

-- Sessions get an id, by which their owner ends them. Whoever is signed in while this runs signs in again.
TRUNCATE session;
ALTER TABLE session ADD COLUMN id bigint NOT NULL;
CREATE UNIQUE INDEX session_id ON session (enterprise_id, id);

ALTER TABLE app_user
    ADD COLUMN preferences bytea NOT NULL DEFAULT '' CHECK (length(preferences) <= 65536),  -- packed Preferences
    ADD COLUMN totp_sealed bytea,               -- the second factor's secret, sealed with the master key
    ADD COLUMN totp_confirmed_at timestamptz,   -- NULL: set up, but no code of it was seen
    ADD COLUMN totp_last_step bigint NOT NULL DEFAULT 0,    -- of the last code taken: none is good twice
    ADD COLUMN external_issuer text,
    ADD COLUMN external_subject text,
    ADD CONSTRAINT app_user_external UNIQUE (external_issuer, external_subject),
    ADD CHECK ((external_issuer IS NULL) = (external_subject IS NULL));
GRANT UPDATE (preferences, totp_sealed, totp_confirmed_at, totp_last_step) ON app_user TO smartpass_app;

-- Each is good for one sign-in without the device that makes the codes.
CREATE TABLE recovery_code (
    enterprise_id bigint NOT NULL,
    user_id bigint NOT NULL,
    code_mac bytea NOT NULL,                    -- keyed with the pepper: short enough to be guessed otherwise
    PRIMARY KEY (enterprise_id, user_id, code_mac),
    FOREIGN KEY (enterprise_id, user_id) REFERENCES app_user ON DELETE CASCADE
);

CREATE TABLE api_token (
    token_sha256 bytea PRIMARY KEY,
    enterprise_id bigint NOT NULL,
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    permissions text[] NOT NULL,                -- some of its owner's; what he has lost since counts no more
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    last_used_address text NOT NULL DEFAULT '',
    UNIQUE (enterprise_id, id),
    CONSTRAINT api_token_name UNIQUE (enterprise_id, user_id, name),
    FOREIGN KEY (enterprise_id, user_id) REFERENCES app_user ON DELETE CASCADE
) WITH (fillfactor = 80);

-- From where each account has signed in of late: an address, or a network of IPv6 that one household has. What others try
-- elsewhere does not lock it out there.
CREATE TABLE login_place (
    enterprise_id bigint NOT NULL,
    user_id bigint NOT NULL,
    place text NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, user_id, place),
    FOREIGN KEY (enterprise_id, user_id) REFERENCES app_user ON DELETE CASCADE
);
CREATE INDEX login_place_seen ON login_place (seen_at);

-- The installation's provider of OpenID Connect: one row or none.
CREATE TABLE identity_provider (
    one boolean PRIMARY KEY CHECK (one),
    provider bytea NOT NULL,                    -- packed IdentityProvider, without the secret
    secret_sealed bytea                         -- with the master key
);

-- Sign-ins that went to the provider and are not back yet.
CREATE TABLE external_login (
    state_sha256 bytea PRIMARY KEY,
    binding_sha256 bytea NOT NULL,              -- of what the browser kept
    nonce text NOT NULL,
    verifier text NOT NULL,                     -- PKCE
    redirect_uri text NOT NULL,
    address text NOT NULL,                      -- of the browser: none may have too many under way
    expires_at timestamptz NOT NULL
);
CREATE INDEX external_login_expires ON external_login (expires_at);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['recovery_code', 'api_token', 'login_place', 'identity_provider', 'external_login'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY system_all ON %I TO smartpass_system USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO smartpass_system', t);
        IF t IN ('recovery_code', 'api_token', 'login_place') THEN
            EXECUTE format('CREATE POLICY app_tenant ON %I TO smartpass_app USING '
                '(enterprise_id = NULLIF(current_setting(''smartpass.enterprise'', true), '''')::bigint)', t);
            EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO smartpass_app', t);
        END IF;
    END LOOP;
END $$;
GRANT UPDATE (seen_at) ON login_place TO smartpass_app;
