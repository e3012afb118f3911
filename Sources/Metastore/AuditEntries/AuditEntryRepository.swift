import PostgresClient
import TraceModel

/// The audit log: entries are written with the changes they tell of (AuditedTransaction.swift) and read here.
package struct AuditEntryRepository: Sendable {
    let pool: PostgresPool

    private static let columns = columns(before: "before", after: "after")

    private static func columns(before: String, after: String) -> String {
        """
        id, created_at, organization_id, project_id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id,
        host(address) AS address, request_id, \(before) AS before, \(after) AS after, outcome
        """
    }

    /// What the filter and the page ask for.
    private static let condition = """
        e.id < $2 AND ($3::uuid IS NULL OR e.project_id = $3) AND ($4::uuid IS NULL OR e.caller_id = $4)
        AND ($5::text IS NULL OR e.action = $5) AND ($6::text IS NULL OR e.resource_kind = $6)
        AND ($7::text IS NULL OR e.resource_id = $7) AND ($8::timestamptz IS NULL OR e.created_at >= $8)
        AND ($9::timestamptz IS NULL OR e.created_at < $9)
        """

    /// Notes what changed no row: a refused sign-in, a key rotation. Errors: `invalid`, `unavailable`.
    package func append(
        _ audit: AuditDraft, resourceKind: String, resourceID: String, organization: OrganizationID? = nil, project: ProjectID? = nil,
        after: [UInt8]? = nil, outcome: AuditEntry.Outcome = .succeeded
    ) async throws(MetastoreError) {
        let change = AuditedChange(
            organization: organization, project: project, resourceKind: resourceKind, resourceID: resourceID,
            after: after.map { PostgresJSON(bytes: $0) })
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                try await connection.append(audit, change, outcome: outcome)
            }
        }
    }

    /// Newest first; an organization's own entries and those of its projects (earlier programs named the project alone), and those of no
    /// organization about its members since they are: their sign-ins, refused ones too, and what they changed of their accounts. What a
    /// member's own entries hold of the account (the profile, a message) is the member's. Page by page this is the export, too. Errors:
    /// `invalid` (cursor), `unavailable`.
    package func list(
        in organization: OrganizationID, _ filter: AuditFilter = AuditFilter(), page: PageRequest
    ) async throws(MetastoreError) -> Page<AuditEntry> {
        let start = try PagedList.auditEntries.start(page, AuditEntryID.self)
        let callerID: PostgresValue = filter.userID?.value ?? filter.apiKeyID?.value ?? .null
        let entries = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH members AS (
                    SELECT user_id, min(created_at) AS since FROM (
                        SELECT user_id, created_at FROM organization_memberships WHERE organization_id = $1
                        UNION ALL SELECT m.user_id, m.created_at FROM project_memberships m
                        JOIN projects p ON p.id = m.project_id AND p.organization_id = $1
                    ) m GROUP BY user_id
                ), shown AS (
                    (SELECT \(Self.columns) FROM audit_entries e WHERE organization_id = $1 AND \(Self.condition)
                        ORDER BY id DESC LIMIT $10)
                    UNION ALL
                    (SELECT \(Self.columns) FROM audit_entries e
                        WHERE organization_id IS NULL AND project_id IN (SELECT id FROM projects WHERE organization_id = $1)
                            AND \(Self.condition)
                        ORDER BY id DESC LIMIT $10)
                    UNION ALL
                    (SELECT \(Self.columns(before: "NULL::jsonb", after: "NULL::jsonb")) FROM audit_entries e
                        WHERE organization_id IS NULL AND project_id IS NULL AND \(Self.condition) AND (
                            EXISTS (
                                SELECT 1 FROM members m
                                WHERE e.caller_kind = 'user' AND m.user_id = e.caller_id AND e.created_at >= m.since)
                            OR EXISTS (
                                SELECT 1 FROM members m
                                WHERE e.resource_kind IN ('user', 'password_reset', 'external_identity') AND m.user_id::text = e.resource_id
                                    AND e.created_at >= m.since)
                            OR EXISTS (
                                SELECT 1 FROM members m JOIN sessions s ON s.user_id = m.user_id
                                WHERE e.resource_kind = 'session' AND s.id::text = e.resource_id AND e.created_at >= m.since))
                        ORDER BY id DESC LIMIT $10)
                )
                SELECT * FROM shown ORDER BY id DESC LIMIT $10
                """,
                [
                    organization.value, start.value, .optional(filter.projectID) { $0.value }, callerID,
                    .optional(filter.action) { .text($0) }, .optional(filter.resourceKind) { .text($0) },
                    .optional(filter.resourceID) { .text($0) }, .optional(filter.sinceUnixNano) { .timestamp(unixNano: $0) },
                    .optional(filter.untilUnixNano) { .timestamp(unixNano: $0) }, .integer(Int64(page.limit + 1)),
                ]
            ).decoded(Self.entry)
        }
        return PagedList.auditEntries.page(entries, page, id: \.id)
    }

    private static func entry(_ row: PostgresRow) throws(PostgresError) -> AuditEntry {
        let kind = try row.decode("caller_kind", as: String.self), outcome = try row.decode("outcome", as: String.self)
        guard let caller = AuditDraft.Caller(kind: kind, id: try row.decodeIfPresent("caller_id")),
            let outcome = AuditEntry.Outcome(rawValue: outcome)
        else { throw PostgresError(.decoding, "an audit entry of kind \(kind) and outcome \(outcome) cannot be read") }
        return AuditEntry(
            id: try row.decode("id"), createdTimeUnixNano: try row.unixNano("created_at"),
            organizationID: try row.decodeIfPresent("organization_id"), projectID: try row.decodeIfPresent("project_id"),
            draft: AuditDraft(
                caller: caller, callerName: try row.decode("caller_name"), address: try row.decodeIfPresent("address"),
                requestID: try row.decode("request_id"), action: try row.decode("action")),
            resourceKind: try row.decode("resource_kind"), resourceID: try row.decode("resource_id"),
            before: try row.decodeIfPresent("before", as: PostgresJSON.self)?.bytes,
            after: try row.decodeIfPresent("after", as: PostgresJSON.self)?.bytes, outcome: outcome)
    }
}
