/// The workers' part of a promotion: leased, held, led from phase to phase. What is done is written as it is done, so that whoever takes it
/// over goes on from there.

import ByteCoding
import JobQueue
import PostgresClient
import TraceModel

extension KnowledgePromotionRepository {
    private static let maximumMessageCount = 1_000

    /// The next promotion for a worker; nil while there is none. Errors: `unavailable`.
    package func lease(worker: String) async throws(MetastoreError) -> LeasedKnowledgePromotion? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await Self.queue.lease(worker: worker, capacity: 1, on: connection).first.map(LeasedKnowledgePromotion.init)
            }
        }
    }

    /// The heartbeat; false: it is somebody else's by now, or was cancelled. Errors: `unavailable`.
    package func extendLease(_ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await !JobQueue.extend([leased.job], on: connection).isEmpty
            }
        }
    }

    /// The promotion as it stands, its task begun; nil: it has ended, or is not the worker's any more. Errors: `unavailable`.
    package func proceed(_ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> KnowledgePromotion? {
        try await holding(leased) { promotion, connection throws(PostgresError) in
            try await TaskRepository.take(.start, leased.id, on: connection)
        }
    }

    /// Which model's vectors it is built with; chosen once. False: it is not the worker's any more. Errors: `conflict` (another was
    /// chosen), `invalid` (embedding_model), `unavailable`.
    package func setEmbeddingModel(_ model: String, _ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> Bool {
        try await holding(leased) { _, connection throws(PostgresError) in
            try await connection.query(
                "UPDATE knowledge_promotions SET embedding_model = $2 WHERE id = $1", [leased.id.value, .text(model)])
        } != nil
    }

    /// How far the phase has come. False: it is not the worker's any more. Errors: `unavailable`.
    package func reportProgress(_ leased: LeasedKnowledgePromotion, done: Int, total: Int) async throws(MetastoreError) -> Bool {
        try await holding(leased) { _, connection throws(PostgresError) in
            try await TaskRepository.take(.progress(done: Int64(done), total: Int64(total)), leased.id, on: connection)
        } != nil
    }

    /// The run that it waits for; once. False: it is not the worker's any more. Errors: `conflict` (another run was set), `notFound`
    /// (run_id), `unavailable`.
    package func setRun(_ run: RunID, _ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> Bool {
        try await holding(leased) { promotion, connection throws(PostgresError) in
            guard promotion.runID != run else { return }
            try await connection.query(
                "UPDATE knowledge_promotions SET phase = 'gate', run_id = $2 WHERE id = $1", [leased.id.value, run.value])
            try await Self.append("gate", [JSONMember(key: "run_id", value: .string(run.uuid))], to: leased.id, on: connection)
        } != nil
    }

    /// The gate is passed, or there is none. False: it is not the worker's any more. Errors: `unavailable`.
    package func beginPublishing(_ leased: LeasedKnowledgePromotion) async throws(MetastoreError) -> Bool {
        try await holding(leased) { promotion, connection throws(PostgresError) in
            guard promotion.phase != .publishing else { return }
            try await connection.query("UPDATE knowledge_promotions SET phase = 'publishing' WHERE id = $1", [leased.id.value])
            try await Self.append("publishing", [], to: leased.id, on: connection)
        } != nil
    }

    /// Ends an attempt without a revision: with `failed` the promotion ends, its task says why, and its draft is approved as before;
    /// `retry` and `released` leave it to the next worker. `costNanoUSD` and `spans`: of calls in vain. Errors: `unavailable`.
    package func end(
        _ leased: LeasedKnowledgePromotion, _ outcome: EndedAttempt.Result, message: String, costNanoUSD: Int64 = 0, spans: [UInt8]? = nil
    ) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let promotion = try await Self.held(leased, on: connection) else { return }
                try await Self.add(costNanoUSD, spans, to: promotion, on: connection)
                if case .failed = outcome { return try await Self.fail(promotion, leased, message, on: connection) }
                _ = try await JobQueue.end(
                    [EndedAttempt(leased.job.id, outcome, error: Self.error(message))], leases: [leased.job.id: leased.job.lease],
                    on: connection)
            }
        }
    }

    // MARK: - Inside of transactions

    /// As `locked`; nil also when the lease is not held any more, or the promotion has ended.
    static func held(
        _ leased: LeasedKnowledgePromotion, on connection: PostgresConnection
    ) async throws(PostgresError) -> KnowledgePromotion? {
        guard let promotion = try await locked(leased.id, on: connection), promotion.phase != .ended,
            try await !JobQueue.extend([leased.job], on: connection).isEmpty
        else { return nil }
        return promotion
    }

    /// Does something for a promotion that the worker still holds, and answers with how it stood before; nil: it does not.
    func holding(
        _ leased: LeasedKnowledgePromotion, _ body: (KnowledgePromotion, PostgresConnection) async throws(PostgresError) -> Void
    ) async throws(MetastoreError) -> KnowledgePromotion? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let promotion = try await Self.held(leased, on: connection) else { return nil }
                try await body(promotion, connection)
                return promotion
            }
        }
    }

    static func fail(
        _ promotion: KnowledgePromotion, _ leased: LeasedKnowledgePromotion, _ message: String, on connection: PostgresConnection
    ) async throws(PostgresError) {
        let error = error(message, run: promotion.runID)
        _ = try await JobQueue.end(
            [EndedAttempt(leased.job.id, .failed, error: error)], leases: [leased.job.id: leased.job.lease], on: connection)
        try await TaskRepository.take(.fail(error: error), promotion.id, on: connection)
        try await giveUp(promotion, message, on: connection)
    }

    static func add(
        _ costNanoUSD: Int64, _ spans: [UInt8]?, to promotion: KnowledgePromotion, on connection: PostgresConnection
    ) async throws(PostgresError) {
        if costNanoUSD > 0 {
            try await connection.query(
                "UPDATE knowledge_promotions SET cost_nano_usd = cost_nano_usd + $2 WHERE id = $1",
                [promotion.id.value, .integer(costNanoUSD)])
        }
        guard let spans else { return }
        try await connection.query(
            "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [promotion.projectID.value, .bytes(spans)])
    }

    private static func append(
        _ name: String, _ members: [JSONMember], to id: TaskID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await TaskRepository.append([TaskEventDraft("promotion.\(name)", JSONValue.object(members).bytes)], to: id, on: connection)
    }

    /// `run`: of the gate, for whoever wants to know what it came to.
    private static func error(_ message: String, run: RunID? = nil) -> [UInt8] {
        var members = [JSONMember(key: "message", value: .string(String(message.prefix(maximumMessageCount))))]
        if let run { members.append(JSONMember(key: "run_id", value: .string(run.uuid))) }
        return JSONValue.object(members).bytes
    }
}
