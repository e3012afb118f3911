/// A change and its audit entry: both or neither.
///
/// `before` and `after` are the rows as PostgreSQL shows them (`to_jsonb`), without the columns that hold secrets, so that no
/// repository has to list what it changed.

import PostgresClient

enum AuditSnapshot {
    /// Columns of any table that hold a secret, its hash, or what it is sealed in; and a run's specification, which has the header fields
    /// that a user's own endpoint is sent.
    static let secretColumns = ["key_hash", "token_hash", "password_hash", "sealed_secret", "wrapped_key", "specification"]

    /// The column `audit` of a statement on `table`.
    static func column(_ table: String) -> String { "\(value(table)) AS audit" }

    /// The same with the members of an object that other tables have of the row.
    static func column(_ table: String, with object: String) -> String { "\(value(table)) || \(object) AS audit" }

    private static func value(_ table: String) -> String {
        "to_jsonb(\(table)) - '{\(secretColumns.joined(separator: ","))}'::text[]"
    }

    static func of(_ row: PostgresRow) throws(PostgresError) -> PostgresJSON { try row.decode("audit") }
}

extension PostgresPool {
    /// Runs `body` in a transaction and appends the entry of the change it made; a body that found nothing to change returns
    /// none, and no entry is written. Errors: as the schema says, and `unavailable`.
    func audited<T: Sendable>(
        _ audit: AuditDraft, _ body: (PostgresConnection) async throws(PostgresError) -> (T, AuditedChange?)
    ) async throws(MetastoreError) -> T {
        try await translatingErrors { () throws(PostgresError) in
            try await withTransaction { connection throws(PostgresError) in
                let (value, change) = try await body(connection)
                if let change { try await connection.append(audit, change) }
                return value
            }
        }
    }
}

extension PostgresConnection {
    func append(_ audit: AuditDraft, _ change: AuditedChange, outcome: AuditEntry.Outcome = .succeeded) async throws(PostgresError) {
        try await query(
            """
            INSERT INTO audit_entries (id, organization_id, project_id, caller_kind, caller_id, caller_name, action, resource_kind,
                resource_id, address, request_id, before, after, outcome)
            VALUES ($1, coalesce($2::uuid, (SELECT organization_id FROM projects WHERE id = $3)), $3, $4, $5, left($6, 400), $7, $8,
                left($9, 200), $10::inet, left($11, 200), $12, $13, $14)
            """,
            [
                AuditEntryID.make().value, .optional(change.organization) { $0.value }, .optional(change.project) { $0.value },
                .text(audit.caller.kind), audit.caller.id, .text(audit.callerName), .text(audit.action), .text(change.resourceKind),
                .text(change.resourceID), .optional(audit.address) { .text($0) }, .text(audit.requestID),
                .optional(change.before) { .json($0.bytes) }, .optional(change.after) { .json($0.bytes) }, .text(outcome.rawValue),
            ])
    }

    /// Row `audit` of a table, locked until the transaction ends; nil if there is none.
    func lockedSnapshot(_ table: String, where condition: String, _ parameters: [PostgresValue]) async throws(PostgresError)
        -> PostgresJSON?
    {
        try await query("SELECT \(AuditSnapshot.column(table)) FROM \(table) WHERE \(condition) FOR UPDATE", parameters)
            .first.map(AuditSnapshot.of)
    }
}

extension AuditDraft.Caller {
    var kind: String {
        switch self {
        case .user: "user"
        case .apiKey: "api_key"
        case .anonymous: "anonymous"
        case .system: "system"
        }
    }

    var id: PostgresValue {
        switch self {
        case .user(let id): id.value
        case .apiKey(let id): id.value
        case .anonymous, .system: .null
        }
    }

    init?(kind: String, id: PostgresUUID?) {
        switch (kind, id) {
        case ("user", let id?): self = .user(UserID(high: id.high, low: id.low))
        case ("api_key", let id?): self = .apiKey(APIKeyID(high: id.high, low: id.low))
        case ("anonymous", nil): self = .anonymous
        case ("system", nil): self = .system
        default: return nil
        }
    }
}
