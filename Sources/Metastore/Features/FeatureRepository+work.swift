/// The workers' part of an analysis: leased, held, resumed. What a call of a model brought is saved with its cost and its span in one
/// transaction, so that nothing that was saved is paid for again.

import ByteCoding
import JobQueue
import PostgresClient
import TraceModel

/// An analysis in the hands of a worker.
package struct LeasedAnalysis: Sendable {
    package let job: LeasedJob
    package let id: FeatureAnalysisID
}

/// A trace of an analysis with what is known of it so far.
package struct EmbeddedTrace: Sendable, Equatable {
    package let position: Int
    package let trace: AnalyzedTrace
    /// nil: not embedded yet.
    package let embedding: [Float]?

    package init(position: Int, trace: AnalyzedTrace, embedding: [Float]?) {
        self.position = position
        self.trace = trace
        self.embedding = embedding
    }
}

/// What one call of a model cost, and its span.
package struct PaidCall: Sendable, Equatable {
    package let costNanoUSD: Int64
    /// An OTLP export request in protobuf.
    package let span: [UInt8]

    package init(costNanoUSD: Int64, span: [UInt8]) {
        self.costNanoUSD = costNanoUSD
        self.span = span
    }
}

extension FeatureRepository {
    /// The next analysis for a worker; nil while there is none. Errors: `unavailable`.
    package func lease(worker: String) async throws(MetastoreError) -> LeasedAnalysis? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let job = try await Self.queue.lease(worker: worker, capacity: 1, on: connection).first else { return nil }
                guard let id = (try? JSONValue.parse(job.payload))?["analysis"]?.stringValue.flatMap({ FeatureAnalysisID(uuid: $0) }) else {
                    throw PostgresError(.decoding, "job \(job.id.number) is no analysis")
                }
                return LeasedAnalysis(job: job, id: id)
            }
        }
    }

    /// The heartbeat; false: it is somebody else's by now. Errors: `unavailable`.
    package func extendLease(_ leased: LeasedAnalysis) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await !JobQueue.extend([leased.job], on: connection).isEmpty
            }
        }
    }

    /// Takes back the jobs of workers that are not heard of; answers with how many. Errors: `unavailable`.
    package func rescue() async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let count = try await JobQueue.rescue(on: connection)
                if count > 0 { try await Self.queue.announce(on: connection) }
                return count
            }
        }
    }

    /// Ends an attempt that came to nothing: `retry`, `released`, or `succeeded` where nothing is left to do. Errors: `unavailable`.
    package func giveBack(_ leased: LeasedAnalysis, _ result: EndedAttempt.Result, message: String? = nil) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                _ = try await Self.endAttempt(leased, result, message: message, on: connection)
            }
        }
    }

    /// The analysis, which it begins, if there is anything to do: nil for one that has ended. Errors: `unavailable`.
    package func begin(_ leased: LeasedAnalysis) async throws(MetastoreError) -> FeatureAnalysisRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let analysis = try await Self.locked(leased.id, on: connection), analysis.state == .ready else { return nil }
                // One that was begun before stays as it is.
                try await TaskRepository.take(.start, leased.id.task, on: connection)
                try await Self.reportProgress(analysis, on: connection)
                return analysis
            }
        }
    }

    /// Traces from a position on, in their order. Errors: `unavailable`.
    package func traces(of id: FeatureAnalysisID, from position: Int) async throws(MetastoreError) -> [EmbeddedTrace] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT position, trace_id, text, cost_nano_usd, is_error, duration_nano, embedding FROM feature_analysis_traces
                WHERE analysis_id = $1 AND position >= $2 ORDER BY position LIMIT \(MetastoreLimits.featureTracePageCount)
                """, [id.value, .integer(Int64(position))]
            ).decoded { row throws(PostgresError) in
                guard let traceID = FeatureBytes.traceIDs(try row.decode("trace_id")).first else {
                    throw PostgresError(.decoding, "a trace id has not 16 bytes")
                }
                return EmbeddedTrace(
                    position: try row.decode("position"),
                    trace: AnalyzedTrace(
                        traceID: traceID, text: try row.decode("text"), costNanoUSD: try row.decode("cost_nano_usd"),
                        isError: try row.decode("is_error"), durationNano: try row.decode("duration_nano")),
                    embedding: try row.decodeIfPresent("embedding", as: [UInt8].self).map(FeatureBytes.vector))
            }
        }
    }

    /// Keeps the vectors of traces, each of the same length, in the order of `positions`. Answers with what the analysis has cost by now;
    /// nil: it is not the worker's any more, and nothing is kept. Errors: `unavailable`.
    package func save(
        _ vectors: [[Float]], at positions: [Int], model: String, _ call: PaidCall, of leased: LeasedAnalysis
    ) async throws(MetastoreError) -> Int64? {
        let bytes = vectors.flatMap { FeatureBytes.bytes(of: $0) }, stride = (vectors.first?.count ?? 0) * 4
        return try await save(call, of: leased) { analysis, connection throws(PostgresError) in
            try await connection.query(
                """
                UPDATE feature_analysis_traces AS t
                SET embedding = substring($3::bytea FROM ((number - 1) * $4 + 1)::integer FOR $4::integer)
                FROM unnest($2::bigint[]) WITH ORDINALITY AS given (position, number)
                WHERE t.analysis_id = $1 AND t.position = given.position
                """,
                [analysis.id.value, .integers(positions.map(Int64.init)), .bytes(bytes), .integer(Int64(stride))])
            try await connection.query(
                "UPDATE feature_analyses SET embedding_model = coalesce(embedding_model, $2) WHERE id = $1",
                [analysis.id.value, .text(model)])
            try await Self.reportProgress(analysis, on: connection)
        }
    }

    /// Keeps what an attempt knows (JSON text) after a call. Answers as above. Errors: `unavailable`.
    package func save(_ checkpoint: [UInt8], _ call: PaidCall, of leased: LeasedAnalysis) async throws(MetastoreError) -> Int64? {
        try await save(call, of: leased) { _, connection throws(PostgresError) in
            _ = try await JobQueue.save(checkpoint, of: leased.job, on: connection)
        }
    }

    private func save(
        _ call: PaidCall, of leased: LeasedAnalysis, _ body: (FeatureAnalysisRecord, PostgresConnection) async throws(PostgresError) -> Void
    ) async throws(MetastoreError) -> Int64? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let analysis = try await Self.locked(leased.id, on: connection), analysis.state == .ready,
                    try await !JobQueue.extend([leased.job], on: connection).isEmpty
                else { return nil }
                try await body(analysis, connection)
                try await connection.query(
                    "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [analysis.projectID.value, .bytes(call.span)])
                return try await connection.query(
                    "UPDATE feature_analyses SET cost_nano_usd = cost_nano_usd + $2 WHERE id = $1 RETURNING cost_nano_usd",
                    [leased.id.value, .integer(call.costNanoUSD)]
                ).only { row throws(PostgresError) in try row.decode("cost_nano_usd", as: Int64.self) }
            }
        }
    }

    private static func reportProgress(_ analysis: FeatureAnalysisRecord, on connection: PostgresConnection) async throws(PostgresError) {
        let count = try await connection.query(
            "SELECT count(*) AS count FROM feature_analysis_traces WHERE analysis_id = $1 AND embedding IS NOT NULL", [analysis.id.value]
        ).only { row throws(PostgresError) in try row.decode("count", as: Int64.self) }
        try await TaskRepository.take(.progress(done: count, total: Int64(analysis.traceCount)), analysis.id.task, on: connection)
    }

    /// False: the worker does not hold it any more, and nothing it did counts.
    static func endAttempt(
        _ leased: LeasedAnalysis, _ result: EndedAttempt.Result, message: String?, on connection: PostgresConnection
    ) async throws(PostgresError) -> Bool {
        try await !JobQueue.end(
            [EndedAttempt(leased.job.id, result, error: message.map(error))], leases: [leased.job.id: leased.job.lease], on: connection
        ).isEmpty
    }
}
