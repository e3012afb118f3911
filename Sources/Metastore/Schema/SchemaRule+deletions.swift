/// The words for the constraints of migration 14: deletions.

extension SchemaRule {
    static let deletions: [String: SchemaRule] = [
        "deletions_pkey": conflict("id", "the id is in use"),
        "deletions_id_fkey": missing("id", "task"),
        "deletions_project_id_fkey": missing("project_id", "project"),
        "deletions_kind_check": invalid("kind", "must be trace, session, user or project"),
        "deletions_subject_check": invalid("subject", "must have 1 to 4,096 bytes, of a whole project none"),
        "deletions_requested_by_check": invalid("requested_by", "must have at most 400 characters"),
        "deletions_state_check": invalid("state", "must be running, masked or done"),
        "deletions_trace_ids_check": invalid("trace_ids", "must be whole ids"),
        "deletions_counts_check": invalid("counts", "must be objects, all of them once it is masked"),
        "deletions_problem_check": invalid("problem", "must have at most 2,000 characters"),
        "deletions_times_check": invalid("masked_at", "does not fit the deletion's state"),
    ]
}
