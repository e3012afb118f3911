-- Deletions: what of a project's telemetry was to go, who said so, what went with it, and when.

-- A deletion is also a task of the same id.
-- running -> masked -> done.
CREATE TABLE deletions (
    id uuid CONSTRAINT deletions_pkey PRIMARY KEY
        CONSTRAINT deletions_id_fkey REFERENCES tasks (id),
    project_id uuid NOT NULL CONSTRAINT deletions_project_id_fkey REFERENCES projects (id),
    -- Whose store it is about.
    node_id bigint NOT NULL,
    kind text NOT NULL,
    -- A trace's id in hexadecimal digits, a session or a user; '' for a whole project.
    subject text NOT NULL,
    -- An e-mail address or a key's name, as it was then.
    requested_by text NOT NULL,
    state text NOT NULL DEFAULT 'running',
    -- Written down before anything goes: afterwards nobody can find them any more. 16 bytes each.
    trace_ids bytea NOT NULL DEFAULT '',
    -- What a try has found and may have deleted before it was cut off.
    found json,
    -- What the store has deleted.
    counts json,
    -- Rows of PostgreSQL that went, and copies that people made and that stay.
    removed json,
    kept json,
    -- The store's own time and place of the deletion, by which it knows what came in since.
    masked_unix_nano bigint,
    through_log_file bigint,
    -- Why it does not get on, for people; '' where it does.
    problem text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    masked_at timestamptz,
    -- The bytes are gone by then.
    deadline_at timestamptz,
    done_at timestamptz,
    CONSTRAINT deletions_kind_check CHECK (kind IN ('trace', 'session', 'user', 'project')),
    CONSTRAINT deletions_subject_check CHECK (octet_length(subject) <= 4096 AND (subject = '') = (kind = 'project')),
    CONSTRAINT deletions_requested_by_check CHECK (char_length(requested_by) <= 400),
    CONSTRAINT deletions_state_check CHECK (state IN ('running', 'masked', 'done')),
    CONSTRAINT deletions_trace_ids_check CHECK (octet_length(trace_ids) % 16 = 0),
    CONSTRAINT deletions_counts_check CHECK (
        (found IS NULL OR json_typeof(found) = 'object') AND (counts IS NULL OR json_typeof(counts) = 'object')
        AND (removed IS NULL OR json_typeof(removed) = 'object') AND (kept IS NULL OR json_typeof(kept) = 'object')
        AND (state = 'running' OR (counts IS NOT NULL AND removed IS NOT NULL AND kept IS NOT NULL))
    ),
    CONSTRAINT deletions_problem_check CHECK (char_length(problem) <= 2000),
    CONSTRAINT deletions_times_check CHECK (
        (masked_at IS NOT NULL) = (state <> 'running') AND (deadline_at IS NOT NULL) = (state <> 'running')
        AND (masked_unix_nano IS NOT NULL) = (state <> 'running') AND (through_log_file IS NOT NULL) = (state <> 'running')
        AND (done_at IS NOT NULL) = (state = 'done')
        AND (masked_at IS NULL OR masked_at >= created_at) AND (done_at IS NULL OR done_at >= masked_at)
    )
);
CREATE INDEX deletions_project_id_id_idx ON deletions (project_id, id);
CREATE INDEX deletions_open_idx ON deletions (node_id, id) WHERE state <> 'done';

-- A window goes on counting traces that were deleted, and names them no longer.
ALTER TABLE feature_windows DROP CONSTRAINT feature_windows_trace_ids_check;
ALTER TABLE feature_windows ADD CONSTRAINT feature_windows_trace_ids_check
    CHECK (octet_length(trace_ids) % 16 = 0 AND octet_length(trace_ids) <= 16 * trace_count);
