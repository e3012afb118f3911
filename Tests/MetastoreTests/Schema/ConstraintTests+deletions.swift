@testable import Metastore

/// Wrong rows for the migration of deletions, and the right one that they differ from.
extension ConstraintTests {
    static let deletionSetUp = """
        INSERT INTO deletions (id, project_id, node_id, kind, subject, requested_by) VALUES ('\(id)', '\(id)', 1, 'user', 'ada', 'k');
        """

    static let deletionRows: [WrongRow] =
        [
            ("deletions_pkey", insert(id: "id")), ("deletions_id_fkey", insert()),
            ("deletions_project_id_fkey", "UPDATE deletions SET project_id = '\(other)'"),
            ("deletions_kind_check", "UPDATE deletions SET kind = 'span'"),
            ("deletions_subject_check", "UPDATE deletions SET subject = ''"),
            ("deletions_subject_check", "UPDATE deletions SET kind = 'project'"),
            ("deletions_subject_check", "UPDATE deletions SET subject = repeat('x', 4097)"),
            ("deletions_requested_by_check", "UPDATE deletions SET requested_by = repeat('x', 401)"),
            ("deletions_state_check", "UPDATE deletions SET state = 'gone', counts = '{}', removed = '{}', kept = '{}', \(masked)"),
            ("deletions_trace_ids_check", "UPDATE deletions SET trace_ids = 'abc'"),
            ("deletions_counts_check", "UPDATE deletions SET found = '[]'"),
            ("deletions_counts_check", "UPDATE deletions SET state = 'masked', \(masked)"),
            ("deletions_problem_check", "UPDATE deletions SET problem = repeat('x', 2001)"),
            ("deletions_times_check", "UPDATE deletions SET masked_at = now()"),
            ("deletions_times_check", "UPDATE deletions SET state = 'masked', counts = '{}', removed = '{}', kept = '{}'"),
            ("deletions_times_check", "UPDATE deletions SET done_at = now()"),
        ].map { WrongRow(constraint: $0.0, sql: $0.1) }

    private static let masked = "masked_at = now(), deadline_at = now(), masked_unix_nano = 1, through_log_file = 1"

    private static func insert(id: String = "'\(other)'") -> String {
        """
        INSERT INTO deletions (id, project_id, node_id, kind, subject, requested_by)
        SELECT \(id), project_id, 1, 'user', 'ada', 'k' FROM deletions
        """
    }
}
