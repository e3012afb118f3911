@testable import Metastore

/// Wrong rows for the migration of reapplications, and the right one that they differ from.
extension ConstraintTests {
    static let reapplicationSetUp = """
        INSERT INTO reapplications (id, project_id, subject, is_dry_run, node_id) VALUES ('\(id)', '\(id)', 'prices', true, 1);
        """

    static let reapplicationRows: [WrongRow] = [
        ("reapplications_pkey", "UPDATE reapplications SET is_open = false; INSERT INTO reapplications SELECT * FROM reapplications"),
        ("reapplications_id_fkey", "UPDATE reapplications SET id = '\(other)'"),
        ("reapplications_project_id_fkey", "UPDATE reapplications SET project_id = '\(other)'"),
        (
            "reapplications_open_key",
            """
            INSERT INTO reapplications (id, project_id, subject, is_dry_run, node_id)
            SELECT '\(other)', project_id, subject, is_dry_run, node_id FROM reapplications
            """
        ),
        ("reapplications_subject_check", "UPDATE reapplications SET subject = 'scores'"),
        ("reapplications_days_check", "UPDATE reapplications SET first_day = 2, last_day = 1"),
        ("reapplications_days_check", "UPDATE reapplications SET first_day = -1"),
        ("reapplications_horizon_lsn_check", "UPDATE reapplications SET horizon_lsn = -1"),
        ("reapplications_report_check", "UPDATE reapplications SET report = '[]'"),
        ("reapplications_report_check", "UPDATE reapplications SET report = json_build_object('a', repeat('x', 1048576))"),
    ].map { WrongRow(constraint: $0.0, sql: $0.1) }
}
