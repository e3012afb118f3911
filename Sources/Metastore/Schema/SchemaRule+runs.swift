/// The words for the constraints of migrations 4 and 13: suites, jobs, runs, outcomes, scores, events, what workers share.

import EvaluationModel

extension SchemaRule {
    static let runs: [String: SchemaRule] = suiteRules.merging(jobRules) { first, _ in first }
        .merging(runRules) { first, _ in first }.merging(workerRules) { first, _ in first }

    /// The rules of every id that is ours to make.
    private static func identities(_ tables: [String], into rules: inout [String: SchemaRule]) {
        for table in tables {
            rules["\(table)_pkey"] = conflict("id", "the id is in use")
            rules["\(table)_id_check"] = invalid("id", "must be a UUID of version 7")
        }
    }

    private static let suiteRules: [String: SchemaRule] = {
        let key = "must have 1 to \(TestCaseLimits.maximumKeyByteCount) bytes, none of them a control character"
        var rules: [String: SchemaRule] = [
            "suites_project_id_fkey": missing("project_id", "project"),
            "suites_project_id_name_key": conflict("name", "the project has a suite of this name already"),
            "suites_project_id_id_key": conflict("id", "the id is in use"),
            "suites_name_check": invalid("name", nameRule),
            "suites_description_check": invalid("description", "must have at most 10,000 characters"),
            "suites_current_version_check": invalid("current_version", "must not be negative"),
            "suites_created_at_check": invalid("created_at", "must be a time"),
            "suites_archived_at_check": invalid("archived_at", "must not be before created_at"),
            "suite_versions_suite_id_fkey": missing("suite_id", "suite"),
            "suite_versions_pkey": conflict("version", "the suite has this version already"),
            "suite_versions_number_check": invalid("version", "must be positive"),
            "suite_versions_source_check": invalid("source", "must be api, span, import, file or draft"),
            "suite_versions_message_check": invalid("message", "must have at most 1,000 characters"),
            "suite_versions_case_count_check": invalid("cases", "must be at most \(TestCaseLimits.maximumCaseCount) in a suite"),
            "test_cases_suite_id_fkey": missing("suite_id", "suite"),
            "test_cases_suite_id_key_key": conflict("key", "the suite has a case of this key already"),
            "test_cases_suite_id_id_key": conflict("id", "the id is in use"),
            "test_cases_key_check": invalid("key", key),
            "test_case_versions_suite_id_test_case_id_fkey": missing("test_case_id", "test case in this suite"),
            "test_case_versions_introduced_in_fkey": missing("introduced_in", "version of the suite"),
            "test_case_versions_removed_in_fkey": missing("removed_in", "version of the suite"),
            "test_case_versions_test_case_id_introduced_in_key": conflict("key", "a key stands twice among the cases"),
            "test_case_versions_removed_in_check": conflict("key", "a key stands twice among the cases"),
            "test_case_versions_content_check": invalid(
                "content", "must be a JSON object of at most \(TestCaseLimits.maximumContentByteCount) bytes"),
            "test_case_versions_content_hash_check": invalid("content_hash", "must have 16 bytes"),
            "test_case_versions_tags_check": invalid("tags", "must be at most \(TestCaseLimits.maximumTagCount)"),
            "test_case_versions_split_check": invalid("split", "must have at most \(TestCaseLimits.maximumTagByteCount) bytes"),
            "test_case_versions_source_check": invalid("source", "must be a trace, and a span of it or none"),
            "test_case_versions_immutable_check": conflict("version", "a version of a test case never changes"),
        ]
        identities(["suites", "test_cases", "test_case_versions"], into: &rules)
        return rules
    }()

    private static let jobRules: [String: SchemaRule] = {
        let queue = "must have 1 to 64 lower-case letters, digits, underscores or points, a letter first"
        var rules: [String: SchemaRule] = [
            "job_groups_queue_check": invalid("queue", queue),
            "job_groups_concurrency_check": invalid("concurrency", "must be from 1 to 100,000"),
            "jobs_pkey": conflict("id", "the id is in use"),
            "jobs_group_id_fkey": missing("group_id", "group of jobs"),
            "jobs_queue_check": invalid("queue", queue),
            "jobs_payload_check": invalid("payload", "must be a JSON object"),
            "jobs_state_check": invalid("state", "must be queued, leased, succeeded, failed or cancelled"),
            "jobs_run_after_check": invalid("run_after", "must be a time"),
            "jobs_attempt_count_check": invalid("attempt_count", "must not be negative"),
            "jobs_lease_check": invalid("lease", "belongs to a leased job only, and then is whole"),
            "jobs_worker_check": invalid("worker", "must have 1 to 200 characters"),
            "job_attempts_pkey": conflict("number", "the attempt is there already"),
            "job_attempts_job_id_fkey": missing("job_id", "job"),
            "job_attempts_number_check": invalid("number", "must be positive"),
            "job_attempts_result_check": invalid("result", "must be succeeded, failed, retried, lost, released or cancelled"),
            "job_attempts_error_check": invalid("error", "must be a JSON object"),
        ]
        identities(["job_groups"], into: &rules)
        return rules
    }()

    private static let runRules: [String: SchemaRule] = {
        var rules: [String: SchemaRule] = [
            "runs_id_fkey": missing("id", "task"),
            "runs_exec_group_id_fkey": missing("exec_group_id", "group of jobs"),
            "runs_project_id_suite_id_fkey": missing("suite", "suite in this project"),
            "runs_suite_version_fkey": missing("suite_version", "version of the suite"),
            "runs_project_id_id_key": conflict("id", "the id is in use"),
            "runs_baseline_run_id_fkey": missing("baseline", "run in this project"),
            "runs_project_id_idempotency_key_key": conflict(
                "idempotency_key", "this idempotency key was used for another request"),
            "runs_name_check": invalid("name", "must have 1 to 200 characters, none of them a control character"),
            "runs_state_check": invalid("state", "must be queued, running, paused, finished, failed or cancelled"),
            "runs_state_reason_check": invalid("state_reason", "must have at most 1,000 characters"),
            "runs_specification_check": invalid("specification", "and its metadata must be JSON objects"),
            "runs_concurrency_check": invalid("concurrency", "must be from 1 to \(RunLimits.maximumConcurrency)"),
            "runs_spending_cap_nano_usd_check": invalid("spending_cap_usd", "must be more than nothing"),
            "runs_idempotency_key_check": invalid("idempotency_key", "must have 1 to 200 characters, and a hash of 32 bytes"),
            "runs_counts_check": invalid("counts", "must not be negative, nor more than there are cells"),
            "runs_verdict_check": invalid("verdict", "belongs to a finished run only, as an object"),
            "runs_times_check": invalid("times", "must fit the run's state"),
            "outcomes_run_id_fkey": missing("run_id", "run"),
            "outcomes_test_case_version_id_fkey": missing("test_case_version_id", "test case version"),
            "outcomes_target_check": invalid("target", "must not be negative"),
            "outcomes_repetition_check": invalid("repetition", "must be positive"),
            "outcomes_result_check": invalid("result", "must be passed, failed or errored"),
            "outcomes_error_check": invalid("error", "belongs to an errored outcome only, as an object"),
            "outcomes_trace_check": invalid("trace_id", "must have 16 bytes, a span id 8"),
            "outcomes_amounts_check": invalid("amounts", "must not be negative"),
            "scores_project_id_fkey": missing("project_id", "project"),
            "scores_outcome_id_fkey": missing("outcome_id", "outcome"),
            "scores_external_id_check": invalid("id", "must have 1 to 200 characters, none of them a control character"),
            "scores_name_check": invalid("name", "must have 1 to 100 characters, none of them a control character"),
            "scores_source_check": invalid("source", "must be scorer, person or application"),
            "scores_value_check": invalid(
                "value", "must be a number within 1e150 of zero; a score has a value, a verdict or a label, or else an error"),
            "scores_texts_check": invalid(
                "reason", "must have at most 20,000 characters, a label 200, an error 5,000, an author or a model 400"),
            "scores_subject_check": invalid("trace_id", "must have 16 bytes, a span id 8; a score is of an outcome, a trace or a span"),
            "scores_cost_nano_usd_check": invalid("cost_usd", "must not be negative"),
            "tasks_last_event_sequence_check": invalid("last_event_sequence", "must not be negative"),
            "task_events_task_id_fkey": missing("task_id", "task"),
            "task_events_pkey": conflict("sequence", "the task has an event of this number already"),
            "task_events_sequence_check": invalid("sequence", "must be positive"),
            "task_events_type_check": invalid("type", "must be two words of lower-case letters with a point between them"),
            "task_events_data_check": invalid("data", "must be a JSON object"),
        ]
        identities(["runs", "outcomes", "scores"], into: &rules)
        // A run has the id of its task, which has the rule.
        rules["runs_id_check"] = nil
        return rules
    }()

    private static let workerRules: [String: SchemaRule] = {
        var rules: [String: SchemaRule] = [
            "span_outbox_pkey": conflict("id", "the id is in use"),
            "span_outbox_project_id_fkey": missing("project_id", "project"),
            "span_outbox_body_check": invalid("body", "must not be empty"),
            "worker_credentials_token_hash_key": conflict("token", "the token is in use"),
            "worker_credentials_name_check": invalid("name", nameRule),
            "worker_credentials_token_hash_check": invalid("token", "must have 32 bytes"),
            "worker_credentials_created_at_check": invalid("created_at", "must be a time"),
            "worker_credentials_revoked_at_check": invalid("revoked_at", "must not be before created_at"),
            "rate_budgets_pkey": conflict("key", "the key is in use"),
            "rate_budgets_key_check": invalid("key", "must have 32 bytes"),
            "rate_budgets_buckets_check": invalid("buckets", "must be whole or absent"),
            "rate_budgets_amounts_check": invalid("amounts", "must be numbers within 1e15 of zero"),
            "rate_budgets_times_check": invalid("times", "must not be before 1970"),
        ]
        identities(["worker_credentials"], into: &rules)
        return rules
    }()
}
