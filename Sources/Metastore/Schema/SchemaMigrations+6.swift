/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration6 = Migration(
        number: 6, name: "features",
        sql: ##"""
            -- Features: what users were trying to do, found in the traces of one window of time after another.
            --
            -- Costs are whole nano-dollars. Trace ids have 16 bytes. Vectors are 32-bit floats, little-endian, one after the other.

            -- When a project's traces are analyzed by themselves.
            CREATE TABLE feature_schedules (
                project_id uuid CONSTRAINT feature_schedules_pkey PRIMARY KEY
                    CONSTRAINT feature_schedules_project_id_fkey REFERENCES projects (id),
                is_enabled boolean NOT NULL,
                period_hours integer NOT NULL,
                maximum_traces integer NOT NULL,
                -- Of one analysis.
                spending_cap_nano_usd bigint NOT NULL,
                -- Which traces; {}: all that have an input.
                filter json NOT NULL,
                next_window_start timestamptz NOT NULL,
                updated_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT feature_schedules_period_hours_check CHECK (period_hours BETWEEN 1 AND 744),
                CONSTRAINT feature_schedules_maximum_traces_check CHECK (maximum_traces BETWEEN 10 AND 4096),
                CONSTRAINT feature_schedules_spending_cap_nano_usd_check CHECK (spending_cap_nano_usd BETWEEN 1 AND 1000000000000000),
                CONSTRAINT feature_schedules_filter_check CHECK (json_typeof(filter) = 'object' AND octet_length(filter::text) <= 16384),
                CONSTRAINT feature_schedules_times_check CHECK (isfinite(next_window_start) AND isfinite(updated_at))
            );
            CREATE INDEX feature_schedules_next_window_start_idx ON feature_schedules (next_window_start) WHERE is_enabled;

            -- An analysis is also a task of the same id.
            -- collecting -> ready -> succeeded | failed; collecting, ready -> cancelled; collecting -> failed.
            CREATE TABLE feature_analyses (
                id uuid CONSTRAINT feature_analyses_pkey PRIMARY KEY
                    CONSTRAINT feature_analyses_id_fkey REFERENCES tasks (id),
                project_id uuid NOT NULL CONSTRAINT feature_analyses_project_id_fkey REFERENCES projects (id),
                window_start timestamptz NOT NULL,
                window_end timestamptz NOT NULL,
                maximum_traces integer NOT NULL,
                spending_cap_nano_usd bigint NOT NULL,
                filter json NOT NULL,
                state text NOT NULL DEFAULT 'collecting',
                -- Traces of the window, and those of them whose texts are looked at; 0 while they are collected.
                window_trace_count bigint NOT NULL DEFAULT 0,
                trace_count integer NOT NULL DEFAULT 0,
                cost_nano_usd bigint NOT NULL DEFAULT 0,
                -- As provider/model: chosen by the first embedding, and kept, as vectors of two models cannot be compared.
                embedding_model text,
                created_at timestamptz NOT NULL DEFAULT now(),
                finished_at timestamptz,
                CONSTRAINT feature_analyses_project_id_id_key UNIQUE (project_id, id),
                CONSTRAINT feature_analyses_window_check CHECK (
                    isfinite(window_start) AND isfinite(window_end) AND window_start < window_end
                    AND window_end - window_start <= interval '92 days'
                ),
                CONSTRAINT feature_analyses_maximum_traces_check CHECK (maximum_traces BETWEEN 10 AND 4096),
                CONSTRAINT feature_analyses_spending_cap_nano_usd_check CHECK (spending_cap_nano_usd BETWEEN 1 AND 1000000000000000),
                CONSTRAINT feature_analyses_filter_check CHECK (json_typeof(filter) = 'object' AND octet_length(filter::text) <= 16384),
                CONSTRAINT feature_analyses_state_check CHECK (state IN ('collecting', 'ready', 'succeeded', 'failed', 'cancelled')),
                CONSTRAINT feature_analyses_counts_check CHECK (
                    trace_count BETWEEN 0 AND maximum_traces AND window_trace_count >= trace_count AND cost_nano_usd >= 0
                ),
                CONSTRAINT feature_analyses_embedding_model_check CHECK (char_length(embedding_model) BETWEEN 1 AND 400),
                CONSTRAINT feature_analyses_times_check CHECK (
                    isfinite(created_at) AND (finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled'))
                    AND (finished_at IS NULL OR (isfinite(finished_at) AND finished_at >= created_at))
                )
            );
            -- A window is analyzed once; again only after a failure.
            CREATE UNIQUE INDEX feature_analyses_window_key ON feature_analyses (project_id, window_start, window_end)
                WHERE state IN ('collecting', 'ready', 'succeeded');
            CREATE INDEX feature_analyses_collecting_idx ON feature_analyses (id) WHERE state = 'collecting';

            -- What users said in the traces of an analysis that is under way; deleted when it ends.
            CREATE TABLE feature_analysis_traces (
                analysis_id uuid NOT NULL CONSTRAINT feature_analysis_traces_analysis_id_fkey REFERENCES feature_analyses (id),
                position integer NOT NULL,
                trace_id bytea NOT NULL,
                text text NOT NULL,
                cost_nano_usd bigint NOT NULL,
                is_error boolean NOT NULL,
                duration_nano bigint NOT NULL,
                embedding bytea,
                CONSTRAINT feature_analysis_traces_pkey PRIMARY KEY (analysis_id, position),
                CONSTRAINT feature_analysis_traces_analysis_id_trace_id_key UNIQUE (analysis_id, trace_id),
                CONSTRAINT feature_analysis_traces_position_check CHECK (position >= 0),
                CONSTRAINT feature_analysis_traces_trace_id_check CHECK (octet_length(trace_id) = 16),
                CONSTRAINT feature_analysis_traces_text_check CHECK (octet_length(text) BETWEEN 1 AND 8192),
                CONSTRAINT feature_analysis_traces_amounts_check CHECK (cost_nano_usd >= 0 AND duration_nano >= 0),
                CONSTRAINT feature_analysis_traces_embedding_check CHECK (octet_length(embedding) > 0 AND octet_length(embedding) % 4 = 0)
            );

            -- Something users try to do. It keeps its id over all windows in which they do.
            CREATE TABLE features (
                id uuid CONSTRAINT features_pkey PRIMARY KEY,
                project_id uuid NOT NULL CONSTRAINT features_project_id_fkey REFERENCES projects (id),
                name text NOT NULL,
                description text NOT NULL DEFAULT '',
                -- By a model or a person; false: its name is what one user said, until a model can be asked.
                is_named boolean NOT NULL,
                center bytea NOT NULL,
                reach double precision NOT NULL,
                embedding_model text NOT NULL,
                first_window_start timestamptz NOT NULL,
                last_window_end timestamptz NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                archived_at timestamptz,
                CONSTRAINT features_project_id_id_key UNIQUE (project_id, id),
                CONSTRAINT features_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT features_name_check CHECK (
                    char_length(name) BETWEEN 1 AND 100 AND name = btrim(name) AND name !~ '[[:cntrl:]]'
                ),
                CONSTRAINT features_description_check CHECK (char_length(description) <= 1000),
                CONSTRAINT features_shape_check CHECK (
                    octet_length(center) > 0 AND octet_length(center) % 4 = 0 AND reach BETWEEN -2 AND 1
                ),
                CONSTRAINT features_embedding_model_check CHECK (char_length(embedding_model) BETWEEN 1 AND 400),
                CONSTRAINT features_times_check CHECK (
                    isfinite(first_window_start) AND isfinite(last_window_end) AND first_window_start < last_window_end
                    AND isfinite(created_at) AND (archived_at IS NULL OR (isfinite(archived_at) AND archived_at >= created_at))
                )
            );

            -- What a feature came to in one window: zero, too, once it is known.
            CREATE TABLE feature_windows (
                project_id uuid NOT NULL,
                feature_id uuid NOT NULL,
                analysis_id uuid NOT NULL,
                trace_count integer NOT NULL,
                error_count integer NOT NULL,
                cost_nano_usd bigint NOT NULL,
                duration_nano bigint NOT NULL,
                trend text NOT NULL,
                -- [{"trace_id", "text"}], the most typical first, texts cut.
                examples json NOT NULL,
                -- All of its traces, the most typical first.
                trace_ids bytea NOT NULL,
                CONSTRAINT feature_windows_pkey PRIMARY KEY (feature_id, analysis_id),
                CONSTRAINT feature_windows_project_id_feature_id_fkey FOREIGN KEY (project_id, feature_id) REFERENCES features (project_id, id),
                CONSTRAINT feature_windows_project_id_analysis_id_fkey FOREIGN KEY (project_id, analysis_id)
                    REFERENCES feature_analyses (project_id, id),
                CONSTRAINT feature_windows_counts_check CHECK (
                    trace_count >= 0 AND error_count BETWEEN 0 AND trace_count AND cost_nano_usd >= 0 AND duration_nano >= 0
                ),
                CONSTRAINT feature_windows_trend_check CHECK (trend IN ('new', 'growing', 'steady', 'shrinking')),
                CONSTRAINT feature_windows_examples_check CHECK (json_typeof(examples) = 'array' AND octet_length(examples::text) <= 32768),
                CONSTRAINT feature_windows_trace_ids_check CHECK (octet_length(trace_ids) = 16 * trace_count)
            );
            CREATE INDEX feature_windows_analysis_id_idx ON feature_windows (analysis_id);

            """##)
}
