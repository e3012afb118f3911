/// What each constraint of the schema means to the one whose value broke it. A test holds this table against the database:
/// a constraint nobody speaks for fails it.

struct SchemaRule: Sendable {
    let code: MetastoreError.Code
    let field: String
    let message: String

    static let nameRule = "must have 1 to 100 characters, none of them a control character, no space at either end"

    static let all: [String: SchemaRule] = controlPlane.merging(accounts) { first, _ in first }.merging(runs) { first, _ in first }
        .merging(scoring) { first, _ in first }.merging(features) { first, _ in first }
        .merging(drafts) { first, _ in first }.merging(knowledge) { first, _ in first }
        .merging(deletions) { first, _ in first }
        .merging(reapplications) { first, _ in first }

    static func invalid(_ field: String, _ rule: String) -> SchemaRule {
        SchemaRule(code: .invalid, field: field, message: field.isEmpty ? rule : "\(field) \(rule)")
    }

    static func conflict(_ field: String, _ message: String) -> SchemaRule {
        SchemaRule(code: .conflict, field: field, message: message)
    }

    static func missing(_ field: String, _ noun: String) -> SchemaRule {
        SchemaRule(code: .notFound, field: field, message: "there is no such \(noun)")
    }

    /// Of migration 1.
    private static let controlPlane: [String: SchemaRule] = {
        var rules: [String: SchemaRule] = [:]
        func invalid(_ constraint: String, _ field: String, _ rule: String) { rules[constraint] = Self.invalid(field, rule) }
        func conflict(_ constraint: String, _ field: String, _ message: String) { rules[constraint] = Self.conflict(field, message) }
        func missing(_ constraint: String, _ field: String, _ noun: String) { rules[constraint] = Self.missing(field, noun) }
        for table in ["organizations", "projects", "api_keys", "tasks"] {
            conflict("\(table)_pkey", "id", "the id is in use")
            invalid("\(table)_id_check", "id", "must be a UUID of version 7")
        }
        for table in ["organizations", "projects", "api_keys"] {
            invalid("\(table)_name_check", "name", nameRule)
            invalid("\(table)_created_at_check", "created_at", "must be a time")
        }
        conflict("projects_organization_id_name_key", "name", "the organization has a project of this name already")
        missing("projects_organization_id_fkey", "organization_id", "organization")
        invalid("projects_retention_days_check", "retention_days", "must be from 1 to \(MetastoreLimits.maximumRetentionDayCount)")
        invalid("projects_archived_at_check", "archived_at", "must not be before created_at")
        missing("api_keys_project_id_fkey", "project_id", "project")
        conflict("api_keys_key_hash_key", "key_hash", "the key is in use")
        invalid("api_keys_prefix_check", "prefix", "must have 6 to 20 letters, digits or underscores")
        invalid("api_keys_key_hash_check", "key_hash", "must have 32 bytes")
        invalid("api_keys_scopes_check", "scopes", "must name at least one of ingest, read, write, run and admin, each once")
        invalid("api_keys_expires_at_check", "expires_at", "must be in the future")
        invalid("api_keys_revoked_at_check", "revoked_at", "must not be before created_at")
        invalid("api_keys_last_used_at_check", "last_used_at", "must be a time")
        missing("tasks_project_id_fkey", "project_id", "project")
        invalid("tasks_kind_check", "kind", "must have 1 to 64 lower-case letters, digits, underscores or dots, a letter first")
        invalid("tasks_state_check", "state", "must be queued, running, succeeded, failed or cancelled")
        invalid("tasks_progress_check", "progress", "must not be negative, nor more than its total")
        invalid("tasks_result_check", "result", "belongs to a succeeded task only")
        invalid("tasks_error_check", "error", "belongs to a failed task, as an object")
        invalid("tasks_started_at_check", "started_at", "does not fit the task's state")
        invalid("tasks_updated_at_check", "updated_at", "must not be before created_at")
        invalid("tasks_finished_at_check", "finished_at", "belongs to a finished task only")
        conflict("tasks_transition_check", "state", "the task is not in a state which allows this")
        conflict("price_versions_pkey", "version", "the version is there already")
        invalid("price_versions_version_check", "version", "must be positive")
        invalid("price_versions_shipped_version_check", "shipped_version", "must be positive")
        conflict("prices_pkey", "effective_from", "there is a price of this provider, model and time already")
        missing("prices_price_version_fkey", "price_version", "price version")
        invalid("prices_provider_check", "provider", "must have at most 100 characters")
        invalid(
            "prices_model_pattern_check", "model",
            "must have 1 to 256 characters, and a * at its end only, after a name's beginning, or be a regular expression between slashes")
        invalid("prices_effective_from_check", "effective_from", "must be from 1970 to 2261")
        invalid("prices_amounts_check", "amounts", "must be from 0 to 1,000,000 dollars per million tokens")
        invalid("prices_details_check", "amounts", "must be from 0 to 1,000,000 dollars per million tokens")
        invalid("prices_tiers_check", "tiers", "must be at most 16, their amounts from 0 to 1,000,000 dollars per million tokens")
        invalid("prices_owner_check", "owner", "must be an organization or a project, not both, and neither of shipped prices")
        missing("prices_organization_id_fkey", "organization_id", "organization")
        missing("prices_project_id_fkey", "project_id", "project")
        invalid("prices_source_check", "source", "must have 1 to 1,000 characters")
        return rules
    }()
}
