-- Users and what they may do: memberships, sessions, invitations, the audit log, settings, feature flags, provider credentials.
--
-- Secrets are stored as SHA-256 (tokens of 256 random bits) or as a slow hash with its parameters (passwords), or sealed.
-- E-mail addresses are lower case: one person is one row.

CREATE TABLE users (
    id uuid CONSTRAINT users_pkey PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    profile jsonb NOT NULL DEFAULT '{}',
    settings jsonb NOT NULL DEFAULT '{}',
    -- $scrypt$ln=..,r=..,p=..$salt$hash; NULL: signs in elsewhere only.
    password_hash text,
    -- Counted up to end all access tokens of a user at once: tokens carry the number they were made under.
    sign_in_generation integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT users_email_check CHECK (
        char_length(email) <= 254 AND email = lower(email) AND email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'
    ),
    CONSTRAINT users_name_check CHECK (
        char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
    ),
    CONSTRAINT users_profile_check CHECK (jsonb_typeof(profile) = 'object' AND octet_length(profile::text) <= 16384),
    CONSTRAINT users_settings_check CHECK (jsonb_typeof(settings) = 'object' AND octet_length(settings::text) <= 16384),
    CONSTRAINT users_password_hash_check CHECK (password_hash ~ '^\$scrypt\$' AND char_length(password_hash) <= 255),
    CONSTRAINT users_sign_in_generation_check CHECK (sign_in_generation > 0),
    CONSTRAINT users_created_at_check CHECK (isfinite(created_at)),
    CONSTRAINT users_disabled_at_check CHECK (isfinite(disabled_at) AND disabled_at >= created_at)
);

-- Who a user is at an OpenID Connect provider.
CREATE TABLE external_identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL CONSTRAINT external_identities_user_id_fkey REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT external_identities_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT external_identities_issuer_check CHECK (char_length(issuer) BETWEEN 1 AND 500),
    CONSTRAINT external_identities_subject_check CHECK (char_length(subject) BETWEEN 1 AND 255)
);
CREATE INDEX external_identities_user_id_idx ON external_identities (user_id);

-- What users say about the product.
CREATE TABLE feedback (
    id uuid CONSTRAINT feedback_pkey PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT feedback_user_id_fkey REFERENCES users (id),
    message text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feedback_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT feedback_message_check CHECK (char_length(message) BETWEEN 1 AND 10000)
);
CREATE INDEX feedback_user_id_idx ON feedback (user_id);

CREATE TABLE organization_memberships (
    organization_id uuid NOT NULL CONSTRAINT organization_memberships_organization_id_fkey REFERENCES organizations (id),
    user_id uuid NOT NULL CONSTRAINT organization_memberships_user_id_fkey REFERENCES users (id),
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT organization_memberships_pkey PRIMARY KEY (organization_id, user_id),
    CONSTRAINT organization_memberships_role_check CHECK (role IN ('owner', 'admin', 'member', 'viewer'))
);
CREATE INDEX organization_memberships_user_id_idx ON organization_memberships (user_id);

-- An organization that once had an owner never loses its last one. Changes of its owners go one after the other: each locks
-- the organization's row, then looks who is left.
CREATE FUNCTION keep_one_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM organizations WHERE id = OLD.organization_id FOR UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT 1 FROM organization_memberships WHERE organization_id = OLD.organization_id AND role = 'owner'
    ) THEN
        RAISE EXCEPTION 'organization % would have no owner', OLD.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_memberships_owner_check';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER organization_memberships_owner AFTER UPDATE OR DELETE ON organization_memberships
    FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_one_owner();

-- So that what belongs to a project can be held to its organization.
CREATE UNIQUE INDEX projects_organization_id_id_key ON projects (organization_id, id);
DROP INDEX projects_organization_id_id_idx;

CREATE TABLE project_memberships (
    project_id uuid NOT NULL CONSTRAINT project_memberships_project_id_fkey REFERENCES projects (id),
    user_id uuid NOT NULL CONSTRAINT project_memberships_user_id_fkey REFERENCES users (id),
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT project_memberships_pkey PRIMARY KEY (project_id, user_id),
    CONSTRAINT project_memberships_role_check CHECK (role IN ('owner', 'admin', 'member', 'viewer'))
);
CREATE INDEX project_memberships_user_id_idx ON project_memberships (user_id);

-- A sign-in: a family of refresh tokens, each good for one exchange.
CREATE TABLE sessions (
    id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id),
    -- SHA-256 of the one refresh token that may be used next.
    token_hash bytea NOT NULL,
    user_agent text NOT NULL,
    address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT sessions_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_user_agent_check CHECK (char_length(user_agent) <= 300),
    CONSTRAINT sessions_expires_at_check CHECK (isfinite(expires_at) AND expires_at > created_at)
);
CREATE INDEX sessions_user_id_id_idx ON sessions (user_id, id);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- Refresh tokens that were exchanged: one that comes again was stolen, and ends its session.
CREATE TABLE spent_refresh_tokens (
    token_hash bytea CONSTRAINT spent_refresh_tokens_pkey PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT spent_refresh_tokens_session_id_fkey REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT spent_refresh_tokens_token_hash_check CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX spent_refresh_tokens_session_id_idx ON spent_refresh_tokens (session_id);

CREATE TABLE invitations (
    id uuid CONSTRAINT invitations_pkey PRIMARY KEY,
    organization_id uuid NOT NULL CONSTRAINT invitations_organization_id_fkey REFERENCES organizations (id),
    -- NULL: into the organization; otherwise into this project of it only.
    project_id uuid,
    email text NOT NULL,
    role text NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT invitations_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT invitations_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT invitations_email_check CHECK (
        char_length(email) <= 254 AND email = lower(email) AND email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'
    ),
    CONSTRAINT invitations_role_check CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
    CONSTRAINT invitations_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT invitations_expires_at_check CHECK (isfinite(expires_at) AND expires_at > created_at),
    CONSTRAINT invitations_end_check CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX invitations_organization_id_id_idx ON invitations (organization_id, id);

CREATE TABLE password_resets (
    token_hash bytea CONSTRAINT password_resets_pkey PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT password_resets_user_id_fkey REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT password_resets_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT password_resets_expires_at_check CHECK (isfinite(expires_at) AND expires_at > created_at)
);
CREATE INDEX password_resets_user_id_idx ON password_resets (user_id);

-- Failed sign-ins in a row, per account and per address. The subject is a SHA-256: whatever is tried takes 32 bytes, and
-- accounts that do not exist count like those that do.
CREATE TABLE sign_in_attempts (
    kind text NOT NULL,
    subject bytea NOT NULL,
    failure_count integer NOT NULL,
    last_failure_at timestamptz NOT NULL,
    CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (kind, subject),
    CONSTRAINT sign_in_attempts_kind_check CHECK (kind IN ('account', 'address')),
    CONSTRAINT sign_in_attempts_subject_check CHECK (octet_length(subject) = 32),
    CONSTRAINT sign_in_attempts_failure_count_check CHECK (failure_count >= 0)
);
CREATE INDEX sign_in_attempts_last_failure_at_idx ON sign_in_attempts (last_failure_at);

-- Who did what, on what, from where. No foreign keys: an entry outlives what it speaks of.
CREATE TABLE audit_entries (
    id uuid CONSTRAINT audit_entries_pkey PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- NULL: about a user alone, or about the installation.
    organization_id uuid,
    project_id uuid,
    caller_kind text NOT NULL,
    caller_id uuid,
    caller_name text NOT NULL,
    -- The operation's id in openapi/.
    action text NOT NULL,
    resource_kind text NOT NULL,
    resource_id text NOT NULL,
    address inet,
    request_id text NOT NULL,
    before jsonb,
    after jsonb,
    outcome text NOT NULL,
    CONSTRAINT audit_entries_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT audit_entries_caller_check CHECK (
        (caller_kind IN ('user', 'api_key') AND caller_id IS NOT NULL) OR (caller_kind IN ('anonymous', 'system') AND caller_id IS NULL)
    ),
    CONSTRAINT audit_entries_caller_name_check CHECK (char_length(caller_name) <= 400),
    CONSTRAINT audit_entries_action_check CHECK (action ~ '^[a-z][A-Za-z0-9]{0,63}$'),
    CONSTRAINT audit_entries_resource_check CHECK (
        resource_kind ~ '^[a-z][a-z_]{0,63}$' AND char_length(resource_id) BETWEEN 1 AND 200
    ),
    CONSTRAINT audit_entries_request_id_check CHECK (char_length(request_id) <= 200),
    CONSTRAINT audit_entries_outcome_check CHECK (outcome IN ('succeeded', 'refused'))
);
CREATE INDEX audit_entries_organization_id_id_idx ON audit_entries (organization_id, id);
CREATE INDEX audit_entries_project_id_id_idx ON audit_entries (project_id, id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- A project without a row has the defaults and version 0. Days of retention are a column of projects.
CREATE TABLE project_settings (
    project_id uuid CONSTRAINT project_settings_pkey PRIMARY KEY
        CONSTRAINT project_settings_project_id_fkey REFERENCES projects (id),
    -- Counted up by each change, for If-Match.
    version bigint NOT NULL,
    -- NULL: no limit, in this and the next two.
    byte_quota bigint,
    ingest_requests_per_second integer,
    ingest_bytes_per_second bigint,
    redaction_rules jsonb NOT NULL,
    default_models jsonb NOT NULL,
    -- Origins of browsers that may send spans.
    allowed_origins text[] NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT project_settings_version_check CHECK (version > 0),
    CONSTRAINT project_settings_byte_quota_check CHECK (byte_quota > 0),
    CONSTRAINT project_settings_ingest_requests_per_second_check CHECK (ingest_requests_per_second BETWEEN 1 AND 1000000),
    CONSTRAINT project_settings_ingest_bytes_per_second_check CHECK (ingest_bytes_per_second BETWEEN 1 AND 1000000000000),
    CONSTRAINT project_settings_redaction_rules_check CHECK (
        jsonb_typeof(redaction_rules) = 'object' AND octet_length(redaction_rules::text) <= 65536
    ),
    CONSTRAINT project_settings_default_models_check CHECK (
        jsonb_typeof(default_models) = 'object' AND octet_length(default_models::text) <= 16384
    ),
    CONSTRAINT project_settings_allowed_origins_check CHECK (
        cardinality(allowed_origins) <= 100 AND octet_length(array_to_string(allowed_origins, ' ')) <= 20000
        AND array_position(allowed_origins, NULL) IS NULL
    )
);

CREATE TABLE feature_flags (
    organization_id uuid NOT NULL CONSTRAINT feature_flags_organization_id_fkey REFERENCES organizations (id),
    name text NOT NULL,
    -- Of projects that have it on, picked by a hash of their ids.
    percentage integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feature_flags_pkey PRIMARY KEY (organization_id, name),
    CONSTRAINT feature_flags_name_check CHECK (name ~ '^[a-z][a-z0-9_.-]{0,63}$'),
    CONSTRAINT feature_flags_percentage_check CHECK (percentage BETWEEN 0 AND 100)
);

CREATE TABLE feature_flag_overrides (
    organization_id uuid NOT NULL,
    name text NOT NULL,
    project_id uuid NOT NULL,
    is_enabled boolean NOT NULL,
    CONSTRAINT feature_flag_overrides_pkey PRIMARY KEY (organization_id, name, project_id),
    CONSTRAINT feature_flag_overrides_name_fkey FOREIGN KEY (organization_id, name)
        REFERENCES feature_flags (organization_id, name) ON DELETE CASCADE,
    CONSTRAINT feature_flag_overrides_project_id_fkey FOREIGN KEY (organization_id, project_id)
        REFERENCES projects (organization_id, id)
);

-- Which master keys the rows of data_keys may be wrapped with: one, or two while one replaces the other. A key that is no
-- longer here cannot come back: the foreign key of data_keys refuses a late writer.
CREATE TABLE master_keys (
    -- The beginning of a SHA-256 of the key, in hex.
    id text CONSTRAINT master_keys_pkey PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT master_keys_id_check CHECK (id ~ '^[0-9a-f]{16}$')
);

-- What seals other secrets, itself wrapped by the master key: an organization's for its provider credentials, and the
-- installation's for signing access tokens and for hashing what redaction replaces.
CREATE TABLE data_keys (
    id uuid CONSTRAINT data_keys_pkey PRIMARY KEY,
    -- NULL: the installation's.
    organization_id uuid CONSTRAINT data_keys_organization_id_fkey REFERENCES organizations (id),
    purpose text NOT NULL,
    wrapped_key bytea NOT NULL,
    master_key_id text NOT NULL CONSTRAINT data_keys_master_key_id_fkey REFERENCES master_keys (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT data_keys_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT data_keys_purpose_check CHECK (
        (purpose = 'credentials' AND organization_id IS NOT NULL) OR (purpose IN ('tokens', 'redaction') AND organization_id IS NULL)
    ),
    -- Nonce, 32 bytes, tag.
    CONSTRAINT data_keys_wrapped_key_check CHECK (octet_length(wrapped_key) = 60)
);
CREATE UNIQUE INDEX data_keys_organization_id_idx ON data_keys (organization_id) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX data_keys_purpose_idx ON data_keys (purpose) WHERE organization_id IS NULL;
CREATE INDEX data_keys_master_key_id_idx ON data_keys (master_key_id);

CREATE TABLE provider_credentials (
    id uuid CONSTRAINT provider_credentials_pkey PRIMARY KEY,
    organization_id uuid NOT NULL CONSTRAINT provider_credentials_organization_id_fkey REFERENCES organizations (id),
    provider text NOT NULL,
    name text NOT NULL,
    -- NULL: the provider's own.
    base_url text,
    -- AES-256-GCM: nonce, ciphertext, tag.
    sealed_secret bytea NOT NULL,
    data_key_id uuid NOT NULL CONSTRAINT provider_credentials_data_key_id_fkey REFERENCES data_keys (id),
    -- Counted up by each replacement of the secret.
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT provider_credentials_organization_id_name_key UNIQUE (organization_id, name),
    CONSTRAINT provider_credentials_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT provider_credentials_provider_check CHECK (provider ~ '^[a-z][a-z0-9_.-]{0,63}$'),
    CONSTRAINT provider_credentials_name_check CHECK (
        char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
    ),
    CONSTRAINT provider_credentials_base_url_check CHECK (char_length(base_url) BETWEEN 1 AND 2000 AND base_url ~ '^https?://'),
    CONSTRAINT provider_credentials_sealed_secret_check CHECK (octet_length(sealed_secret) BETWEEN 29 AND 16412),
    CONSTRAINT provider_credentials_version_check CHECK (version > 0)
);

ALTER TABLE api_keys
    -- Empty: from anywhere.
    ADD COLUMN allowed_networks cidr[] NOT NULL DEFAULT '{}',
    -- NULL: no limit, in this and the next two.
    ADD COLUMN requests_per_second integer,
    ADD COLUMN bytes_per_second bigint,
    ADD COLUMN maximum_concurrency integer,
    -- The key made to take over; this one then expires when the overlap ends.
    ADD COLUMN replaced_by uuid CONSTRAINT api_keys_replaced_by_fkey REFERENCES api_keys (id),
    ADD CONSTRAINT api_keys_allowed_networks_check CHECK (
        cardinality(allowed_networks) <= 100 AND array_position(allowed_networks, NULL) IS NULL
    ),
    ADD CONSTRAINT api_keys_requests_per_second_check CHECK (requests_per_second BETWEEN 1 AND 1000000),
    ADD CONSTRAINT api_keys_bytes_per_second_check CHECK (bytes_per_second BETWEEN 1 AND 1000000000000),
    ADD CONSTRAINT api_keys_maximum_concurrency_check CHECK (maximum_concurrency BETWEEN 1 AND 100000);

-- The server's everyday role: reads and writes everything but the history of migrations, and only appends to the audit log.
-- Where the role cannot be made (somebody else's server), the triggers above stand alone: see docs/decisions/.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'spandrel_app') THEN
        BEGIN
            CREATE ROLE spandrel_app NOLOGIN;
        EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'spandrel_app') THEN
        IF NOT pg_has_role(current_user, 'spandrel_app', 'MEMBER') THEN
            BEGIN
                EXECUTE format('GRANT spandrel_app TO %I', current_user);
            EXCEPTION WHEN insufficient_privilege THEN NULL;
            END;
        END IF;
        BEGIN
            GRANT USAGE ON SCHEMA public TO spandrel_app;
        EXCEPTION WHEN insufficient_privilege THEN NULL;
        END;
        GRANT SELECT, INSERT, UPDATE, DELETE ON
            organizations, projects, api_keys, tasks, price_versions, prices, users, external_identities, feedback,
            organization_memberships, project_memberships, sessions, spent_refresh_tokens, invitations, password_resets,
            sign_in_attempts, project_settings, feature_flags, feature_flag_overrides, master_keys, data_keys,
            provider_credentials
            TO spandrel_app;
        GRANT SELECT, INSERT ON audit_entries TO spandrel_app;
        GRANT SELECT ON spandrel_migrations TO spandrel_app;
        -- Tables of later migrations.
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO spandrel_app;
    END IF;
END
$$;
