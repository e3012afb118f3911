/// Reapplications: asked for, taken up, reported, ended. The row is locked first by everything that changes it; its task follows in the
/// same transaction.

import ByteCoding
import PostgresClient
import TraceModel

package struct ReapplicationRepository: Sendable {
    let pool: PostgresPool

    /// The kind of its task.
    package static let kind = "reapplication"

    /// A queued task that the store's server takes up. Errors: `conflict` (the project has one under way), `invalid`, `notFound` (project),
    /// `unavailable`.
    package func create(_ new: NewReapplication, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> TaskID {
        let id = TaskID.make()
        return try await pool.audited(audit) { connection throws(PostgresError) -> (TaskID, AuditedChange?) in
            try await connection.query(
                "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, $3)", [id.value, project.value, .text(Self.kind)])
            let row = try await connection.query(
                """
                INSERT INTO reapplications (id, project_id, subject, is_dry_run, first_day, last_day, node_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING \(AuditSnapshot.column("reapplications"))
                """,
                [
                    id.value, project.value, .text(new.subject.rawValue), .bool(new.isDryRun),
                    .optional(new.firstDay) { .integer(Int64($0)) }, .optional(new.lastDay) { .integer(Int64($0)) },
                    .integer(Int64(bitPattern: new.node)),
                ]
            ).only { row throws(PostgresError) in row }
            return (
                id, AuditedChange(project: project, resourceKind: Self.kind, resourceID: id.uuid, after: try AuditSnapshot.of(row))
            )
        }
    }

    /// Those of a store that have not ended, oldest first. Errors: `unavailable`.
    package func open(node: UInt64) async throws(MetastoreError) -> [Reapplication] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Reapplication.columns) FROM reapplications JOIN tasks USING (id) WHERE node_id = $1 AND is_open
                ORDER BY reapplications.id LIMIT \(MetastoreLimits.maximumSweepCount)
                """, [.integer(Int64(bitPattern: node))]
            ).decoded(Reapplication.init)
        }
    }

    /// Takes it up, for the first time or again. False: it has ended meanwhile. Errors: `unavailable`.
    package func begin(_ id: TaskID, horizonLSN: UInt64) async throws(MetastoreError) -> Bool {
        try await whileOpen(id) { connection throws(PostgresError) in
            try await connection.query(
                "UPDATE reapplications SET horizon_lsn = $2 WHERE id = $1", [id.value, .integer(Int64(clamping: horizonLSN))])
            try await TaskRepository.take(.start, id, on: connection)
        }
    }

    /// How far it is. False: it has ended meanwhile. Errors: `unavailable`.
    ///
    /// - Parameter report: JSON text; nil leaves what is there.
    package func reportProgress(_ id: TaskID, done: Int64, total: Int64, report: [UInt8]?) async throws(MetastoreError) -> Bool {
        try await whileOpen(id) { connection throws(PostgresError) in
            if let report { try await connection.query("UPDATE reapplications SET report = $2 WHERE id = $1", [id.value, .json(report)]) }
            try await TaskRepository.take(.progress(done: done, total: max(done, total)), id, on: connection)
        }
    }

    /// `result`: JSON text. Errors: `unavailable`.
    package func succeed(_ id: TaskID, result: [UInt8]) async throws(MetastoreError) { try await end(id, .succeed(result: result)) }

    /// Errors: `unavailable`.
    package func fail(_ id: TaskID, reason: String) async throws(MetastoreError) {
        try await end(id, .fail(error: JSONValue.object([JSONMember(key: "message", value: .string(reason.withoutNUL))]).bytes))
    }

    /// nil if the project has no such reapplication; false: it had ended. What it has rewritten stays. Errors: `unavailable`.
    package func cancel(_ id: TaskID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> Bool? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool?, AuditedChange?) in
            guard let isOpen = try await Self.locked(id, in: project, on: connection) else { return (nil, nil) }
            guard isOpen else { return (false, nil) }
            try await Self.end(id, .cancel, on: connection)
            return (true, AuditedChange(project: project, resourceKind: Self.kind, resourceID: id.uuid))
        }
    }

    // MARK: - Inside of transactions

    private func end(_ id: TaskID, _ step: TaskRepository.Step) async throws(MetastoreError) {
        _ = try await whileOpen(id) { connection throws(PostgresError) in try await Self.end(id, step, on: connection) }
    }

    private static func end(_ id: TaskID, _ step: TaskRepository.Step, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query("UPDATE reapplications SET is_open = false WHERE id = $1", [id.value])
        try await TaskRepository.take(step, id, on: connection)
    }

    private func whileOpen(
        _ id: TaskID, _ body: @Sendable (PostgresConnection) async throws(PostgresError) -> Void
    ) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard try await Self.locked(id, in: nil, on: connection) == true else { return false }
                try await body(connection)
                return true
            }
        }
    }

    /// Whether it is open, its row held; nil if there is none.
    private static func locked(_ id: TaskID, in project: ProjectID?, on connection: PostgresConnection) async throws(PostgresError) -> Bool?
    {
        try await connection.query(
            "SELECT is_open FROM reapplications WHERE id = $1 AND project_id = coalesce($2, project_id) FOR NO KEY UPDATE",
            [id.value, .optional(project) { $0.value }]
        ).first.map { row throws(PostgresError) in try row.decode("is_open") }
    }
}
