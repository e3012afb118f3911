@testable import Metastore

/// Wrong rows for the migration of features, and the right ones that they differ from.
extension ConstraintTests {
    static let featureSetUp = """
        INSERT INTO feature_schedules VALUES ('\(id)', true, 24, 1000, 1, '{}', '2026-01-01');
        INSERT INTO feature_analyses (id, project_id, window_start, window_end, maximum_traces, spending_cap_nano_usd, filter)
            VALUES ('\(id)', '\(id)', '2026-01-01', '2026-01-02', 10, 1, '{}');
        INSERT INTO feature_analysis_traces VALUES ('\(id)', 0, decode(repeat('ab', 16), 'hex'), 't', 1, false, 1, NULL);
        INSERT INTO features (id, project_id, name, is_named, center, reach, embedding_model, first_window_start, last_window_end)
            VALUES ('\(id)', '\(id)', 'f', true, '\\x00000000', 0.5, 'm/e', '2026-01-01', '2026-01-02');
        INSERT INTO feature_windows VALUES ('\(id)', '\(id)', '\(id)', 1, 1, 1, 1, 'new', '[]', decode(repeat('ab', 16), 'hex'));
        """

    static let featureRows: [WrongRow] =
        names(
            "features", "id, project_id, is_named, center, reach, embedding_model, first_window_start, last_window_end",
            "'\(other)', '\(id)', true, '\\x00000000', 0, 'm/e', '2026-01-01', '2026-01-02'")
        + (scheduleRows + analysisRows + analysisTraceRows + featureTableRows + windowRows).map { WrongRow(constraint: $0.0, sql: $0.1) }

    private static let tooLongFilter = #"json_build_object('a', repeat('x', 16384))"#

    private static let scheduleRows: [(String, String)] = [
        ("feature_schedules_pkey", "INSERT INTO feature_schedules SELECT * FROM feature_schedules"),
        ("feature_schedules_project_id_fkey", "UPDATE feature_schedules SET project_id = '\(other)'"),
        ("feature_schedules_period_hours_check", "UPDATE feature_schedules SET period_hours = 0"),
        ("feature_schedules_period_hours_check", "UPDATE feature_schedules SET period_hours = 745"),
        ("feature_schedules_maximum_traces_check", "UPDATE feature_schedules SET maximum_traces = 9"),
        ("feature_schedules_maximum_traces_check", "UPDATE feature_schedules SET maximum_traces = 4097"),
        ("feature_schedules_spending_cap_nano_usd_check", "UPDATE feature_schedules SET spending_cap_nano_usd = 0"),
        ("feature_schedules_filter_check", "UPDATE feature_schedules SET filter = '[]'"),
        ("feature_schedules_filter_check", "UPDATE feature_schedules SET filter = \(tooLongFilter)"),
        ("feature_schedules_times_check", "UPDATE feature_schedules SET next_window_start = 'infinity'"),
    ]

    /// A second analysis, of another window.
    private static func analysis(id: String = "'\(other)'", project: String = "'\(ConstraintTests.id)'") -> String {
        """
        INSERT INTO feature_analyses (id, project_id, window_start, window_end, maximum_traces, spending_cap_nano_usd, filter)
        VALUES (\(id), \(project), '2026-02-01', '2026-02-02', 10, 1, '{}')
        """
    }

    private static let otherTask = "INSERT INTO tasks (id, project_id, kind) VALUES ('\(other)', '\(id)', 'feature_analysis'); "

    private static let analysisRows: [(String, String)] = [
        ("feature_analyses_pkey", analysis(id: "'\(id)'")), ("feature_analyses_id_fkey", analysis()),
        ("feature_analyses_project_id_fkey", otherTask + analysis(project: "'\(other)'")),
        // The primary key speaks first for every new row.
        (
            "feature_analyses_project_id_id_key",
            "ALTER TABLE feature_analyses DROP CONSTRAINT feature_analyses_pkey CASCADE; " + analysis(id: "'\(id)'")
        ),
        ("feature_analyses_window_check", "UPDATE feature_analyses SET window_end = window_start"),
        ("feature_analyses_window_check", "UPDATE feature_analyses SET window_end = window_start + interval '93 days'"),
        ("feature_analyses_window_check", "UPDATE feature_analyses SET window_start = '-infinity'"),
        ("feature_analyses_maximum_traces_check", "UPDATE feature_analyses SET maximum_traces = 9"),
        ("feature_analyses_spending_cap_nano_usd_check", "UPDATE feature_analyses SET spending_cap_nano_usd = 0"),
        ("feature_analyses_filter_check", "UPDATE feature_analyses SET filter = '[]'"),
        ("feature_analyses_filter_check", "UPDATE feature_analyses SET filter = \(tooLongFilter)"),
        ("feature_analyses_state_check", "UPDATE feature_analyses SET state = 'lost'"),
        ("feature_analyses_counts_check", "UPDATE feature_analyses SET trace_count = 11, window_trace_count = 11"),
        ("feature_analyses_counts_check", "UPDATE feature_analyses SET trace_count = 2, window_trace_count = 1"),
        ("feature_analyses_counts_check", "UPDATE feature_analyses SET cost_nano_usd = -1"),
        ("feature_analyses_embedding_model_check", "UPDATE feature_analyses SET embedding_model = ''"),
        ("feature_analyses_times_check", "UPDATE feature_analyses SET state = 'succeeded'"),
        ("feature_analyses_times_check", "UPDATE feature_analyses SET finished_at = now()"),
        ("feature_analyses_times_check", "UPDATE feature_analyses SET created_at = 'infinity'"),
    ]

    private static func trace(position: Int = 1, id: String = "repeat('cd', 16)") -> String {
        "INSERT INTO feature_analysis_traces VALUES ('\(ConstraintTests.id)', \(position), decode(\(id), 'hex'), 't', 1, false, 1, NULL)"
    }

    private static let analysisTraceRows: [(String, String)] = [
        ("feature_analysis_traces_pkey", trace(position: 0)),
        ("feature_analysis_traces_analysis_id_fkey", "UPDATE feature_analysis_traces SET analysis_id = '\(other)'"),
        ("feature_analysis_traces_analysis_id_trace_id_key", trace(id: "repeat('ab', 16)")),
        ("feature_analysis_traces_position_check", trace(position: -1)),
        ("feature_analysis_traces_trace_id_check", trace(id: "repeat('ab', 15)")),
        ("feature_analysis_traces_text_check", "UPDATE feature_analysis_traces SET text = ''"),
        ("feature_analysis_traces_text_check", "UPDATE feature_analysis_traces SET text = repeat('ä', 4097)"),
        ("feature_analysis_traces_amounts_check", "UPDATE feature_analysis_traces SET cost_nano_usd = -1"),
        ("feature_analysis_traces_amounts_check", "UPDATE feature_analysis_traces SET duration_nano = -1"),
        ("feature_analysis_traces_embedding_check", "UPDATE feature_analysis_traces SET embedding = ''"),
        ("feature_analysis_traces_embedding_check", "UPDATE feature_analysis_traces SET embedding = '\\x000000'"),
    ]

    private static func feature(id: String = "'\(other)'", project: String = "'\(ConstraintTests.id)'") -> String {
        """
        INSERT INTO features (id, project_id, name, is_named, center, reach, embedding_model, first_window_start, last_window_end)
        VALUES (\(id), \(project), 'f', true, '\\x00000000', 0.5, 'm/e', '2026-01-01', '2026-01-02')
        """
    }

    private static let featureTableRows: [(String, String)] = [
        ("features_pkey", feature(id: "'\(id)'")), ("features_id_check", feature(id: "'018f0000-0000-4000-8000-000000000002'")),
        ("features_project_id_fkey", feature(project: "'\(other)'")),
        ("features_project_id_id_key", "ALTER TABLE features DROP CONSTRAINT features_pkey CASCADE; " + feature(id: "'\(id)'")),
        ("features_description_check", "UPDATE features SET description = repeat('x', 1001)"),
        ("features_shape_check", "UPDATE features SET center = ''"), ("features_shape_check", "UPDATE features SET center = '\\x00'"),
        ("features_shape_check", "UPDATE features SET reach = 'NaN'"),
        ("features_embedding_model_check", "UPDATE features SET embedding_model = ''"),
        ("features_times_check", "UPDATE features SET last_window_end = first_window_start"),
        ("features_times_check", "UPDATE features SET archived_at = created_at - interval '1 second'"),
    ]

    private static let windowRows: [(String, String)] = [
        ("feature_windows_pkey", "INSERT INTO feature_windows SELECT * FROM feature_windows"),
        ("feature_windows_project_id_feature_id_fkey", "UPDATE feature_windows SET feature_id = '\(other)'"),
        ("feature_windows_project_id_analysis_id_fkey", "UPDATE feature_windows SET analysis_id = '\(other)'"),
        ("feature_windows_counts_check", "UPDATE feature_windows SET error_count = 2"),
        ("feature_windows_counts_check", "UPDATE feature_windows SET cost_nano_usd = -1"),
        ("feature_windows_trend_check", "UPDATE feature_windows SET trend = 'odd'"),
        ("feature_windows_examples_check", "UPDATE feature_windows SET examples = '{}'"),
        ("feature_windows_trace_ids_check", "UPDATE feature_windows SET trace_count = 0, error_count = 0"),
        ("feature_windows_trace_ids_check", "UPDATE feature_windows SET trace_ids = substr(trace_ids, 2)"),
    ]
}
