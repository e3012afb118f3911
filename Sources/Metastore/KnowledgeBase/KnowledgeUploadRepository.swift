/// Uploads: taken in whole, read by a worker, put into their draft in the transaction that ends them.

import ByteCoding
import JobQueue
import KnowledgeModel
import PostgresClient
import TraceModel

package struct KnowledgeUploadRepository: Sendable {
    let pool: PostgresPool

    /// The kind of an upload's task.
    package static let kind = "knowledge_upload"
    static let queue = JobQueue("knowledge.upload")
    private static let maximumMessageCount = 1_000

    /// A queued task, and the job for it; nil if the project has no such draft. Errors: `conflict` (the draft is not open), `tooMany`
    /// (of the project are under way), `invalid` (document, body), `unavailable`.
    package func create(
        _ new: NewKnowledgeUpload, into draft: KnowledgeDraftID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> TaskID? {
        let id = TaskID.make()
        let made = try await pool.audited(audit) {
            connection throws(PostgresError) -> (Result<TaskID, MetastoreError>?, AuditedChange?) in
            // Uploads of one project are taken in one after the other, to be counted.
            try await connection.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('knowledge_uploads ' || $1, 0))", [.text(project.uuid)])
            guard let (draft, _) = try await KnowledgeDraftRepository.locked(draft, in: project, on: connection) else { return (nil, nil) }
            if let refusal = draft.life().refusal(of: .edit(by: audit.actor)) { return (.failure(refusal), nil) }
            let limit = MetastoreLimits.maximumOpenKnowledgeUploadCount
            guard try await Self.openCount(in: project, on: connection) < limit else {
                let message = "\(limit) uploads of this project, as many as may, wait or are being read; try again when one has ended"
                return (.failure(MetastoreError(.tooMany, message)), nil)
            }
            try await connection.query(
                "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, $3)", [id.value, project.value, .text(Self.kind)])
            // In two halves: one parameter may have half of what a document may.
            let half = new.body.count / 2
            let after = try await connection.query(
                """
                INSERT INTO knowledge_uploads (id, draft_id, format, document, byte_count, author, author_user_id, body)
                VALUES ($1, $2, $3, $4, $5, left($6, 400), $7, $8::bytea || $9::bytea)
                RETURNING jsonb_build_object('draft_id', draft_id, 'format', format, 'document', document, 'byte_count', byte_count)
                    AS audit
                """,
                [
                    id.value, draft.id.value, .text(new.format.rawValue), .text(new.document), .integer(Int64(new.body.count)),
                    .text(audit.callerName), .optional(audit.user) { $0.value }, .bytes(Array(new.body[..<half])),
                    .bytes(Array(new.body[half...])),
                ]
            ).only(AuditSnapshot.of)
            try await Self.queue.addGroup(id.bits, concurrency: 1, on: connection)
            try await Self.queue.enqueue([Array("{}".utf8)], in: id.bits, on: connection)
            let event = KnowledgeDraftRepository.event("upload", ["upload_id": .string(id.uuid), "document": .string(new.document)])
            try await TaskRepository.append([event], to: draft.id.task, on: connection)
            return (.success(id), AuditedChange(project: project, resourceKind: "knowledge_upload", resourceID: id.uuid, after: after))
        }
        return try made?.get()
    }

    /// Ends an upload that is under way: nothing of it comes into the draft. False: it has ended. nil if the project has no such upload.
    /// Errors: `unavailable`.
    package func cancel(_ id: TaskID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> Bool? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool?, AuditedChange?) in
            guard let upload = try await Self.locked(id, on: connection), upload.projectID == project else { return (nil, nil) }
            guard try await TaskRepository.take(.cancel, id, on: connection) != nil else { return (false, nil) }
            try await Self.queue.cancelAll(id.bits, on: connection)
            try await Self.forget(id, on: connection)
            return (true, AuditedChange(project: project, resourceKind: "knowledge_upload", resourceID: id.uuid))
        }
    }

    // MARK: - Workers

    /// The next upload for a worker; nil while there is none. Errors: `unavailable`.
    package func lease(worker: String) async throws(MetastoreError) -> LeasedKnowledgeUpload? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await Self.queue.lease(worker: worker, capacity: 1, on: connection).first.map(LeasedKnowledgeUpload.init)
            }
        }
    }

    /// The heartbeat; false: it is somebody else's by now, or was cancelled. Errors: `unavailable`.
    package func extendLease(_ leased: LeasedKnowledgeUpload) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await !JobQueue.extend([leased.job], on: connection).isEmpty
            }
        }
    }

    /// The upload and its bytes, its task begun; nil: it has ended, or is not the worker's any more. Errors: `unavailable`.
    package func proceed(_ leased: LeasedKnowledgeUpload) async throws(MetastoreError) -> (upload: KnowledgeUpload, body: [UInt8])? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let upload = try await Self.held(leased, on: connection) else { return nil }
                try await TaskRepository.take(.start, leased.id, on: connection)
                let body = try await connection.query("SELECT body FROM knowledge_uploads WHERE id = $1", [leased.id.value])
                    .only { row throws(PostgresError) in try row.decodeIfPresent("body", as: [UInt8].self) }
                return body.map { (upload, $0) }
            }
        }
    }

    /// Entries read, for the task's progress. False: it is not the worker's any more. Errors: `unavailable`.
    package func reportProgress(_ leased: LeasedKnowledgeUpload, done: Int, total: Int) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard try await Self.held(leased, on: connection) != nil else { return false }
                return try await TaskRepository.take(.progress(done: Int64(done), total: Int64(total)), leased.id, on: connection) != nil
            }
        }
    }

    /// Makes the edit of the draft in the uploader's name and ends the upload, both or neither. `report`: members of the task's result,
    /// beside the numbers of entries. Errors: `invalid` (key, entries: as `KnowledgeDraftRepository.edit`), `unavailable`.
    package func finish(
        _ leased: LeasedKnowledgeUpload, _ edit: KnowledgeEdit, report: [JSONMember] = []
    ) async throws(MetastoreError) -> KnowledgeUploadEnd {
        let prepared = try KnowledgeDraftRepository.PreparedEdit(edit)
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) -> KnowledgeUploadEnd in
                guard let upload = try await Self.held(leased, on: connection),
                    let (draft, _) = try await KnowledgeDraftRepository.locked(upload.draftID, in: upload.projectID, on: connection)
                else { return .lost }
                switch try await KnowledgeDraftRepository.make(prepared, of: draft, upload.audit, on: connection) {
                case .failure(let refusal):
                    try await Self.fail(leased, refusal.message, report, on: connection)
                    return .refused(refusal.message)
                case .success(let (result, change)):
                    if let change { try await connection.append(upload.audit, change) }
                    try await Self.conclude(leased, .succeeded, on: connection)
                    let members = JSONValue.object(Self.members(of: result) + report).bytes
                    try await TaskRepository.take(.succeed(result: members), leased.id, on: connection)
                    return .edited(result)
                }
            }
        }
    }

    /// Ends an attempt without an edit: with `failed` the upload ends, and its task says why; `retry` and `released` leave it to the next
    /// worker. `report`: members of the task's error. Errors: `unavailable`.
    package func end(
        _ leased: LeasedKnowledgeUpload, _ outcome: EndedAttempt.Result, message: String, report: [JSONMember] = []
    ) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard try await Self.held(leased, on: connection) != nil else { return }
                if case .failed = outcome { return try await Self.fail(leased, message, report, on: connection) }
                try await Self.conclude(leased, outcome, message, on: connection)
            }
        }
    }

    // MARK: - Inside of transactions

    /// Uploads that have not ended: those that have their bytes.
    private static func openCount(in project: ProjectID, on connection: PostgresConnection) async throws(PostgresError) -> Int {
        try await connection.query(
            """
            SELECT count(*) AS n FROM knowledge_uploads u JOIN knowledge_drafts d ON d.id = u.draft_id
            WHERE d.project_id = $1 AND u.body IS NOT NULL
            """, [project.value]
        ).only { row throws(PostgresError) in try row.decode("n") }
    }

    private static func locked(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) -> KnowledgeUpload? {
        try await connection.query(
            "SELECT \(KnowledgeUpload.columns) FROM \(KnowledgeUpload.tables) WHERE u.id = $1 FOR NO KEY UPDATE OF u", [id.value]
        ).first.map(KnowledgeUpload.init)
    }

    private static func held(
        _ leased: LeasedKnowledgeUpload, on connection: PostgresConnection
    ) async throws(PostgresError) -> KnowledgeUpload? {
        guard let upload = try await locked(leased.id, on: connection), try await !JobQueue.extend([leased.job], on: connection).isEmpty
        else { return nil }
        return upload
    }

    private static func conclude(
        _ leased: LeasedKnowledgeUpload, _ outcome: EndedAttempt.Result, _ message: String? = nil, on connection: PostgresConnection
    ) async throws(PostgresError) {
        _ = try await JobQueue.end(
            [EndedAttempt(leased.job.id, outcome, error: message.map { error($0, []) })], leases: [leased.job.id: leased.job.lease],
            on: connection)
        switch outcome {
        case .succeeded, .failed: try await forget(leased.id, on: connection)
        case .retry, .released: return
        }
    }

    private static func fail(
        _ leased: LeasedKnowledgeUpload, _ message: String, _ report: [JSONMember], on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await conclude(leased, .failed, message, on: connection)
        // A task that was never begun may fail as well.
        try await TaskRepository.take(.fail(error: error(message, report)), leased.id, on: connection)
    }

    private static func forget(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query("UPDATE knowledge_uploads SET body = NULL WHERE id = $1", [id.value])
    }

    private static func error(_ message: String, _ report: [JSONMember]) -> [UInt8] {
        JSONValue.object([JSONMember(key: "message", value: .string(String(message.prefix(maximumMessageCount))))] + report).bytes
    }

    private static func members(of result: KnowledgeEditResult) -> [JSONMember] {
        [
            ("draft_version", result.draftVersion), ("added", result.addedCount), ("changed", result.changedCount),
            ("removed", result.removedCount), ("unchanged", result.unchangedCount),
        ].map { JSONMember(key: $0.0, value: .integer(Int64($0.1))) }
    }
}
