/// Deletions as the store's server works through them: asked for, found, masked, done. Each step is one transaction, with its task's and
/// with what PostgreSQL itself has of the traces; a step that a crash cut off is taken again.

import ByteCoding
import PostgresClient
import TraceModel

package struct DeletionRepository: Sendable {
    let pool: PostgresPool

    /// The kind of its task, and of what the audit log names.
    package static let kind = "deletion"

    private static let columns = """
        id, project_id, kind, subject, requested_by, state, trace_ids, found, counts, removed, kept, masked_unix_nano,
        through_log_file, problem, created_at, masked_at, deadline_at, done_at
        """

    /// Ordered with a task of its id. The audit log says who and what kind; the session or user itself stands in the receipt alone, as the
    /// log can never be rid of anything. Errors: `invalid`, `conflict` (too many under way), `unavailable`.
    package func create(_ new: NewDeletion, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> DeletionRecord {
        let record = try await pool.audited(audit) { connection throws(PostgresError) -> (DeletionRecord?, AuditedChange?) in
            try await connection.query("SELECT 1 FROM projects WHERE id = $1 FOR UPDATE", [project.value])
            let open = try await connection.query(
                "SELECT count(*) AS count FROM deletions WHERE project_id = $1 AND state = 'running'", [project.value]
            ).only { row throws(PostgresError) in try row.decode("count", as: Int64.self) }
            guard open < MetastoreLimits.maximumRunningDeletionCount else { return (nil, nil) }
            let record = try await Self.insert(new, in: project, requestedBy: audit.callerName, on: connection)
            return (record, Self.change(record))
        }
        guard let record else {
            throw MetastoreError(
                .conflict, "\(MetastoreLimits.maximumRunningDeletionCount) deletions of the project are under way; wait for one of them")
        }
        return record
    }

    /// nil if the project has no such deletion. Errors: `unavailable`.
    package func find(_ id: TaskID, in project: ProjectID) async throws(MetastoreError) -> DeletionRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM deletions WHERE id = $1 AND project_id = $2", [id.value, project.value])
                .first.map(Self.record)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, page: PageRequest) async throws(MetastoreError) -> Page<DeletionRecord> {
        let start = try PagedList.deletions.start(page, TaskID.self)
        let records = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM deletions WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                [project.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.record)
        }
        return PagedList.deletions.page(records, page, id: \.id)
    }

    /// What a store's server has still to do, oldest first. Errors: `unavailable`.
    package func open(node: UInt64) async throws(MetastoreError) -> [DeletionRecord] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM deletions WHERE node_id = $1 AND state <> 'done' ORDER BY state = 'masked', id
                LIMIT \(MetastoreLimits.maximumSweepCount)
                """, [.integer(Int64(bitPattern: node))]
            ).decoded(Self.record)
        }
    }

    // MARK: - Steps

    /// What is about to go. Errors: `unavailable`.
    package func note(_ id: TaskID, traces: [TraceID], found: DeletionCounts) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await connection.query(
                    "UPDATE deletions SET trace_ids = $2, found = $3 WHERE id = $1 AND state = 'running'",
                    [id.value, .bytes(FeatureBytes.bytes(of: traces)), .json(found.json)])
                try await TaskRepository.take(.start, id, on: connection)
                try await TaskRepository.take(.progress(done: 0, total: 2), id, on: connection)
            }
        }
    }

    /// The store has it in no answer any more: what PostgreSQL has goes with it. nil if that is done already. Errors: `unavailable`.
    package func recordMasked(
        _ id: TaskID, traces: [TraceID], counts: DeletionCounts, maskedUnixNano: UInt64, throughLogFile: UInt64, deadlineSeconds: Int
    ) async throws(MetastoreError) -> DeletionRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) -> DeletionRecord? in
                guard
                    let record = try await connection.query(
                        "SELECT \(Self.columns) FROM deletions WHERE id = $1 AND state = 'running' FOR UPDATE", [id.value]
                    ).first.map(Self.record)
                else { return nil }
                let references = DeletionReferences(
                    project: record.projectID, traces: record.kind == .project ? nil : traces, connection: connection)
                let removed = try await references.remove(), kept = try await references.countKept()
                let masked = try await connection.query(
                    """
                    UPDATE deletions SET state = 'masked', trace_ids = $2, counts = $3, removed = $4, kept = $5, masked_unix_nano = $6,
                        through_log_file = $7, masked_at = greatest(now(), created_at),
                        deadline_at = greatest(now(), created_at) + $8 * interval '1 second', problem = ''
                    WHERE id = $1 RETURNING \(Self.columns)
                    """,
                    [
                        id.value, .bytes(FeatureBytes.bytes(of: traces)), .json(counts.json), .json(removed.json), .json(kept.json),
                        .integer(Int64(clamping: maskedUnixNano)), .integer(Int64(clamping: throughLogFile)),
                        .double(Double(deadlineSeconds)),
                    ]
                ).only(Self.record)
                try await TaskRepository.take(.progress(done: 1, total: 2), id, on: connection)
                return masked
            }
        }
    }

    /// Its bytes are gone. The audit log keeps the figures, also of a project that nobody can ask any more. Errors: `unavailable`.
    package func recordDone(_ id: TaskID) async throws(MetastoreError) {
        try await pool.audited(.system("finishDeletion")) { connection throws(PostgresError) -> (Void, AuditedChange?) in
            let done = try await connection.query(
                """
                UPDATE deletions SET state = 'done', done_at = greatest(now(), masked_at), problem = '' WHERE id = $1 AND state = 'masked'
                RETURNING \(Self.columns)
                """, [id.value]
            ).first.map(Self.record)
            guard let done else { return ((), nil) }
            try await TaskRepository.take(.progress(done: 2, total: 2), id, on: connection)
            try await TaskRepository.take(.succeed(result: done.result), id, on: connection)
            return ((), Self.change(done))
        }
    }

    /// Why it does not get on. Errors: `unavailable`.
    package func setProblem(_ id: TaskID, _ problem: String) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "UPDATE deletions SET problem = left($2, 2000) WHERE id = $1 AND problem <> left($2, 2000)",
                [id.value, .text(problem.withoutNUL)])
        }
    }

    // MARK: - Inside of transactions

    static func insert(
        _ new: NewDeletion, in project: ProjectID, requestedBy name: String, on connection: PostgresConnection
    ) async throws(PostgresError) -> DeletionRecord {
        let id = TaskID.make()
        try await connection.query(
            "INSERT INTO tasks (id, project_id, kind, progress_total) VALUES ($1, $2, $3, 2)", [id.value, project.value, .text(Self.kind)])
        return try await connection.query(
            """
            INSERT INTO deletions (id, project_id, node_id, kind, subject, requested_by) VALUES ($1, $2, $3, $4, $5, left($6, 400))
            RETURNING \(columns)
            """,
            [
                id.value, project.value, .integer(Int64(bitPattern: new.node)), .text(new.kind.rawValue), .text(new.subject), .text(name),
            ]
        ).only(record)
    }

    static func change(_ record: DeletionRecord) -> AuditedChange {
        AuditedChange(
            project: record.projectID, resourceKind: kind, resourceID: record.id.uuid, after: PostgresJSON(bytes: record.result))
    }

    private static func record(_ row: PostgresRow) throws(PostgresError) -> DeletionRecord {
        let kind: String = try row.decode("kind"), state: String = try row.decode("state")
        guard let kind = DeletionRecord.Kind(rawValue: kind), let state = DeletionRecord.State(rawValue: state) else {
            throw PostgresError(.decoding, "\(kind), \(state) is no deletion")
        }
        func json(_ column: String) throws(PostgresError) -> JSONValue? {
            guard let bytes = try row.decodeIfPresent(column, as: PostgresJSON.self)?.bytes else { return nil }
            return try? JSONValue.parse(bytes)
        }
        return DeletionRecord(
            id: try row.decode("id"), projectID: try row.decode("project_id"), kind: kind, subject: try row.decode("subject"),
            requestedBy: try row.decode("requested_by"), state: state,
            traceIDs: FeatureBytes.traceIDs(try row.decode("trace_ids")), found: DeletionCounts(json: try json("found")),
            counts: DeletionCounts(json: try json("counts")), removed: RemovedReferences(json: try json("removed")),
            kept: KeptCopies(json: try json("kept")),
            maskedUnixNano: try row.decodeIfPresent("masked_unix_nano", as: Int64.self).map { UInt64(clamping: $0) },
            throughLogFile: try row.decodeIfPresent("through_log_file", as: Int64.self).map { UInt64(clamping: $0) },
            problem: try row.decode("problem"), createdTimeUnixNano: try row.unixNano("created_at"),
            maskedTimeUnixNano: try row.unixNanoIfPresent("masked_at"), deadlineTimeUnixNano: try row.unixNanoIfPresent("deadline_at"),
            doneTimeUnixNano: try row.unixNanoIfPresent("done_at"))
    }
}

extension DeletionRecord {
    /// JSON text: what its task and the audit log tell: figures, and of what a trace's id alone.
    var result: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("kind", kind.rawValue)
        if kind == .trace { writer.member("trace_id", subject) }
        writer.member("state", state.rawValue)
        if let counts {
            writer.member("traces", traceIDs.count)
            counts.write(to: &writer)
        }
        if let removed {
            writer.key("removed")
            writer.beginObject()
            removed.write(to: &writer)
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }
}
