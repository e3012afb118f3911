@testable import Metastore

/// Wrong rows for migration 4, and the right ones that they differ from.
extension ConstraintTests {
    private static let wrongVersion = "018f0000-0000-4000-8000-000000000002"
    private static let control = "00000000-0000-7000-8000-000000000001"

    static let runSetUp = """
        INSERT INTO suites (id, project_id, name, current_version) VALUES ('\(id)', '\(id)', 'A', 1);
        INSERT INTO suite_versions (suite_id, number, source, case_count) VALUES ('\(id)', 1, 'api', 1), ('\(id)', 2, 'api', 0);
        INSERT INTO test_cases (id, suite_id, key) VALUES ('\(id)', '\(id)', 'a');
        INSERT INTO test_case_versions (id, suite_id, test_case_id, introduced_in, content, content_hash, tags, split)
            VALUES ('\(id)', '\(id)', '\(id)', 1, '{"key": "a"}', decode(repeat('ab', 16), 'hex'), '{t}', 'dev');
        INSERT INTO job_groups (id, queue, concurrency) VALUES ('\(id)', 'q', 1);
        INSERT INTO jobs (queue, group_id, payload) VALUES ('q', '\(id)', '{}');
        INSERT INTO job_attempts (job_id, number, worker, started_at, result) SELECT id, 1, 'w', now(), 'lost' FROM jobs;
        INSERT INTO runs (id, project_id, suite_id, suite_version, name, specification, metadata, concurrency, cell_count,
                idempotency_key, request_hash)
            VALUES ('\(id)', '\(id)', '\(id)', 1, 'r', '{}', '{}', 1, 1, 'k', sha256('k'));
        INSERT INTO outcomes (id, run_id, target, test_case_version_id, repetition, job_id, result, trace_id, span_id, duration_nano,
                input_tokens, output_tokens, cost_nano_usd, attempt_count)
            VALUES ('\(id)', '\(id)', 0, '\(id)', 1, 1, 'passed', decode(repeat('ab', 16), 'hex'), decode(repeat('ab', 8), 'hex'),
                1, 1, 1, 1, 1);
        INSERT INTO scores (id, project_id, name, source, value, reason, outcome_id)
            VALUES ('\(id)', '\(id)', 's', 'scorer', 1, 'r', '\(id)');
        INSERT INTO task_events (task_id, sequence, type, data) VALUES ('\(id)', 1, 'run.queued', '{}');
        INSERT INTO span_outbox (project_id, body) VALUES ('\(id)', 'x');
        INSERT INTO worker_credentials (id, name, token_hash) VALUES ('\(id)', 'w', sha256('w'));
        INSERT INTO rate_budgets (key, blocked_until_unix_nano) VALUES (sha256('b'), 0);
        INSERT INTO rate_budgets VALUES (sha256('c'), 1, 1, 1, 1, 1, 1, 1, 1, 1);
        """

    static let runRows: [WrongRow] =
        names("suites", "id, project_id", "'\(other)', '\(id)'") + names("worker_credentials", "id, token_hash", "'\(other)', sha256('v')")
        + (suiteRows + jobRows + runTableRows + outcomeRows + scoreRows + workerRows).map { WrongRow(constraint: $0.0, sql: $0.1) }

    /// A copy of a table's row with other values in some columns.
    private static func copy(_ table: String, _ columns: String, _ values: String) -> String {
        "INSERT INTO \(table) (\(columns)) SELECT \(values) FROM \(table) LIMIT 1"
    }

    private static let suiteRows: [(String, String)] = [
        ("suites_pkey", copy("suites", "id, project_id, name", "id, project_id, 'B'")),
        ("suites_id_check", copy("suites", "id, project_id, name", "'\(wrongVersion)', project_id, 'B'")),
        // The primary key speaks first for every new row.
        (
            "suites_project_id_id_key",
            "ALTER TABLE suites DROP CONSTRAINT suites_pkey CASCADE; " + copy("suites", "id, project_id, name", "id, project_id, 'B'")
        ),
        ("suites_project_id_fkey", copy("suites", "id, project_id, name", "'\(other)', '\(other)', 'B'")),
        ("suites_project_id_name_key", copy("suites", "id, project_id, name", "'\(other)', project_id, name")),
        ("suites_description_check", "UPDATE suites SET description = repeat('x', 10001)"),
        ("suites_current_version_check", "UPDATE suites SET current_version = -1"),
        ("suites_created_at_check", "UPDATE suites SET created_at = '-infinity'"),
        ("suites_archived_at_check", "UPDATE suites SET archived_at = created_at - interval '1 second'"),
        ("suites_archived_at_check", "UPDATE suites SET archived_at = 'infinity'"),
        (
            "suite_versions_suite_id_fkey",
            "INSERT INTO suite_versions (suite_id, number, source, case_count) VALUES ('\(other)', 1, 'api', 0)"
        ),
        ("suite_versions_pkey", "INSERT INTO suite_versions (suite_id, number, source, case_count) VALUES ('\(id)', 1, 'api', 0)"),
        ("suite_versions_number_check", "INSERT INTO suite_versions (suite_id, number, source, case_count) VALUES ('\(id)', 0, 'api', 0)"),
        ("suite_versions_source_check", "UPDATE suite_versions SET source = 'dream'"),
        ("suite_versions_message_check", "UPDATE suite_versions SET message = repeat('x', 1001)"),
        ("suite_versions_case_count_check", "UPDATE suite_versions SET case_count = -1"),
        ("suite_versions_case_count_check", "UPDATE suite_versions SET case_count = 100001"),
        ("test_cases_pkey", copy("test_cases", "id, suite_id, key", "id, suite_id, 'b'")),
        ("test_cases_id_check", copy("test_cases", "id, suite_id, key", "'\(wrongVersion)', suite_id, 'b'")),
        ("test_cases_suite_id_fkey", copy("test_cases", "id, suite_id, key", "'\(other)', '\(other)', 'b'")),
        ("test_cases_suite_id_key_key", copy("test_cases", "id, suite_id, key", "'\(other)', suite_id, key")),
        (
            "test_cases_suite_id_id_key",
            "ALTER TABLE test_cases DROP CONSTRAINT test_cases_pkey; " + copy("test_cases", "id, suite_id, key", "id, suite_id, 'b'")
        ),
        ("test_cases_key_check", "UPDATE test_cases SET key = ''"),
        ("test_cases_key_check", "UPDATE test_cases SET key = repeat('ä', 129)"),
        ("test_cases_key_check", "UPDATE test_cases SET key = E'a\\nb'"),
        ("test_case_versions_pkey", caseVersion(id: "id", introduced: "2")),
        ("test_case_versions_id_check", caseVersion(id: "'\(wrongVersion)'", introduced: "2")),
        ("test_case_versions_suite_id_test_case_id_fkey", caseVersion(testCase: "'\(other)'", introduced: "2")),
        ("test_case_versions_introduced_in_fkey", "SET CONSTRAINTS ALL IMMEDIATE; " + caseVersion(introduced: "7", removed: "8")),
        ("test_case_versions_removed_in_fkey", "SET CONSTRAINTS ALL IMMEDIATE; UPDATE test_case_versions SET removed_in = 7"),
        ("test_case_versions_test_case_id_introduced_in_key", caseVersion(introduced: "1", removed: "2")),
        ("test_case_versions_removed_in_check", "UPDATE test_case_versions SET removed_in = 1"),
        ("test_case_versions_content_check", caseVersion(introduced: "2", content: "'[]'")),
        ("test_case_versions_content_check", caseVersion(introduced: "2", content: "json_build_object('a', repeat('x', 1100000))")),
        ("test_case_versions_content_hash_check", caseVersion(introduced: "2", hash: "'x'")),
        ("test_case_versions_tags_check", caseVersion(introduced: "2", tags: "'{NULL}'")),
        ("test_case_versions_tags_check", caseVersion(introduced: "2", tags: "array_fill('a'::text, '{65}')")),
        ("test_case_versions_split_check", caseVersion(introduced: "2", split: "repeat('x', 129)")),
        ("test_case_versions_source_check", caseVersion(introduced: "2", trace: "'x'")),
        ("test_case_versions_source_check", caseVersion(introduced: "2", trace: "content_hash", span: "'x'")),
        ("test_case_versions_source_check", caseVersion(introduced: "2", span: "substr(content_hash, 1, 8)")),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET id = '\(other)'"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET suite_id = '\(other)'"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET test_case_id = '\(other)'"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET introduced_in = 2"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET content = '{\"key\": \"b\"}'"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET content_hash = decode(repeat('cd', 16), 'hex')"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET tags = '{}'"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET split = ''"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET source_trace_id = content_hash"),
        ("test_case_versions_immutable_check", "UPDATE test_case_versions SET source_span_id = substr(content_hash, 1, 8)"),
        (
            "test_case_versions_immutable_check",
            "UPDATE test_case_versions SET removed_in = 2; UPDATE test_case_versions SET removed_in = NULL"
        ),
    ]

    /// Another version of the case, valid but for what is given.
    private static func caseVersion(
        id: String = "'\(other)'", testCase: String = "test_case_id", introduced: String, removed: String = "NULL",
        content: String = "content", hash: String = "content_hash", tags: String = "tags", split: String = "split",
        trace: String = "NULL", span: String = "NULL"
    ) -> String {
        """
        INSERT INTO test_case_versions (id, suite_id, test_case_id, introduced_in, removed_in, content, content_hash, tags, split,
            source_trace_id, source_span_id)
        SELECT \(id), suite_id, \(testCase), \(introduced), \(removed), \(content), \(hash), \(tags), \(split), \(trace), \(span)
        FROM test_case_versions
        """
    }

    private static let jobRows: [(String, String)] = [
        ("job_groups_pkey", "INSERT INTO job_groups (id, queue, concurrency) VALUES ('\(control)', 'q', 1)"),
        ("job_groups_id_check", "INSERT INTO job_groups (id, queue, concurrency) VALUES ('\(wrongVersion)', 'q', 1)"),
        ("job_groups_queue_check", "UPDATE job_groups SET queue = 'Q'"),
        ("job_groups_concurrency_check", "UPDATE job_groups SET concurrency = 0"),
        ("job_groups_concurrency_check", "UPDATE job_groups SET concurrency = 100001"),
        (
            "jobs_pkey",
            "INSERT INTO jobs (id, queue, group_id, payload) OVERRIDING SYSTEM VALUE SELECT id, queue, group_id, payload FROM jobs"
        ),
        ("jobs_group_id_fkey", "UPDATE jobs SET group_id = '\(other)'"),
        ("jobs_queue_check", "UPDATE jobs SET queue = ''"),
        ("jobs_payload_check", "UPDATE jobs SET payload = '1'"),
        ("jobs_state_check", "UPDATE jobs SET state = 'sleeping'"),
        ("jobs_run_after_check", "UPDATE jobs SET run_after = 'infinity'"),
        ("jobs_attempt_count_check", "UPDATE jobs SET attempt_count = -1"),
        ("jobs_lease_check", "UPDATE jobs SET state = 'leased'"),
        ("jobs_lease_check", "UPDATE jobs SET lease_id = '\(id)'"),
        ("jobs_lease_check", "UPDATE jobs SET worker = 'w'"),
        ("jobs_lease_check", "UPDATE jobs SET leased_at = now()"),
        ("jobs_lease_check", "UPDATE jobs SET lease_expires_at = now()"),
        (
            "jobs_worker_check",
            "UPDATE jobs SET state = 'leased', lease_id = '\(id)', worker = '', leased_at = now(), lease_expires_at = now()"
        ),
        ("job_attempts_pkey", "INSERT INTO job_attempts SELECT * FROM job_attempts"),
        ("job_attempts_job_id_fkey", "UPDATE job_attempts SET job_id = 1000"),
        ("job_attempts_number_check", "UPDATE job_attempts SET number = 0"),
        ("job_attempts_result_check", "UPDATE job_attempts SET result = 'lucky'"),
        ("job_attempts_error_check", "UPDATE job_attempts SET error = '\"text\"'"),
    ]

    private static let runTableRows: [(String, String)] = [
        ("runs_pkey", "INSERT INTO runs SELECT * FROM runs"),
        ("runs_id_fkey", "DELETE FROM outcomes; UPDATE runs SET id = '\(other)'"),
        (
            "runs_project_id_id_key",
            """
            ALTER TABLE runs DROP CONSTRAINT runs_pkey CASCADE;
            INSERT INTO runs (id, project_id, suite_id, suite_version, name, specification, metadata, concurrency)
                SELECT id, project_id, suite_id, suite_version, name, specification, metadata, concurrency FROM runs
            """
        ),
        ("runs_exec_group_id_fkey", "UPDATE runs SET exec_group_id = '\(other)'"),
        ("runs_project_id_suite_id_fkey", "UPDATE runs SET suite_id = '\(other)'"),
        ("runs_suite_version_fkey", "UPDATE runs SET suite_version = 7"),
        ("runs_baseline_run_id_fkey", "UPDATE runs SET baseline_run_id = '\(other)'"),
        (
            "runs_baseline_run_id_fkey",
            """
            INSERT INTO projects (id, organization_id, name) VALUES ('\(other)', '\(id)', 'Other');
            INSERT INTO suites (id, project_id, name) VALUES ('\(other)', '\(other)', 'A');
            INSERT INTO suite_versions (suite_id, number, source, case_count) VALUES ('\(other)', 1, 'api', 0);
            INSERT INTO tasks (id, project_id, kind) VALUES ('\(other)', '\(other)', 'run');
            INSERT INTO runs (id, project_id, suite_id, suite_version, name, specification, metadata, concurrency, baseline_run_id)
                VALUES ('\(other)', '\(other)', '\(other)', 1, 'r', '{}', '{}', 1, '\(id)')
            """
        ),
        (
            "runs_project_id_idempotency_key_key",
            """
            INSERT INTO tasks (id, kind) VALUES ('\(other)', 'run');
            INSERT INTO runs (id, project_id, suite_id, suite_version, name, specification, metadata, concurrency, idempotency_key,
                request_hash)
            SELECT '\(other)', project_id, suite_id, suite_version, name, specification, metadata, concurrency, idempotency_key,
                sha256('l') FROM runs
            """
        ),
        ("runs_name_check", "UPDATE runs SET name = ''"),
        ("runs_name_check", "UPDATE runs SET name = E'a\\nb'"),
        ("runs_state_check", "UPDATE runs SET state = 'asleep'"),
        ("runs_state_reason_check", "UPDATE runs SET state_reason = repeat('x', 1001)"),
        ("runs_specification_check", "UPDATE runs SET specification = '[]'"),
        ("runs_specification_check", "UPDATE runs SET metadata = '[]'"),
        ("runs_concurrency_check", "UPDATE runs SET concurrency = 0"),
        ("runs_concurrency_check", "UPDATE runs SET concurrency = 10001"),
        ("runs_spending_cap_nano_usd_check", "UPDATE runs SET spending_cap_nano_usd = 0"),
        ("runs_idempotency_key_check", "UPDATE runs SET idempotency_key = ''"),
        ("runs_idempotency_key_check", "UPDATE runs SET idempotency_key = NULL"),
        ("runs_idempotency_key_check", "UPDATE runs SET request_hash = NULL"),
        ("runs_idempotency_key_check", "UPDATE runs SET request_hash = 'x'"),
        ("runs_counts_check", "UPDATE runs SET passed_count = -1"),
        ("runs_counts_check", "UPDATE runs SET passed_count = 1, failed_count = 1"),
        ("runs_counts_check", "UPDATE runs SET cost_nano_usd = -1"),
        ("runs_counts_check", "UPDATE runs SET input_tokens = -1"),
        ("runs_verdict_check", "UPDATE runs SET verdict = '{}'"),
        ("runs_verdict_check", "UPDATE runs SET verdict = '1', state = 'finished', finished_at = now()"),
        ("runs_times_check", "UPDATE runs SET created_at = 'infinity'"),
        ("runs_times_check", "UPDATE runs SET started_at = created_at - interval '1 second'"),
        ("runs_times_check", "UPDATE runs SET started_at = 'infinity'"),
        ("runs_times_check", "UPDATE runs SET finished_at = now()"),
        ("runs_times_check", "UPDATE runs SET state = 'failed'"),
        ("runs_times_check", "UPDATE runs SET state = 'failed', finished_at = 'infinity'"),
    ]

    private static let outcomeRows: [(String, String)] = [
        ("outcomes_pkey", "INSERT INTO outcomes SELECT * FROM outcomes"),
        ("outcomes_id_check", "DELETE FROM scores; UPDATE outcomes SET id = '\(wrongVersion)'"),
        ("outcomes_run_id_fkey", "UPDATE outcomes SET run_id = '\(other)'"),
        ("outcomes_test_case_version_id_fkey", "UPDATE outcomes SET test_case_version_id = '\(other)'"),
        ("outcomes_target_check", "UPDATE outcomes SET target = -1"),
        ("outcomes_repetition_check", "UPDATE outcomes SET repetition = 0"),
        ("outcomes_result_check", "UPDATE outcomes SET result = 'unsure'"),
        ("outcomes_error_check", "UPDATE outcomes SET error = '{}'"),
        ("outcomes_error_check", "UPDATE outcomes SET result = 'errored', error = '1'"),
        ("outcomes_trace_check", "UPDATE outcomes SET trace_id = 'x'"),
        ("outcomes_trace_check", "UPDATE outcomes SET span_id = 'x'"),
        ("outcomes_amounts_check", "UPDATE outcomes SET duration_nano = -1"),
        ("outcomes_amounts_check", "UPDATE outcomes SET first_token_nano = -1"),
        ("outcomes_amounts_check", "UPDATE outcomes SET input_tokens = -1"),
        ("outcomes_amounts_check", "UPDATE outcomes SET output_tokens = -1"),
        ("outcomes_amounts_check", "UPDATE outcomes SET cost_nano_usd = -1"),
        ("outcomes_amounts_check", "UPDATE outcomes SET attempt_count = 0"),
    ]

    private static let scoreRows: [(String, String)] = [
        ("scores_pkey", "INSERT INTO scores SELECT * FROM scores"),
        ("scores_id_check", "UPDATE scores SET id = '\(wrongVersion)'"),
        ("scores_project_id_fkey", "UPDATE scores SET project_id = '\(other)'"),
        ("scores_outcome_id_fkey", "UPDATE scores SET outcome_id = '\(other)'"),
        ("scores_name_check", "UPDATE scores SET name = ''"),
        ("scores_name_check", "UPDATE scores SET name = E'a\\tb'"),
        ("scores_source_check", "UPDATE scores SET source = 'oracle'"),
        ("scores_value_check", "UPDATE scores SET value = NULL"),
        ("scores_value_check", "UPDATE scores SET value = 'NaN'"),
        ("scores_value_check", "UPDATE scores SET value = 'infinity'"),
        ("scores_value_check", "UPDATE scores SET value = '-1e151'"),
        ("scores_value_check", "UPDATE scores SET error = 'e'"),
        ("scores_value_check", "UPDATE scores SET error = 'e', value = NULL, passed = true"),
        ("scores_texts_check", "UPDATE scores SET label = repeat('x', 201)"),
        ("scores_texts_check", "UPDATE scores SET reason = repeat('x', 20001)"),
        ("scores_texts_check", "UPDATE scores SET error = repeat('x', 5001), value = NULL"),
        ("scores_texts_check", "UPDATE scores SET author = repeat('x', 401)"),
        ("scores_texts_check", "UPDATE scores SET kind = repeat('x', 101)"),
        ("scores_texts_check", "UPDATE scores SET model = repeat('x', 401)"),
        ("scores_subject_check", "UPDATE scores SET outcome_id = NULL"),
        ("scores_subject_check", "UPDATE scores SET trace_id = 'x'"),
        ("scores_subject_check", "UPDATE scores SET span_id = decode(repeat('ab', 8), 'hex')"),
        ("scores_subject_check", "UPDATE scores SET trace_id = decode(repeat('ab', 16), 'hex'), span_id = 'x'"),
        ("scores_external_id_check", "UPDATE scores SET external_id = ''"),
        ("scores_external_id_check", "UPDATE scores SET external_id = repeat('x', 201)"),
        ("scores_external_id_check", "UPDATE scores SET external_id = E'a\\nb'"),
        ("scores_cost_nano_usd_check", "UPDATE scores SET cost_nano_usd = -1"),
        ("tasks_last_event_sequence_check", "UPDATE tasks SET last_event_sequence = -1"),
        ("task_events_task_id_fkey", "UPDATE task_events SET task_id = '\(other)'"),
        ("task_events_pkey", "INSERT INTO task_events SELECT * FROM task_events"),
        ("task_events_sequence_check", "UPDATE task_events SET sequence = 0"),
        ("task_events_type_check", "UPDATE task_events SET type = 'run'"),
        ("task_events_type_check", "UPDATE task_events SET type = 'Run.queued'"),
        ("task_events_data_check", "UPDATE task_events SET data = 'null'"),
    ]

    private static let workerRows: [(String, String)] = [
        (
            "span_outbox_pkey",
            "INSERT INTO span_outbox (id, project_id, body) OVERRIDING SYSTEM VALUE SELECT id, project_id, body FROM span_outbox"
        ),
        ("span_outbox_project_id_fkey", "UPDATE span_outbox SET project_id = '\(other)'"),
        ("span_outbox_body_check", "UPDATE span_outbox SET body = ''"),
        ("worker_credentials_pkey", copy("worker_credentials", "id, name, token_hash", "id, name, sha256('v')")),
        ("worker_credentials_id_check", copy("worker_credentials", "id, name, token_hash", "'\(wrongVersion)', name, sha256('v')")),
        ("worker_credentials_token_hash_key", copy("worker_credentials", "id, name, token_hash", "'\(other)', name, token_hash")),
        ("worker_credentials_token_hash_check", "UPDATE worker_credentials SET token_hash = 'x'"),
        ("worker_credentials_created_at_check", "UPDATE worker_credentials SET created_at = 'infinity'"),
        ("worker_credentials_revoked_at_check", "UPDATE worker_credentials SET revoked_at = created_at - interval '1 second'"),
        ("worker_credentials_revoked_at_check", "UPDATE worker_credentials SET revoked_at = 'infinity'"),
        ("rate_budgets_pkey", "INSERT INTO rate_budgets SELECT * FROM rate_budgets"),
        ("rate_budgets_key_check", "INSERT INTO rate_budgets (key, blocked_until_unix_nano) VALUES ('x', 0)"),
        ("rate_budgets_buckets_check", "UPDATE rate_budgets SET request_level = NULL"),
        ("rate_budgets_buckets_check", "UPDATE rate_budgets SET token_capacity = NULL"),
        ("rate_budgets_amounts_check", "UPDATE rate_budgets SET request_capacity = -1 WHERE request_level IS NOT NULL"),
        ("rate_budgets_amounts_check", "UPDATE rate_budgets SET token_level = 'NaN' WHERE token_level IS NOT NULL"),
        ("rate_budgets_amounts_check", "UPDATE rate_budgets SET tokens_per_second = 'infinity' WHERE token_level IS NOT NULL"),
        ("rate_budgets_times_check", "UPDATE rate_budgets SET blocked_until_unix_nano = -1"),
        ("rate_budgets_times_check", "UPDATE rate_budgets SET requests_updated_unix_nano = -1 WHERE request_level IS NOT NULL"),
        ("rate_budgets_times_check", "UPDATE rate_budgets SET updated_at = 'infinity'"),
    ]
}
