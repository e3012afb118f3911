import PostgresClient
import TraceModel

/// Settings of projects in PostgreSQL: the row of `project_settings`, and the days of retention in `projects`.
package struct SettingsRepository: Sendable {
    let pool: PostgresPool

    private static let select = """
        SELECT p.id, p.retention_days, s.retention_bytes, s.version, s.byte_quota, s.ingest_requests_per_second, s.ingest_bytes_per_second,
            s.redaction_rules, s.default_models, s.allowed_origins
        FROM projects p LEFT JOIN project_settings s ON s.project_id = p.id
        """

    /// nil if the organization has no such project. Errors: `unavailable`.
    package func read(_ project: ProjectID, in organization: OrganizationID) async throws(MetastoreError) -> VersionedSettings? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(Self.select + " WHERE p.id = $1 AND p.organization_id = $2", [project.value, organization.value])
                .first.map(Self.settings)
        }
    }

    /// Of all projects that have some, for the ingest path. Errors: `unavailable`.
    package func all() async throws(MetastoreError) -> [ProjectID: VersionedSettings] {
        try await translatingErrors { () throws(PostgresError) in
            var all: [ProjectID: VersionedSettings] = [:]
            for row in try await pool.query(Self.select + " WHERE s.project_id IS NOT NULL AND p.archived_at IS NULL") {
                all[try row.decode("id")] = try Self.settings(row)
            }
            return all
        }
    }

    /// Replaces all of them, if `version` is still theirs; nil replaces whatever is there. Errors: `invalid` (each setting by
    /// its name), `unavailable`.
    package func replace(
        _ project: ProjectID, in organization: OrganizationID, with settings: ProjectSettings, version: Int64?, audit: AuditDraft
    ) async throws(MetastoreError) -> SettingsOutcome {
        try await pool.audited(audit) { connection throws(PostgresError) -> (SettingsOutcome, AuditedChange?) in
            // The project's row is the lock: the settings' may not be there yet.
            let condition = " WHERE p.id = $1 AND p.organization_id = $2"
            let row = try await connection.query(Self.select + condition + " FOR UPDATE OF p", [project.value, organization.value]).first
            guard let row else { return (.notFound, nil) }
            let current = try Self.settings(row).version
            guard version == nil || version == current else { return (.outdated(version: current), nil) }
            let before = try await Self.snapshot(project, on: connection)
            try await connection.query(
                "UPDATE projects SET retention_days = $2 WHERE id = $1",
                [project.value, .optional(settings.retentionDays) { .integer(Int64(Int32(clamping: $0))) }])
            try await connection.query(
                """
                INSERT INTO project_settings AS s (project_id, version, byte_quota, ingest_requests_per_second,
                    ingest_bytes_per_second, redaction_rules, default_models, allowed_origins, retention_bytes)
                VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (project_id) DO UPDATE SET version = s.version + 1, byte_quota = excluded.byte_quota,
                    ingest_requests_per_second = excluded.ingest_requests_per_second,
                    ingest_bytes_per_second = excluded.ingest_bytes_per_second, redaction_rules = excluded.redaction_rules,
                    default_models = excluded.default_models, allowed_origins = excluded.allowed_origins,
                    retention_bytes = excluded.retention_bytes, updated_at = now()
                """,
                [
                    project.value, .optional(settings.byteQuota) { .integer($0) },
                    .optional(settings.ingestRequestsPerSecond) { .integer(Int64(Int32(clamping: $0))) },
                    .optional(settings.ingestBytesPerSecond) { .integer($0) }, .json(settings.redactionRules),
                    .json(settings.defaultModels), .texts(settings.allowedOrigins),
                    .optional(settings.retentionByteCount) { .integer($0) },
                ])
            let stored = try await connection.query(Self.select + condition, [project.value, organization.value]).only(Self.settings)
            return (
                .replaced(stored),
                AuditedChange(
                    organization: organization, project: project, resourceKind: "settings", resourceID: project.uuid, before: before,
                    after: try await Self.snapshot(project, on: connection))
            )
        }
    }

    /// Both tables' part of the settings as one object.
    private static func snapshot(_ project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> PostgresJSON {
        try await connection.query(
            """
            SELECT coalesce(to_jsonb(s), '{}') || jsonb_build_object('retention_days', p.retention_days) AS audit
            FROM projects p LEFT JOIN project_settings s ON s.project_id = p.id WHERE p.id = $1
            """, [project.value]
        ).only(AuditSnapshot.of)
    }

    private static func settings(_ row: PostgresRow) throws(PostgresError) -> VersionedSettings {
        let days: Int? = try row.decodeIfPresent("retention_days")
        guard let version = try row.decodeIfPresent("version", as: Int64.self) else {
            return VersionedSettings(settings: ProjectSettings(retentionDays: days), version: 0)
        }
        return VersionedSettings(
            settings: ProjectSettings(
                retentionDays: days, retentionByteCount: try row.decodeIfPresent("retention_bytes"),
                byteQuota: try row.decodeIfPresent("byte_quota"),
                ingestRequestsPerSecond: try row.decodeIfPresent("ingest_requests_per_second"),
                ingestBytesPerSecond: try row.decodeIfPresent("ingest_bytes_per_second"),
                redactionRules: try row.decode("redaction_rules", as: PostgresJSON.self).bytes,
                defaultModels: try row.decode("default_models", as: PostgresJSON.self).bytes,
                allowedOrigins: try row.texts("allowed_origins")), version: version)
    }
}
