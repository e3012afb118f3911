/// The workers' part of a request for drafts: leased, held, gone through source by source. What a call brought is saved with its cost and
/// its spans in one transaction, in which the source is also done with, so that nothing is paid for twice.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// A request in the hands of a worker.
package struct LeasedDraftRequest: Sendable {
    package let job: LeasedJob

    package init(job: LeasedJob) { self.job = job }

    package var id: TaskID { TaskID(high: job.group.high, low: job.group.low) }
}

/// What came of one source.
package struct DraftedCases: Sendable, Equatable {
    package var cases: [TestCaseContent]
    /// For people; nil: all went well.
    package var problem: String?
    package var costNanoUSD: Int64
    /// An OTLP export request in protobuf.
    package var spans: [UInt8]?

    package init(cases: [TestCaseContent], problem: String?, costNanoUSD: Int64, spans: [UInt8]?) {
        self.cases = cases
        self.problem = problem
        self.costNanoUSD = costNanoUSD
        self.spans = spans
    }
}

extension DraftRepository {
    private static let maximumProblemByteCount = 500

    /// The next request for a worker; nil while there is none. Errors: `unavailable`.
    package func lease(worker: String) async throws(MetastoreError) -> LeasedDraftRequest? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await Self.queue.lease(worker: worker, capacity: 1, on: connection).first.map(LeasedDraftRequest.init)
            }
        }
    }

    /// The heartbeat; false: it is somebody else's by now, or was cancelled. Errors: `unavailable`.
    package func extendLease(_ leased: LeasedDraftRequest) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await !JobQueue.extend([leased.job], on: connection).isEmpty
            }
        }
    }

    /// The request as it stands, its task begun; nil: it has ended, or is not the worker's any more. Errors: `unavailable`.
    package func proceed(_ leased: LeasedDraftRequest) async throws(MetastoreError) -> DraftRequest? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let request = try await Self.held(leased, on: connection) else { return nil }
                try await TaskRepository.take(.start, leased.id, on: connection)
                return request
            }
        }
    }

    /// Those of the keys that the suite's newest version has, or a draft that waits. Errors: `unavailable`.
    package func takenKeys(of keys: [String], in suite: SuiteID) async throws(MetastoreError) -> Set<String> {
        try await translatingErrors { () throws(PostgresError) in
            Set(
                try await pool.query(
                    """
                    SELECT c.key FROM test_cases c JOIN test_case_versions v ON v.test_case_id = c.id AND v.removed_in IS NULL
                    WHERE c.suite_id = $1 AND c.key = ANY ($2)
                    UNION SELECT key FROM test_case_drafts WHERE suite_id = $1 AND state = 'proposed' AND key = ANY ($2)
                    """, [suite.value, .texts(keys)]
                ).decoded { row throws(PostgresError) in try row.decode("key", as: String.self) })
        }
    }

    /// Keeps what came of the request's next source, which is done with. False: the request is not the worker's any more, and nothing is
    /// kept. Errors: `unavailable`.
    package func save(
        _ drafted: DraftedCases, at position: Int, of source: DraftSource, _ leased: LeasedDraftRequest
    ) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let request = try await Self.held(leased, on: connection) else { return false }
                for content in drafted.cases {
                    try await connection.query(
                        """
                        INSERT INTO test_case_drafts (id, suite_id, request_id, key, content, source)
                        VALUES ($1, $2, $3, $4, $5, $6)
                        """,
                        [
                            TestCaseDraftID.make().value, request.suiteID.value, leased.id.value, .text(content.key),
                            .json(content.json.bytes), .json(source.origin.json.bytes),
                        ])
                }
                try await Self.add(drafted.costNanoUSD, drafted.spans, to: request, on: connection)
                if let problem = drafted.problem { try await Self.add(problem, of: source, to: request, on: connection) }
                try await connection.query(
                    "DELETE FROM draft_request_sources WHERE request_id = $1 AND position = $2",
                    [leased.id.value, .integer(Int64(position))])
                let done = Int64(request.sourceCount - request.openSourceCount + 1)
                try await TaskRepository.take(.progress(done: done, total: Int64(request.sourceCount)), leased.id, on: connection)
                return true
            }
        }
    }

    /// Ends an attempt: with `succeeded` and `failed` the task ends, too, and what its sources say is forgotten. `result`: JSON text
    /// for a task that succeeded. `message`: why it did not. `cost` and `spans`: of calls in vain. Errors: `unavailable`.
    package func end(
        _ leased: LeasedDraftRequest, _ outcome: EndedAttempt.Result, result: [UInt8]? = nil, message: String? = nil,
        costNanoUSD: Int64 = 0, spans: [UInt8]? = nil
    ) async throws(MetastoreError) {
        let error = message.map { JSONValue.object([JSONMember(key: "message", value: .string(String($0.prefix(1_000))))]).bytes }
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let request = try await Self.locked(leased.id, on: connection) else { return }
                let held = try await JobQueue.end(
                    [EndedAttempt(leased.job.id, outcome, error: error)], leases: [leased.job.id: leased.job.lease], on: connection)
                guard !held.isEmpty else { return }
                try await Self.add(costNanoUSD, spans, to: request, on: connection)
                switch outcome {
                case .succeeded: try await TaskRepository.take(.succeed(result: result), leased.id, on: connection)
                case .failed: try await TaskRepository.take(.fail(error: error ?? Array("{}".utf8)), leased.id, on: connection)
                default: return
                }
                try await connection.query("DELETE FROM draft_request_sources WHERE request_id = $1", [leased.id.value])
            }
        }
    }

    // MARK: - Inside of transactions

    /// The request, its row held until the transaction ends. Everything that changes a request begins with this.
    static func locked(_ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) -> DraftRequest? {
        // What is read must be what is locked: the statement after the one that waited sees what others committed.
        try await connection.query("SELECT 1 FROM draft_requests WHERE id = $1 FOR NO KEY UPDATE", [id.value])
        return try await connection.query("SELECT \(DraftRequest.columns) FROM \(DraftRequest.tables) WHERE r.id = $1", [id.value])
            .first.map(DraftRequest.init)
    }

    /// As above; nil also when the lease is not held any more, or the task has ended.
    private static func held(
        _ leased: LeasedDraftRequest, on connection: PostgresConnection
    ) async throws(PostgresError) -> DraftRequest? {
        guard let request = try await locked(leased.id, on: connection),
            try await !JobQueue.extend([leased.job], on: connection).isEmpty
        else { return nil }
        return request
    }

    private static func add(
        _ costNanoUSD: Int64, _ spans: [UInt8]?, to request: DraftRequest, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            "UPDATE draft_requests SET cost_nano_usd = cost_nano_usd + $2 WHERE id = $1", [request.id.value, .integer(costNanoUSD)])
        guard let spans else { return }
        try await connection.query(
            "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [request.projectID.value, .bytes(spans)])
    }

    private static func add(
        _ problem: String, of source: DraftSource, to request: DraftRequest, on connection: PostgresConnection
    ) async throws(PostgresError) {
        let message = problem.withoutNUL.cut(toByteCount: maximumProblemByteCount)
        let place =
            switch source.origin {
            case .span(let traceID, _): JSONMember(key: "trace_id", value: .string(traceID.hex))
            case .entry(let entry): JSONMember(key: "entry", value: .string(entry.key))
            }
        let entry = JSONValue.array([.object([place, JSONMember(key: "message", value: .string(message))])])
        try await connection.query(
            "UPDATE draft_requests SET problems = (problems::jsonb || $2::jsonb)::json WHERE id = $1",
            [request.id.value, .json(entry.bytes)])
    }
}
