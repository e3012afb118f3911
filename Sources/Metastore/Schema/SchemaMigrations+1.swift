/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration1 = Migration(
        number: 1, name: "control_plane",
        sql: ##"""
            -- Organizations, projects, API keys, tasks and prices.
            --
            -- Ids are UUID version 7 made by the program: they sort by creation, so lists page by id alone. Times are UTC.
            -- Every constraint has a name: the program turns it into an answer that names the field.

            CREATE TABLE organizations (
                id uuid CONSTRAINT organizations_pkey PRIMARY KEY,
                name text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT organizations_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT organizations_name_check CHECK (
                    char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
                ),
                CONSTRAINT organizations_created_at_check CHECK (isfinite(created_at))
            );

            CREATE TABLE projects (
                id uuid CONSTRAINT projects_pkey PRIMARY KEY,
                organization_id uuid NOT NULL CONSTRAINT projects_organization_id_fkey REFERENCES organizations (id),
                name text NOT NULL,
                -- NULL: spans are kept for ever.
                retention_days integer,
                created_at timestamptz NOT NULL DEFAULT now(),
                archived_at timestamptz,
                CONSTRAINT projects_organization_id_name_key UNIQUE (organization_id, name),
                CONSTRAINT projects_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT projects_name_check CHECK (
                    char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
                ),
                CONSTRAINT projects_retention_days_check CHECK (retention_days BETWEEN 1 AND 36500),
                CONSTRAINT projects_created_at_check CHECK (isfinite(created_at)),
                CONSTRAINT projects_archived_at_check CHECK (isfinite(archived_at) AND archived_at >= created_at)
            );
            CREATE INDEX projects_organization_id_id_idx ON projects (organization_id, id);

            CREATE TABLE api_keys (
                id uuid CONSTRAINT api_keys_pkey PRIMARY KEY,
                project_id uuid NOT NULL CONSTRAINT api_keys_project_id_fkey REFERENCES projects (id),
                name text NOT NULL,
                -- The beginning of the secret, to know a key by.
                prefix text NOT NULL,
                -- SHA-256 of the secret. The secret is 256 random bits, so there is nothing to guess that salt or a slow hash would
                -- make dearer, and a key is found with one index look-up.
                key_hash bytea NOT NULL,
                scopes text[] NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz,
                revoked_at timestamptz,
                -- Written in batches: late by up to a minute.
                last_used_at timestamptz,
                CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash),
                CONSTRAINT api_keys_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT api_keys_name_check CHECK (
                    char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
                ),
                CONSTRAINT api_keys_prefix_check CHECK (prefix ~ '^[0-9A-Za-z_]{6,20}$'),
                CONSTRAINT api_keys_key_hash_check CHECK (octet_length(key_hash) = 32),
                -- Known scopes only, each once, at least one: as many elements as there are known ones among them.
                CONSTRAINT api_keys_scopes_check CHECK (
                    array_ndims(scopes) = 1 AND cardinality(scopes) > 0 AND cardinality(scopes) =
                        (('ingest' = ANY (scopes)) IS TRUE)::integer + (('read' = ANY (scopes)) IS TRUE)::integer
                        + (('write' = ANY (scopes)) IS TRUE)::integer + (('run' = ANY (scopes)) IS TRUE)::integer
                        + (('admin' = ANY (scopes)) IS TRUE)::integer
                    AND array_position(scopes, NULL) IS NULL
                ),
                CONSTRAINT api_keys_created_at_check CHECK (isfinite(created_at)),
                CONSTRAINT api_keys_expires_at_check CHECK (isfinite(expires_at) AND expires_at > created_at),
                CONSTRAINT api_keys_revoked_at_check CHECK (isfinite(revoked_at) AND revoked_at >= created_at),
                CONSTRAINT api_keys_last_used_at_check CHECK (isfinite(last_used_at))
            );
            CREATE INDEX api_keys_project_id_id_idx ON api_keys (project_id, id);

            -- Long operations. queued -> running -> succeeded | failed | cancelled; queued -> failed | cancelled.
            CREATE TABLE tasks (
                id uuid CONSTRAINT tasks_pkey PRIMARY KEY,
                -- NULL: an operation on the whole installation.
                project_id uuid CONSTRAINT tasks_project_id_fkey REFERENCES projects (id),
                kind text NOT NULL,
                state text NOT NULL DEFAULT 'queued',
                progress_done bigint NOT NULL DEFAULT 0,
                -- NULL while it is not known how much there is to do.
                progress_total bigint,
                result jsonb,
                error jsonb,
                created_at timestamptz NOT NULL DEFAULT now(),
                started_at timestamptz,
                updated_at timestamptz NOT NULL DEFAULT now(),
                finished_at timestamptz,
                CONSTRAINT tasks_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT tasks_kind_check CHECK (kind ~ '^[a-z][a-z0-9_.]{0,63}$'),
                CONSTRAINT tasks_state_check CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
                CONSTRAINT tasks_progress_check CHECK (
                    progress_done >= 0 AND (progress_total IS NULL OR progress_total >= progress_done)
                ),
                CONSTRAINT tasks_result_check CHECK (result IS NULL OR state = 'succeeded'),
                CONSTRAINT tasks_error_check CHECK (
                    (error IS NOT NULL) = (state = 'failed') AND (error IS NULL OR jsonb_typeof(error) = 'object')
                ),
                CONSTRAINT tasks_started_at_check CHECK (
                    CASE state WHEN 'queued' THEN started_at IS NULL WHEN 'running' THEN started_at IS NOT NULL
                        WHEN 'succeeded' THEN started_at IS NOT NULL ELSE true END AND (started_at IS NULL OR started_at >= created_at)
                ),
                CONSTRAINT tasks_updated_at_check CHECK (isfinite(created_at) AND isfinite(updated_at) AND updated_at >= created_at),
                CONSTRAINT tasks_finished_at_check CHECK (
                    (finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled'))
                    AND (finished_at IS NULL OR (isfinite(finished_at) AND finished_at >= created_at))
                )
            );
            CREATE INDEX tasks_project_id_id_idx ON tasks (project_id, id);

            CREATE FUNCTION refuse_impossible_task_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.state IN ('succeeded', 'failed', 'cancelled') OR (OLD.state = 'running' AND NEW.state = 'queued')
                    OR (OLD.state = 'queued' AND NEW.state = 'succeeded') OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind
                    OR NEW.project_id IS DISTINCT FROM OLD.project_id OR NEW.created_at <> OLD.created_at
                THEN
                    RAISE EXCEPTION 'task % cannot go from % to %', OLD.id, OLD.state, NEW.state
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_transition_check';
                END IF;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER tasks_transition BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse_impossible_task_change();

            -- Each change of prices is a version; what was priced remembers which.
            CREATE TABLE price_versions (
                version bigint CONSTRAINT price_versions_pkey PRIMARY KEY,
                created_at timestamptz NOT NULL DEFAULT now(),
                -- The version of the program's own table that came in with this one; NULL for a change made by people.
                shipped_version bigint,
                CONSTRAINT price_versions_version_check CHECK (version > 0),
                CONSTRAINT price_versions_shipped_version_check CHECK (shipped_version > 0)
            );

            -- US dollars per million tokens. NULL amounts: cache reads and writes cost as input, reasoning as output.
            CREATE TABLE prices (
                -- '': whatever provider.
                provider text NOT NULL,
                -- A model's name, or the beginning of names with * at its end.
                model_pattern text NOT NULL,
                effective_from timestamptz NOT NULL,
                input_per_million numeric(20, 10) NOT NULL,
                output_per_million numeric(20, 10) NOT NULL,
                cache_read_per_million numeric(20, 10),
                cache_write_per_million numeric(20, 10),
                reasoning_per_million numeric(20, 10),
                -- Where the price stands: a URL, or who set it.
                source text NOT NULL,
                -- Brought by the program, whose next version may correct it; what people set is never touched by it.
                is_shipped boolean NOT NULL,
                -- The version in which it last changed.
                price_version bigint NOT NULL CONSTRAINT prices_price_version_fkey REFERENCES price_versions (version),
                CONSTRAINT prices_pkey PRIMARY KEY (provider, model_pattern, effective_from),
                CONSTRAINT prices_provider_check CHECK (char_length(provider) <= 100),
                CONSTRAINT prices_model_pattern_check CHECK (
                    char_length(model_pattern) BETWEEN 1 AND 256 AND model_pattern <> '*'
                    AND position('*' IN left(model_pattern, -1)) = 0
                ),
                CONSTRAINT prices_effective_from_check CHECK (
                    effective_from >= '1970-01-01 00:00:00+00' AND effective_from < '2262-01-01 00:00:00+00'
                ),
                -- NaN counts as greater than every number.
                CONSTRAINT prices_amounts_check CHECK (
                    input_per_million BETWEEN 0 AND 1000000 AND output_per_million BETWEEN 0 AND 1000000
                    AND cache_read_per_million BETWEEN 0 AND 1000000 AND cache_write_per_million BETWEEN 0 AND 1000000
                    AND reasoning_per_million BETWEEN 0 AND 1000000
                ),
                CONSTRAINT prices_source_check CHECK (char_length(source) BETWEEN 1 AND 1000)
            );

            """##)
}
