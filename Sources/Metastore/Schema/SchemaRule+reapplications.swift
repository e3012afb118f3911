/// The words for the constraints of the migration of reapplications: a newer mapping or newer prices for what is stored.

extension SchemaRule {
    static let reapplications: [String: SchemaRule] = [
        "reapplications_pkey": conflict("id", "the id is in use"),
        "reapplications_id_fkey": missing("id", "task"),
        "reapplications_project_id_fkey": missing("project_id", "project"),
        "reapplications_open_key": conflict(
            "project_id", "a newer mapping or newer prices are being applied to the project already: wait for that task, or cancel it"),
        "reapplications_subject_check": invalid("subject", "must be mapping or prices"),
        "reapplications_days_check": invalid("received_to", "must not lie before received_from"),
        "reapplications_horizon_lsn_check": invalid("horizon_lsn", "must not be negative"),
        "reapplications_report_check": invalid("report", "must be an object of at most 1 MiB"),
    ]
}
