import PostgresClient
import TraceModel

/// Feature flags in PostgreSQL.
package struct FeatureFlagRepository: Sendable {
    let pool: PostgresPool

    /// By name, at most `MetastoreLimits.maximumFeatureFlagCount`. Errors: `unavailable`.
    package func list(in organization: OrganizationID) async throws(MetastoreError) -> [FeatureFlag] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                var overrides: [String: [ProjectID: Bool]] = [:]
                for row in try await connection.query(
                    "SELECT name, project_id, is_enabled FROM feature_flag_overrides WHERE organization_id = $1", [organization.value])
                {
                    overrides[try row.decode("name"), default: [:]][try row.decode("project_id")] = try row.decode("is_enabled")
                }
                return try await connection.query(
                    "SELECT name, percentage FROM feature_flags WHERE organization_id = $1 ORDER BY name LIMIT $2",
                    [organization.value, .integer(Int64(MetastoreLimits.maximumFeatureFlagCount))]
                ).decoded { row throws(PostgresError) in
                    let name: String = try row.decode("name")
                    return FeatureFlag(name: name, percentage: try row.decode("percentage"), overrides: overrides[name] ?? [:])
                }
            }
        }
    }

    /// Makes a flag or replaces it, overrides and all. Errors: `invalid` (name, percentage), `notFound` (a project that is not
    /// the organization's), `conflict` (too many flags), `unavailable`.
    package func set(_ flag: FeatureFlag, in organization: OrganizationID, audit: AuditDraft) async throws(MetastoreError) {
        let isStored = try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            try await connection.query("SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE", [organization.value])
            let before = try await Self.snapshot(flag.name, organization, on: connection)
            let count = try await connection.query(
                "SELECT count(*) AS count FROM feature_flags WHERE organization_id = $1", [organization.value]
            ).only { row throws(PostgresError) in try row.decode("count", as: Int.self) }
            guard before != nil || count < MetastoreLimits.maximumFeatureFlagCount else { return (false, nil) }
            try await connection.query(
                """
                INSERT INTO feature_flags (organization_id, name, percentage) VALUES ($1, $2, $3)
                ON CONFLICT (organization_id, name) DO UPDATE SET percentage = excluded.percentage, updated_at = now()
                """, [organization.value, .text(flag.name), .integer(Int64(Int32(clamping: flag.percentage)))])
            try await connection.query(
                "DELETE FROM feature_flag_overrides WHERE organization_id = $1 AND name = $2", [organization.value, .text(flag.name)])
            for (project, isEnabled) in flag.overrides {
                try await connection.query(
                    "INSERT INTO feature_flag_overrides (organization_id, name, project_id, is_enabled) VALUES ($1, $2, $3, $4)",
                    [organization.value, .text(flag.name), project.value, .bool(isEnabled)])
            }
            return (true, Self.change(flag.name, organization, before, try await Self.snapshot(flag.name, organization, on: connection)))
        }
        if !isStored {
            throw MetastoreError(
                .conflict, "an organization has at most \(MetastoreLimits.maximumFeatureFlagCount) feature flags: remove one", field: "name"
            )
        }
    }

    /// false if there is no such flag. Errors: `unavailable`.
    package func remove(_ name: String, in organization: OrganizationID, audit: AuditDraft) async throws(MetastoreError) -> Bool {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            guard let before = try await Self.snapshot(name, organization, on: connection) else { return (false, nil) }
            try await connection.query(
                "DELETE FROM feature_flags WHERE organization_id = $1 AND name = $2", [organization.value, .text(name)])
            return (true, Self.change(name, organization, before, nil))
        }
    }

    private static func change(
        _ name: String, _ organization: OrganizationID, _ before: PostgresJSON?, _ after: PostgresJSON?
    ) -> AuditedChange {
        AuditedChange(organization: organization, resourceKind: "feature_flag", resourceID: name, before: before, after: after)
    }

    private static func snapshot(
        _ name: String, _ organization: OrganizationID, on connection: PostgresConnection
    ) async throws(PostgresError) -> PostgresJSON? {
        try await connection.query(
            """
            SELECT to_jsonb(f) || jsonb_build_object('overrides', (
                SELECT coalesce(jsonb_object_agg(o.project_id, o.is_enabled), '{}') FROM feature_flag_overrides o
                WHERE o.organization_id = f.organization_id AND o.name = f.name)) AS audit
            FROM feature_flags f WHERE f.organization_id = $1 AND f.name = $2
            """, [organization.value, .text(name)]
        ).first.map(AuditSnapshot.of)
    }
}
