/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration5 = Migration(
        number: 5, name: "scoring",
        sql: ##"""
            -- Scores over stored spans: rules that follow what comes in, backfills over what is there, the ledger of every decision.

            CREATE TABLE score_rules (
                -- Also the id of the group of its jobs.
                id uuid CONSTRAINT score_rules_pkey PRIMARY KEY,
                project_id uuid NOT NULL CONSTRAINT score_rules_project_id_fkey REFERENCES projects (id),
                name text NOT NULL,
                -- Both as they were written: json keeps the order of members.
                filter json NOT NULL,
                scorers json NOT NULL,
                -- The share of traces, drawn by a hash of rule and trace.
                sampling_rate double precision NOT NULL,
                is_enabled boolean NOT NULL,
                -- Of one UTC day; NULL: none.
                daily_cap_nano_usd bigint,
                -- Calls at a time.
                concurrency integer NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                updated_at timestamptz NOT NULL DEFAULT now(),
                -- From when on spans are its business.
                enabled_at timestamptz NOT NULL DEFAULT now(),
                archived_at timestamptz,
                CONSTRAINT score_rules_project_id_name_key UNIQUE (project_id, name),
                CONSTRAINT score_rules_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT score_rules_name_check CHECK (char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'),
                CONSTRAINT score_rules_filter_check CHECK (json_typeof(filter) = 'object' AND octet_length(filter::text) <= 65536),
                CONSTRAINT score_rules_scorers_check CHECK (json_typeof(scorers) = 'array' AND octet_length(scorers::text) <= 1100000),
                CONSTRAINT score_rules_sampling_rate_check CHECK (sampling_rate BETWEEN 0 AND 1),
                CONSTRAINT score_rules_daily_cap_nano_usd_check CHECK (daily_cap_nano_usd > 0),
                CONSTRAINT score_rules_concurrency_check CHECK (concurrency BETWEEN 1 AND 1000),
                CONSTRAINT score_rules_archived_at_check CHECK (archived_at IS NULL OR NOT is_enabled)
            );
            -- The few that spans are held against.
            CREATE INDEX score_rules_enabled_idx ON score_rules (project_id) WHERE is_enabled;

            -- What a rule decided and spent on one UTC day: exact, also where the ledger no longer has the rows.
            CREATE TABLE score_rule_days (
                rule_id uuid NOT NULL CONSTRAINT score_rule_days_rule_id_fkey REFERENCES score_rules (id),
                day date NOT NULL,
                not_matched_count bigint NOT NULL DEFAULT 0,
                sampled_out_count bigint NOT NULL DEFAULT 0,
                queued_count bigint NOT NULL DEFAULT 0,
                skipped_count bigint NOT NULL DEFAULT 0,
                scored_count bigint NOT NULL DEFAULT 0,
                failed_count bigint NOT NULL DEFAULT 0,
                cost_nano_usd bigint NOT NULL DEFAULT 0,
                CONSTRAINT score_rule_days_pkey PRIMARY KEY (rule_id, day),
                CONSTRAINT score_rule_days_counts_check CHECK (
                    not_matched_count >= 0 AND sampled_out_count >= 0 AND queued_count >= 0 AND skipped_count >= 0 AND scored_count >= 0
                    AND failed_count >= 0 AND cost_nano_usd >= 0
                )
            );

            -- How far a server's store has been followed for a project: everything up to this LSN is decided.
            CREATE TABLE score_positions (
                project_id uuid NOT NULL CONSTRAINT score_positions_project_id_fkey REFERENCES projects (id),
                -- The store's own number, as its bits.
                node_id bigint NOT NULL,
                lsn bigint NOT NULL,
                updated_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT score_positions_pkey PRIMARY KEY (project_id, node_id),
                CONSTRAINT score_positions_lsn_check CHECK (lsn >= 0)
            );

            -- A backfill is also a task of the same id, and its id that of the group of its jobs.
            CREATE TABLE score_backfills (
                id uuid CONSTRAINT score_backfills_pkey PRIMARY KEY
                    CONSTRAINT score_backfills_id_fkey REFERENCES tasks (id),
                project_id uuid NOT NULL CONSTRAINT score_backfills_project_id_fkey REFERENCES projects (id),
                filter json NOT NULL,
                scorers json NOT NULL,
                sampling_rate double precision NOT NULL,
                -- Start times, nanoseconds since 1970: from here, to before there.
                from_unix_nano bigint,
                to_unix_nano bigint,
                maximum_span_count integer NOT NULL,
                cap_nano_usd bigint,
                concurrency integer NOT NULL,
                -- Whose store it is about.
                node_id bigint NOT NULL,
                -- Where the search for spans goes on; '' from the beginning.
                cursor text NOT NULL DEFAULT '',
                -- Whether all spans are found.
                is_planned boolean NOT NULL DEFAULT false,
                matched_count bigint NOT NULL DEFAULT 0,
                sampled_out_count bigint NOT NULL DEFAULT 0,
                -- Those that wait or are being scored.
                queued_count bigint NOT NULL DEFAULT 0,
                skipped_count bigint NOT NULL DEFAULT 0,
                scored_count bigint NOT NULL DEFAULT 0,
                failed_count bigint NOT NULL DEFAULT 0,
                cost_nano_usd bigint NOT NULL DEFAULT 0,
                created_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT score_backfills_filter_check CHECK (json_typeof(filter) = 'object' AND octet_length(filter::text) <= 65536),
                CONSTRAINT score_backfills_scorers_check CHECK (json_typeof(scorers) = 'array' AND octet_length(scorers::text) <= 1100000),
                CONSTRAINT score_backfills_sampling_rate_check CHECK (sampling_rate BETWEEN 0 AND 1),
                CONSTRAINT score_backfills_times_check CHECK (from_unix_nano <= to_unix_nano),
                CONSTRAINT score_backfills_maximum_span_count_check CHECK (maximum_span_count BETWEEN 1 AND 100000),
                CONSTRAINT score_backfills_cap_nano_usd_check CHECK (cap_nano_usd > 0),
                CONSTRAINT score_backfills_concurrency_check CHECK (concurrency BETWEEN 1 AND 1000),
                CONSTRAINT score_backfills_counts_check CHECK (
                    matched_count >= 0 AND sampled_out_count >= 0 AND queued_count >= 0 AND skipped_count >= 0 AND scored_count >= 0
                    AND failed_count >= 0 AND cost_nano_usd >= 0
                )
            );
            CREATE INDEX score_backfills_unplanned_idx ON score_backfills (node_id, id) WHERE NOT is_planned;

            -- The ledger: what was decided of a span, by a rule or by a backfill, and why.
            CREATE TABLE score_decisions (
                id uuid CONSTRAINT score_decisions_pkey PRIMARY KEY,
                project_id uuid NOT NULL CONSTRAINT score_decisions_project_id_fkey REFERENCES projects (id),
                rule_id uuid CONSTRAINT score_decisions_rule_id_fkey REFERENCES score_rules (id),
                task_id uuid CONSTRAINT score_decisions_task_id_fkey REFERENCES score_backfills (id),
                trace_id bytea NOT NULL,
                span_id bytea NOT NULL,
                -- queued -> scored | failed | skipped; all others are final at once.
                decision text NOT NULL,
                reason text NOT NULL,
                attempt_count integer NOT NULL DEFAULT 0,
                cost_nano_usd bigint NOT NULL DEFAULT 0,
                created_at timestamptz NOT NULL DEFAULT now(),
                updated_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT score_decisions_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT score_decisions_source_check CHECK (num_nonnulls(rule_id, task_id) = 1),
                CONSTRAINT score_decisions_span_check CHECK (octet_length(trace_id) = 16 AND octet_length(span_id) = 8),
                CONSTRAINT score_decisions_decision_check CHECK (
                    decision IN ('not_matched', 'sampled_out', 'skipped', 'queued', 'scored', 'failed')
                ),
                CONSTRAINT score_decisions_reason_check CHECK (char_length(reason) BETWEEN 1 AND 2000),
                CONSTRAINT score_decisions_amounts_check CHECK (attempt_count >= 0 AND cost_nano_usd >= 0)
            );
            -- A span is decided once by whoever decides, however often it is seen.
            CREATE UNIQUE INDEX score_decisions_rule_span_key ON score_decisions (rule_id, trace_id, span_id) WHERE rule_id IS NOT NULL;
            CREATE UNIQUE INDEX score_decisions_task_span_key ON score_decisions (task_id, trace_id, span_id) WHERE task_id IS NOT NULL;
            CREATE INDEX score_decisions_project_id_id_idx ON score_decisions (project_id, id);
            CREATE INDEX score_decisions_project_id_trace_id_idx ON score_decisions (project_id, trace_id);
            CREATE INDEX score_decisions_rule_id_decision_id_idx ON score_decisions (rule_id, decision, id) WHERE rule_id IS NOT NULL;

            """##)
}
