-- A newer mapping, or newer prices, applied to what a project has stored. It is also a task of the same id, which has its state.
CREATE TABLE reapplications (
    id uuid CONSTRAINT reapplications_pkey PRIMARY KEY
        CONSTRAINT reapplications_id_fkey REFERENCES tasks (id),
    project_id uuid NOT NULL CONSTRAINT reapplications_project_id_fkey REFERENCES projects (id),
    subject text NOT NULL,
    -- Only counts what would change.
    is_dry_run boolean NOT NULL,
    -- Receive days, both included, in days since 1970; NULL: from the first one, to the last.
    first_day integer,
    last_day integer,
    -- Whose store it is about.
    node_id bigint NOT NULL,
    -- What came in up to here is looked at, in the store's order; NULL before it begins.
    horizon_lsn bigint,
    -- What was found in the segments that are done.
    report json NOT NULL DEFAULT '{}',
    -- Whether the task has yet to end.
    is_open boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reapplications_subject_check CHECK (subject IN ('mapping', 'prices')),
    CONSTRAINT reapplications_days_check CHECK (first_day BETWEEN 0 AND 1000000 AND last_day BETWEEN 0 AND 1000000 AND first_day <= last_day),
    CONSTRAINT reapplications_horizon_lsn_check CHECK (horizon_lsn >= 0),
    CONSTRAINT reapplications_report_check CHECK (json_typeof(report) = 'object' AND octet_length(report::text) <= 1048576)
);
-- One at a time: two would rewrite the same segments.
CREATE UNIQUE INDEX reapplications_open_key ON reapplications (project_id) WHERE is_open;
CREATE INDEX reapplications_node_id_idx ON reapplications (node_id, id) WHERE is_open;
