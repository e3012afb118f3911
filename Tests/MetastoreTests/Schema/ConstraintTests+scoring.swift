@testable import Metastore

/// Wrong rows for migration 5, and the right ones that they differ from.
extension ConstraintTests {
    private static let wrongVersion = "018f0000-0000-4000-8000-000000000002"
    private static let trace = "decode(repeat('ab', 16), 'hex')"
    private static let span = "decode(repeat('ab', 8), 'hex')"

    static let scoringSetUp = """
        INSERT INTO score_rules (id, project_id, name, filter, scorers, sampling_rate, is_enabled, concurrency)
            VALUES ('\(id)', '\(id)', 'A', '{}', '[]', 1, true, 1);
        INSERT INTO score_rule_days (rule_id, day) VALUES ('\(id)', '2026-01-01');
        INSERT INTO score_positions (project_id, node_id, lsn) VALUES ('\(id)', 1, 1);
        INSERT INTO score_backfills (id, project_id, filter, scorers, sampling_rate, maximum_span_count, concurrency, node_id)
            VALUES ('\(id)', '\(id)', '{}', '[]', 1, 1, 1, 1);
        INSERT INTO score_decisions (id, project_id, rule_id, trace_id, span_id, decision, reason)
            VALUES ('\(id)', '\(id)', '\(id)', \(trace), \(span), 'queued', 'r');
        """

    static let scoringRows: [WrongRow] =
        names(
            "score_rules", "id, project_id, filter, scorers, sampling_rate, is_enabled, concurrency",
            "'\(other)', '\(id)', '{}', '[]', 1, true, 1")
        + (ruleRows + backfillRows + decisionRows).map { WrongRow(constraint: $0.0, sql: $0.1) }

    private static func rule(id: String = "'\(other)'", project: String = "project_id", name: String = "'B'") -> String {
        """
        INSERT INTO score_rules (id, project_id, name, filter, scorers, sampling_rate, is_enabled, concurrency)
        SELECT \(id), \(project), \(name), filter, scorers, sampling_rate, is_enabled, concurrency FROM score_rules
        """
    }

    private static let ruleRows: [(String, String)] = [
        ("score_rules_pkey", rule(id: "id")), ("score_rules_id_check", rule(id: "'\(wrongVersion)'")),
        ("score_rules_project_id_fkey", rule(project: "'\(other)'")), ("score_rules_project_id_name_key", rule(name: "name")),
        ("score_rules_filter_check", "UPDATE score_rules SET filter = '[]'"),
        ("score_rules_filter_check", "UPDATE score_rules SET filter = json_build_object('a', repeat('x', 65536))"),
        ("score_rules_scorers_check", "UPDATE score_rules SET scorers = '{}'"),
        ("score_rules_sampling_rate_check", "UPDATE score_rules SET sampling_rate = 1.1"),
        ("score_rules_sampling_rate_check", "UPDATE score_rules SET sampling_rate = 'NaN'"),
        ("score_rules_daily_cap_nano_usd_check", "UPDATE score_rules SET daily_cap_nano_usd = 0"),
        ("score_rules_concurrency_check", "UPDATE score_rules SET concurrency = 0"),
        ("score_rules_archived_at_check", "UPDATE score_rules SET archived_at = now()"),
        ("score_rule_days_pkey", "INSERT INTO score_rule_days SELECT * FROM score_rule_days"),
        ("score_rule_days_rule_id_fkey", "UPDATE score_rule_days SET rule_id = '\(other)'"),
        ("score_rule_days_counts_check", "UPDATE score_rule_days SET failed_count = -1"),
        ("score_positions_pkey", "INSERT INTO score_positions SELECT * FROM score_positions"),
        ("score_positions_project_id_fkey", "UPDATE score_positions SET project_id = '\(other)'"),
        ("score_positions_lsn_check", "UPDATE score_positions SET lsn = -1"),
    ]

    private static let backfillRows: [(String, String)] = [
        ("score_backfills_pkey", "INSERT INTO score_backfills SELECT * FROM score_backfills"),
        ("score_backfills_id_fkey", "UPDATE score_backfills SET id = '\(other)'"),
        ("score_backfills_project_id_fkey", "UPDATE score_backfills SET project_id = '\(other)'"),
        ("score_backfills_filter_check", "UPDATE score_backfills SET filter = '1'"),
        ("score_backfills_scorers_check", "UPDATE score_backfills SET scorers = '1'"),
        ("score_backfills_sampling_rate_check", "UPDATE score_backfills SET sampling_rate = -0.1"),
        ("score_backfills_times_check", "UPDATE score_backfills SET from_unix_nano = 2, to_unix_nano = 1"),
        ("score_backfills_maximum_span_count_check", "UPDATE score_backfills SET maximum_span_count = 0"),
        ("score_backfills_maximum_span_count_check", "UPDATE score_backfills SET maximum_span_count = 100001"),
        ("score_backfills_cap_nano_usd_check", "UPDATE score_backfills SET cap_nano_usd = 0"),
        ("score_backfills_concurrency_check", "UPDATE score_backfills SET concurrency = 1001"),
        ("score_backfills_counts_check", "UPDATE score_backfills SET queued_count = -1"),
    ]

    private static let decisionRows: [(String, String)] = [
        ("score_decisions_pkey", "INSERT INTO score_decisions SELECT * FROM score_decisions"),
        ("score_decisions_id_check", "UPDATE score_decisions SET id = '\(wrongVersion)'"),
        ("score_decisions_project_id_fkey", "UPDATE score_decisions SET project_id = '\(other)'"),
        ("score_decisions_rule_id_fkey", "UPDATE score_decisions SET rule_id = '\(other)'"),
        ("score_decisions_task_id_fkey", "UPDATE score_decisions SET task_id = '\(other)', rule_id = NULL"),
        ("score_decisions_source_check", "UPDATE score_decisions SET rule_id = NULL"),
        ("score_decisions_source_check", "UPDATE score_decisions SET task_id = '\(id)'"),
        ("score_decisions_span_check", "UPDATE score_decisions SET trace_id = 'x'"),
        ("score_decisions_span_check", "UPDATE score_decisions SET span_id = 'x'"),
        ("score_decisions_decision_check", "UPDATE score_decisions SET decision = 'perhaps'"),
        ("score_decisions_reason_check", "UPDATE score_decisions SET reason = ''"),
        ("score_decisions_reason_check", "UPDATE score_decisions SET reason = repeat('x', 2001)"),
        ("score_decisions_amounts_check", "UPDATE score_decisions SET cost_nano_usd = -1"),
    ]
}
