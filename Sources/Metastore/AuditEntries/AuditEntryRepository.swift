import PostgresClient
import TraceModel

/// The audit log: entries are written with the changes they tell of (AuditedTransaction.swift) and read here.
package struct AuditEntryRepository: Sendable {
    let pool: PostgresPool

    private static let columns = """
        id, created_at, organization_id, project_id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id,
        host(address) AS address, request_id, before, after, outcome
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

    /// Newest first; an organization's own entries only. Page by page this is the export, too. Errors: `invalid` (cursor),
    /// `unavailable`.
    package func list(
        in organization: OrganizationID, _ filter: AuditFilter = AuditFilter(), page: PageRequest
    ) async throws(MetastoreError) -> Page<AuditEntry> {
        let start = try PagedList.auditEntries.start(page, AuditEntryID.self)
        let callerID: PostgresValue = filter.userID?.value ?? filter.apiKeyID?.value ?? .null
        let entries = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM audit_entries
                WHERE organization_id = $1 AND id < $2 AND ($3::uuid IS NULL OR project_id = $3)
                    AND ($4::uuid IS NULL OR caller_id = $4) AND ($5::text IS NULL OR action = $5)
                    AND ($6::text IS NULL OR resource_kind = $6) AND ($7::text IS NULL OR resource_id = $7)
                    AND ($8::timestamptz IS NULL OR created_at >= $8) AND ($9::timestamptz IS NULL OR created_at < $9)
                ORDER BY id DESC LIMIT $10
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
