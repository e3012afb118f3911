-- Test cases and runs: suites and their versions, jobs, runs and what came of them, scores, progress events, spans on their way.
--
-- Costs are whole nano-dollars, so that sums are exact. Trace ids have 16 bytes, span ids 8, as in OTLP.

CREATE TABLE suites (
    id uuid CONSTRAINT suites_pkey PRIMARY KEY,
    project_id uuid NOT NULL CONSTRAINT suites_project_id_fkey REFERENCES projects (id),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    -- The number of the newest version; 0: it never had a case.
    current_version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    CONSTRAINT suites_project_id_name_key UNIQUE (project_id, name),
    CONSTRAINT suites_project_id_id_key UNIQUE (project_id, id),
    CONSTRAINT suites_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT suites_name_check CHECK (
        char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
    ),
    CONSTRAINT suites_description_check CHECK (char_length(description) <= 10000),
    CONSTRAINT suites_current_version_check CHECK (current_version >= 0),
    CONSTRAINT suites_created_at_check CHECK (isfinite(created_at)),
    CONSTRAINT suites_archived_at_check CHECK (isfinite(archived_at) AND archived_at >= created_at)
);

-- One change of a suite, however many cases it touches.
CREATE TABLE suite_versions (
    suite_id uuid NOT NULL CONSTRAINT suite_versions_suite_id_fkey REFERENCES suites (id),
    number integer NOT NULL,
    source text NOT NULL,
    message text NOT NULL DEFAULT '',
    case_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT suite_versions_pkey PRIMARY KEY (suite_id, number),
    CONSTRAINT suite_versions_number_check CHECK (number > 0),
    CONSTRAINT suite_versions_source_check CHECK (source IN ('api', 'span', 'import', 'file', 'draft')),
    CONSTRAINT suite_versions_message_check CHECK (char_length(message) <= 1000),
    CONSTRAINT suite_versions_case_count_check CHECK (case_count BETWEEN 0 AND 100000)
);

CREATE TABLE test_cases (
    id uuid CONSTRAINT test_cases_pkey PRIMARY KEY,
    suite_id uuid NOT NULL CONSTRAINT test_cases_suite_id_fkey REFERENCES suites (id),
    -- What people call it; never changes, so that runs of different versions can be compared case by case.
    -- In the order of its bytes, as it is listed.
    key text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT test_cases_suite_id_key_key UNIQUE (suite_id, key),
    CONSTRAINT test_cases_suite_id_id_key UNIQUE (suite_id, id),
    CONSTRAINT test_cases_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT test_cases_key_check CHECK (octet_length(key) BETWEEN 1 AND 256 AND key !~ '[[:cntrl:]]')
);

-- What a case was from one version of its suite on, until another: a suite of many cases costs one row per changed case and
-- version. A version's cases are those with introduced_in <= version and removed_in NULL or > version.
CREATE TABLE test_case_versions (
    id uuid CONSTRAINT test_case_versions_pkey PRIMARY KEY,
    suite_id uuid NOT NULL,
    test_case_id uuid NOT NULL,
    introduced_in integer NOT NULL,
    removed_in integer,
    -- As it was written: json keeps the order of members, which people chose.
    content json NOT NULL,
    -- XXH3-128 of the canonical content: what is the same is not stored again.
    content_hash bytea NOT NULL,
    tags text[] NOT NULL,
    split text NOT NULL,
    source_trace_id bytea,
    source_span_id bytea,
    CONSTRAINT test_case_versions_suite_id_test_case_id_fkey FOREIGN KEY (suite_id, test_case_id)
        REFERENCES test_cases (suite_id, id),
    CONSTRAINT test_case_versions_introduced_in_fkey FOREIGN KEY (suite_id, introduced_in)
        REFERENCES suite_versions (suite_id, number) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT test_case_versions_removed_in_fkey FOREIGN KEY (suite_id, removed_in)
        REFERENCES suite_versions (suite_id, number) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT test_case_versions_test_case_id_introduced_in_key UNIQUE (test_case_id, introduced_in),
    CONSTRAINT test_case_versions_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT test_case_versions_removed_in_check CHECK (removed_in > introduced_in),
    CONSTRAINT test_case_versions_content_check CHECK (json_typeof(content) = 'object' AND octet_length(content::text) <= 1100000),
    CONSTRAINT test_case_versions_content_hash_check CHECK (octet_length(content_hash) = 16),
    CONSTRAINT test_case_versions_tags_check CHECK (cardinality(tags) <= 64 AND array_position(tags, NULL) IS NULL),
    CONSTRAINT test_case_versions_split_check CHECK (octet_length(split) <= 128),
    CONSTRAINT test_case_versions_source_check CHECK (
        octet_length(source_trace_id) = 16 AND octet_length(source_span_id) = 8
        AND (source_trace_id IS NOT NULL OR source_span_id IS NULL)
    )
);
CREATE UNIQUE INDEX test_case_versions_current_key ON test_case_versions (test_case_id) WHERE removed_in IS NULL;
CREATE INDEX test_case_versions_suite_id_introduced_in_idx ON test_case_versions (suite_id, introduced_in);

CREATE FUNCTION refuse_test_case_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_in IS NOT NULL OR NEW.id <> OLD.id OR NEW.suite_id <> OLD.suite_id OR NEW.test_case_id <> OLD.test_case_id
        OR NEW.introduced_in <> OLD.introduced_in OR NEW.content_hash <> OLD.content_hash OR NEW.content::text <> OLD.content::text
        OR NEW.tags <> OLD.tags OR NEW.split <> OLD.split OR NEW.source_trace_id IS DISTINCT FROM OLD.source_trace_id
        OR NEW.source_span_id IS DISTINCT FROM OLD.source_span_id THEN
        RAISE EXCEPTION 'test case version % never changes', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'test_case_versions_immutable_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER test_case_versions_immutable BEFORE UPDATE ON test_case_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_test_case_version_change();

-- Jobs that share a limit and can be paused together: those of a run.
CREATE TABLE job_groups (
    id uuid CONSTRAINT job_groups_pkey PRIMARY KEY,
    queue text NOT NULL,
    -- Jobs leased at a time, by all workers together.
    concurrency integer NOT NULL,
    is_paused boolean NOT NULL DEFAULT false,
    -- Groups take turns: the one that waited longest is next.
    leased_at timestamptz,
    CONSTRAINT job_groups_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT job_groups_queue_check CHECK (queue ~ '^[a-z][a-z0-9_.]{0,63}$'),
    CONSTRAINT job_groups_concurrency_check CHECK (concurrency BETWEEN 1 AND 100000)
    -- Every lease writes its group's row: pages have room for that, and no index has the column.
) WITH (fillfactor = 50);

-- The plans and conclusions of all runs; never paused, and as many at a time as there are workers.
INSERT INTO job_groups (id, queue, concurrency) VALUES ('00000000-0000-7000-8000-000000000001', 'run.control', 100000);

-- queued -> leased -> succeeded | failed; leased -> queued (a retry, or the worker died); queued, leased -> cancelled.
CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT jobs_pkey PRIMARY KEY,
    queue text NOT NULL,
    group_id uuid NOT NULL CONSTRAINT jobs_group_id_fkey REFERENCES job_groups (id) ON DELETE CASCADE,
    payload json NOT NULL,
    -- What an attempt has done already, so that the next one need not repeat it.
    checkpoint json,
    state text NOT NULL DEFAULT 'queued',
    run_after timestamptz NOT NULL DEFAULT now(),
    attempt_count integer NOT NULL DEFAULT 0,
    -- Who holds it: an attempt that is not the holder any more can change nothing.
    lease_id uuid,
    worker text,
    leased_at timestamptz,
    lease_expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_queue_check CHECK (queue ~ '^[a-z][a-z0-9_.]{0,63}$'),
    CONSTRAINT jobs_payload_check CHECK (json_typeof(payload) = 'object'),
    CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'leased', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT jobs_run_after_check CHECK (isfinite(run_after)),
    CONSTRAINT jobs_attempt_count_check CHECK (attempt_count >= 0),
    CONSTRAINT jobs_lease_check CHECK (
        (state = 'leased') = (lease_id IS NOT NULL) AND (state = 'leased') = (worker IS NOT NULL)
        AND (state = 'leased') = (leased_at IS NOT NULL) AND (state = 'leased') = (lease_expires_at IS NOT NULL)
    ),
    CONSTRAINT jobs_worker_check CHECK (char_length(worker) BETWEEN 1 AND 200)
    -- A lease passes over what jobs left behind in the indexes: it is cleared often.
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX jobs_group_id_queued_idx ON jobs (group_id, id) WHERE state = 'queued';
CREATE INDEX jobs_group_id_leased_idx ON jobs (group_id) WHERE state = 'leased';
CREATE INDEX jobs_lease_expires_at_idx ON jobs (lease_expires_at) WHERE state = 'leased';

CREATE TABLE job_attempts (
    job_id bigint NOT NULL CONSTRAINT job_attempts_job_id_fkey REFERENCES jobs (id) ON DELETE CASCADE,
    number integer NOT NULL,
    worker text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT now(),
    result text NOT NULL,
    error json,
    CONSTRAINT job_attempts_pkey PRIMARY KEY (job_id, number),
    CONSTRAINT job_attempts_number_check CHECK (number > 0),
    CONSTRAINT job_attempts_result_check CHECK (result IN ('succeeded', 'failed', 'retried', 'lost', 'released', 'cancelled')),
    CONSTRAINT job_attempts_error_check CHECK (json_typeof(error) = 'object')
);

-- A run is also a task of the same id: its events, and its state as every long operation shows it.
CREATE TABLE runs (
    id uuid CONSTRAINT runs_pkey PRIMARY KEY
        CONSTRAINT runs_id_fkey REFERENCES tasks (id),
    project_id uuid NOT NULL,
    suite_id uuid NOT NULL,
    suite_version integer NOT NULL,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'queued',
    -- Why it is in this state, for people; '' where that needs no words.
    state_reason text NOT NULL DEFAULT '',
    -- Targets, scorers, repetitions, gate, metadata: as it was asked for, and never changed.
    specification json NOT NULL,
    metadata jsonb NOT NULL,
    concurrency integer NOT NULL,
    -- The job group of the cells that the command line executes beside the code under test; NULL: the run has none.
    exec_group_id uuid CONSTRAINT runs_exec_group_id_fkey REFERENCES job_groups (id),
    spending_cap_nano_usd bigint,
    baseline_run_id uuid,
    -- A repeated request finds the run it made the first time.
    idempotency_key text,
    request_hash bytea,
    -- Counters of the outcomes that count.
    cell_count integer NOT NULL DEFAULT 0,
    passed_count integer NOT NULL DEFAULT 0,
    failed_count integer NOT NULL DEFAULT 0,
    errored_count integer NOT NULL DEFAULT 0,
    cost_nano_usd bigint NOT NULL DEFAULT 0,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    verdict json,
    -- The job that was last ordered to conclude the run.
    conclusion_job_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT runs_project_id_suite_id_fkey FOREIGN KEY (project_id, suite_id) REFERENCES suites (project_id, id),
    CONSTRAINT runs_suite_version_fkey FOREIGN KEY (suite_id, suite_version) REFERENCES suite_versions (suite_id, number),
    CONSTRAINT runs_project_id_id_key UNIQUE (project_id, id),
    CONSTRAINT runs_baseline_run_id_fkey FOREIGN KEY (project_id, baseline_run_id) REFERENCES runs (project_id, id),
    CONSTRAINT runs_project_id_idempotency_key_key UNIQUE (project_id, idempotency_key),
    CONSTRAINT runs_name_check CHECK (char_length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]]'),
    CONSTRAINT runs_state_check CHECK (state IN ('queued', 'running', 'paused', 'finished', 'failed', 'cancelled')),
    CONSTRAINT runs_state_reason_check CHECK (char_length(state_reason) <= 1000),
    CONSTRAINT runs_specification_check CHECK (json_typeof(specification) = 'object' AND jsonb_typeof(metadata) = 'object'),
    CONSTRAINT runs_concurrency_check CHECK (concurrency BETWEEN 1 AND 10000),
    CONSTRAINT runs_spending_cap_nano_usd_check CHECK (spending_cap_nano_usd > 0),
    CONSTRAINT runs_idempotency_key_check CHECK (
        char_length(idempotency_key) BETWEEN 1 AND 200 AND (idempotency_key IS NULL) = (request_hash IS NULL)
        AND octet_length(request_hash) = 32
    ),
    CONSTRAINT runs_counts_check CHECK (
        passed_count >= 0 AND failed_count >= 0 AND errored_count >= 0 AND cost_nano_usd >= 0 AND input_tokens >= 0
        AND output_tokens >= 0 AND passed_count + failed_count + errored_count <= cell_count
    ),
    CONSTRAINT runs_verdict_check CHECK (verdict IS NULL OR (json_typeof(verdict) = 'object' AND state = 'finished')),
    CONSTRAINT runs_times_check CHECK (
        isfinite(created_at) AND (started_at IS NULL OR (isfinite(started_at) AND started_at >= created_at))
        AND (finished_at IS NOT NULL) = (state IN ('finished', 'failed', 'cancelled'))
        AND (finished_at IS NULL OR (isfinite(finished_at) AND finished_at >= created_at))
    )
);
CREATE INDEX runs_suite_id_id_idx ON runs (suite_id, id);
-- The few that are under way, among all there ever were.
CREATE INDEX runs_open_idx ON runs (id) WHERE state IN ('running', 'paused');

-- What came of one cell: a case, against one target, once. One that was requeued is superseded and no longer counts.
CREATE TABLE outcomes (
    id uuid CONSTRAINT outcomes_pkey PRIMARY KEY,
    run_id uuid NOT NULL CONSTRAINT outcomes_run_id_fkey REFERENCES runs (id),
    target smallint NOT NULL,
    test_case_version_id uuid NOT NULL CONSTRAINT outcomes_test_case_version_id_fkey REFERENCES test_case_versions (id),
    repetition integer NOT NULL,
    job_id bigint NOT NULL,
    -- errored: the target, the provider or a scorer could not do its work; it is no trial.
    result text NOT NULL,
    -- What the target answered: text, tool calls, finish reason; NULL when it did not.
    output json,
    error json,
    trace_id bytea NOT NULL,
    span_id bytea NOT NULL,
    duration_nano bigint NOT NULL,
    first_token_nano bigint,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_nano_usd bigint NOT NULL,
    attempt_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT outcomes_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT outcomes_target_check CHECK (target >= 0),
    CONSTRAINT outcomes_repetition_check CHECK (repetition > 0),
    CONSTRAINT outcomes_result_check CHECK (result IN ('passed', 'failed', 'errored')),
    CONSTRAINT outcomes_error_check CHECK (error IS NULL OR (json_typeof(error) = 'object' AND result = 'errored')),
    CONSTRAINT outcomes_trace_check CHECK (octet_length(trace_id) = 16 AND octet_length(span_id) = 8),
    CONSTRAINT outcomes_amounts_check CHECK (
        duration_nano >= 0 AND (first_token_nano IS NULL OR first_token_nano >= 0) AND input_tokens >= 0 AND output_tokens >= 0
        AND cost_nano_usd >= 0 AND attempt_count > 0
    )
);
CREATE UNIQUE INDEX outcomes_cell_key ON outcomes (run_id, test_case_version_id, target, repetition) WHERE superseded_at IS NULL;
CREATE INDEX outcomes_run_id_id_idx ON outcomes (run_id, id);

-- A judgement: of a scorer, a person or an application, on an outcome or on a stored trace or span.
CREATE TABLE scores (
    id uuid CONSTRAINT scores_pkey PRIMARY KEY,
    project_id uuid NOT NULL CONSTRAINT scores_project_id_fkey REFERENCES projects (id),
    name text NOT NULL,
    source text NOT NULL,
    value double precision,
    passed boolean,
    label text,
    -- Why; always there.
    reason text NOT NULL,
    -- The scorer itself failed: then there is no value.
    error text,
    -- Of a scorer: what kind it is, and which model judged.
    kind text,
    model text,
    details json,
    outcome_id uuid CONSTRAINT scores_outcome_id_fkey REFERENCES outcomes (id) ON DELETE CASCADE,
    trace_id bytea,
    span_id bytea,
    author text,
    cost_nano_usd bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT scores_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT scores_name_check CHECK (char_length(name) BETWEEN 1 AND 100 AND name !~ '[[:cntrl:]]'),
    CONSTRAINT scores_source_check CHECK (source IN ('scorer', 'person', 'application')),
    CONSTRAINT scores_value_check CHECK (
        -- A square of it is still a number, as is a sum of millions.
        (value IS NULL OR value BETWEEN '-1e150' AND '1e150')
        AND CASE WHEN error IS NULL THEN value IS NOT NULL OR passed IS NOT NULL OR label IS NOT NULL
            ELSE value IS NULL AND passed IS NULL END
    ),
    CONSTRAINT scores_texts_check CHECK (
        char_length(label) <= 200 AND char_length(reason) <= 20000 AND char_length(error) <= 5000 AND char_length(author) <= 400
        AND char_length(kind) <= 100 AND char_length(model) <= 400
    ),
    CONSTRAINT scores_subject_check CHECK (
        (outcome_id IS NOT NULL OR trace_id IS NOT NULL) AND (trace_id IS NULL OR octet_length(trace_id) = 16)
        AND (span_id IS NULL OR (octet_length(span_id) = 8 AND trace_id IS NOT NULL))
    ),
    CONSTRAINT scores_cost_nano_usd_check CHECK (cost_nano_usd >= 0)
);
CREATE INDEX scores_outcome_id_idx ON scores (outcome_id) WHERE outcome_id IS NOT NULL;
CREATE INDEX scores_project_id_trace_id_idx ON scores (project_id, trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX scores_project_id_id_idx ON scores (project_id, id);

-- What happened to a task, numbered without gaps.
ALTER TABLE tasks
    ADD COLUMN last_event_sequence bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT tasks_last_event_sequence_check CHECK (last_event_sequence >= 0);
CREATE TABLE task_events (
    task_id uuid NOT NULL CONSTRAINT task_events_task_id_fkey REFERENCES tasks (id),
    sequence bigint NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT task_events_pkey PRIMARY KEY (task_id, sequence),
    CONSTRAINT task_events_sequence_check CHECK (sequence > 0),
    CONSTRAINT task_events_type_check CHECK (type ~ '^[a-z][a-z_]*\.[a-z][a-z_]*$'),
    CONSTRAINT task_events_data_check CHECK (json_typeof(data) = 'object')
);

-- Spans that workers made, until the server has taken them: a worker or a server may die in between.
CREATE TABLE span_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT span_outbox_pkey PRIMARY KEY,
    project_id uuid NOT NULL CONSTRAINT span_outbox_project_id_fkey REFERENCES projects (id),
    -- An OTLP export request in protobuf.
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Taken by a worker until then.
    leased_until timestamptz,
    CONSTRAINT span_outbox_body_check CHECK (octet_length(body) > 0)
);

-- What a worker process sends spans with: may do nothing else, for any project.
CREATE TABLE worker_credentials (
    id uuid CONSTRAINT worker_credentials_pkey PRIMARY KEY,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CONSTRAINT worker_credentials_token_hash_key UNIQUE (token_hash),
    CONSTRAINT worker_credentials_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT worker_credentials_name_check CHECK (
        char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
    ),
    CONSTRAINT worker_credentials_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT worker_credentials_created_at_check CHECK (isfinite(created_at)),
    CONSTRAINT worker_credentials_revoked_at_check CHECK (isfinite(revoked_at) AND revoked_at >= created_at)
);

-- What is left of a provider's rate limit, shared by all workers: a bucket of requests and one of tokens, each NULL as a whole
-- while nothing is known of that limit.
CREATE TABLE rate_budgets (
    -- SHA-256 of provider, base URL, model and credential.
    key bytea CONSTRAINT rate_budgets_pkey PRIMARY KEY,
    request_capacity double precision,
    requests_per_second double precision,
    -- Below zero: promised to callers that still wait.
    request_level double precision,
    requests_updated_unix_nano bigint,
    token_capacity double precision,
    tokens_per_second double precision,
    token_level double precision,
    tokens_updated_unix_nano bigint,
    -- The provider wants silence until then; 0: it does not.
    blocked_until_unix_nano bigint NOT NULL,
    -- Rows nobody has asked for in a long time can go.
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rate_budgets_key_check CHECK (octet_length(key) = 32),
    CONSTRAINT rate_budgets_buckets_check CHECK (
        num_nulls(request_capacity, requests_per_second, request_level, requests_updated_unix_nano) IN (0, 4)
        AND num_nulls(token_capacity, tokens_per_second, token_level, tokens_updated_unix_nano) IN (0, 4)
    ),
    CONSTRAINT rate_budgets_amounts_check CHECK (
        request_capacity BETWEEN 0 AND 1e15 AND requests_per_second BETWEEN 0 AND 1e15 AND request_level BETWEEN -1e15 AND 1e15
        AND token_capacity BETWEEN 0 AND 1e15 AND tokens_per_second BETWEEN 0 AND 1e15 AND token_level BETWEEN -1e15 AND 1e15
    ),
    CONSTRAINT rate_budgets_times_check CHECK (
        requests_updated_unix_nano >= 0 AND tokens_updated_unix_nano >= 0 AND blocked_until_unix_nano >= 0 AND isfinite(updated_at)
    )
);
