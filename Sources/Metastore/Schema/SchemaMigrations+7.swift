/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration7 = Migration(
        number: 7, name: "drafts",
        sql: ##"""
            -- Test cases that a model drafted from chosen traces and entries of the knowledge base: a person accepts or drops each.

            -- A request is also a task of the same id, and its id that of the group of its job.
            CREATE TABLE draft_requests (
                id uuid CONSTRAINT draft_requests_pkey PRIMARY KEY
                    CONSTRAINT draft_requests_id_fkey REFERENCES tasks (id),
                suite_id uuid NOT NULL CONSTRAINT draft_requests_suite_id_fkey REFERENCES suites (id),
                -- What the cases should be about, in a person's words.
                instruction text NOT NULL,
                -- As provider/model; NULL: the project's.
                model text,
                maximum_draft_count integer NOT NULL,
                cap_nano_usd bigint NOT NULL,
                source_count integer NOT NULL,
                cost_nano_usd bigint NOT NULL DEFAULT 0,
                -- Which sources brought no case, or fewer than were written, and why.
                problems json NOT NULL DEFAULT '[]',
                created_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT draft_requests_instruction_check CHECK (char_length(instruction) <= 4000),
                CONSTRAINT draft_requests_model_check CHECK (char_length(model) BETWEEN 3 AND 400),
                CONSTRAINT draft_requests_counts_check CHECK (maximum_draft_count BETWEEN 1 AND 100 AND source_count BETWEEN 1 AND 50),
                CONSTRAINT draft_requests_cap_nano_usd_check CHECK (cap_nano_usd BETWEEN 1 AND 1000000000000000),
                CONSTRAINT draft_requests_cost_nano_usd_check CHECK (cost_nano_usd >= 0),
                CONSTRAINT draft_requests_problems_check CHECK (json_typeof(problems) = 'array' AND octet_length(problems::text) <= 262144)
            );

            -- What the traces and entries say that a request has still to go through; each is deleted once it was, and all when the task ends.
            CREATE TABLE draft_request_sources (
                request_id uuid NOT NULL CONSTRAINT draft_request_sources_request_id_fkey REFERENCES draft_requests (id),
                position integer NOT NULL,
                -- As the member `source` of a test case.
                source json NOT NULL,
                content json NOT NULL,
                CONSTRAINT draft_request_sources_pkey PRIMARY KEY (request_id, position),
                CONSTRAINT draft_request_sources_position_check CHECK (position >= 0),
                CONSTRAINT draft_request_sources_source_check CHECK (json_typeof(source) = 'object' AND octet_length(source::text) <= 4096),
                CONSTRAINT draft_request_sources_content_check CHECK (json_typeof(content) = 'object' AND octet_length(content::text) <= 524288)
            );

            -- proposed -> accepted | dropped.
            CREATE TABLE test_case_drafts (
                id uuid CONSTRAINT test_case_drafts_pkey PRIMARY KEY,
                suite_id uuid NOT NULL CONSTRAINT test_case_drafts_suite_id_fkey REFERENCES suites (id),
                request_id uuid NOT NULL CONSTRAINT test_case_drafts_request_id_fkey REFERENCES draft_requests (id),
                key text NOT NULL,
                -- As the model wrote it; once it is accepted, as the person who did left it.
                content json NOT NULL,
                -- What it was made from, whatever the content says by now.
                source json NOT NULL,
                state text NOT NULL DEFAULT 'proposed',
                -- The suite's version that the case came with.
                accepted_version integer,
                -- An e-mail address or a key's name, as it was then.
                decided_by text,
                decided_at timestamptz,
                created_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT test_case_drafts_id_check CHECK (substr(id::text, 15, 1) = '7'),
                CONSTRAINT test_case_drafts_key_check CHECK (octet_length(key) BETWEEN 1 AND 256 AND key !~ '[[:cntrl:]]'),
                CONSTRAINT test_case_drafts_content_check CHECK (json_typeof(content) = 'object' AND octet_length(content::text) <= 1100000),
                CONSTRAINT test_case_drafts_source_check CHECK (json_typeof(source) = 'object' AND octet_length(source::text) <= 4096),
                CONSTRAINT test_case_drafts_state_check CHECK (state IN ('proposed', 'accepted', 'dropped')),
                CONSTRAINT test_case_drafts_accepted_version_check CHECK ((accepted_version IS NOT NULL) = (state = 'accepted') AND accepted_version > 0),
                CONSTRAINT test_case_drafts_decided_check CHECK (
                    (decided_at IS NOT NULL) = (state <> 'proposed') AND (decided_by IS NOT NULL) = (state <> 'proposed')
                    AND char_length(decided_by) <= 400
                )
            );
            CREATE INDEX test_case_drafts_suite_id_id_idx ON test_case_drafts (suite_id, id);
            CREATE INDEX test_case_drafts_request_id_idx ON test_case_drafts (request_id);
            CREATE INDEX test_case_drafts_proposed_idx ON test_case_drafts (suite_id, key) WHERE state = 'proposed';

            """##)
}
