/// The server's part of an analysis: what users said goes from the store, which only the server can read, to PostgreSQL.

import ByteCoding
import JobQueue
import PostgresClient
import TraceModel

/// A trace as an analysis looks at it.
package struct AnalyzedTrace: Sendable, Equatable {
    package let traceID: TraceID
    /// What the user said: from 1 to 8,192 bytes.
    package let text: String
    package let costNanoUSD: Int64
    package let isError: Bool
    package let durationNano: Int64

    package init(traceID: TraceID, text: String, costNanoUSD: Int64, isError: Bool, durationNano: Int64) {
        self.traceID = traceID
        self.text = text
        self.costNanoUSD = costNanoUSD
        self.isError = isError
        self.durationNano = durationNano
    }
}

extension FeatureRepository {
    /// The oldest analyses whose traces are yet to be read. Errors: `unavailable`.
    package func collecting(limit: Int) async throws(MetastoreError) -> [FeatureAnalysisRecord] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.analysisColumns) FROM feature_analyses WHERE state = 'collecting' ORDER BY id LIMIT $1",
                [.integer(Int64(limit))]
            ).decoded(Self.analysis)
        }
    }

    /// The traces of an analysis, each once, in the order of time, and the job that works on them, all or nothing; of the window's
    /// `windowTraceCount` traces a sample. False: somebody was faster, or it was cancelled. Errors: `invalid` (a text), `unavailable`.
    package func fill(
        _ id: FeatureAnalysisID, with traces: [AnalyzedTrace], windowTraceCount: Int
    ) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let analysis = try await Self.locked(id, on: connection), analysis.state == .collecting else { return false }
                var position: Int64 = 0
                for chunk in traces.chunks(byteCount: { $0.text.utf8.count }) {
                    try await connection.query(
                        """
                        INSERT INTO feature_analysis_traces (analysis_id, position, trace_id, text, cost_nano_usd, is_error, duration_nano)
                        SELECT $1, $2::bigint + number - 1, uuid_send(trace_id), text, cost, error = 1, duration
                        FROM unnest($3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[]) WITH ORDINALITY
                            AS given (trace_id, text, cost, error, duration, number)
                        """,
                        [
                            id.value, .integer(position), .uuids(chunk.map { PostgresUUID(high: $0.traceID.high, low: $0.traceID.low) }),
                            .texts(chunk.map(\.text)), .integers(chunk.map(\.costNanoUSD)), .integers(chunk.map { $0.isError ? 1 : 0 }),
                            .integers(chunk.map(\.durationNano)),
                        ])
                    position += Int64(chunk.count)
                }
                try await connection.query(
                    "UPDATE feature_analyses SET state = 'ready', trace_count = $2, window_trace_count = $3 WHERE id = $1",
                    [id.value, .integer(Int64(traces.count)), .integer(Int64(windowTraceCount))])
                try await connection.query(
                    "INSERT INTO job_groups (id, queue, concurrency) VALUES ($1, $2, 1) ON CONFLICT (id) DO NOTHING",
                    [analysis.projectID.value, .text(Self.queue.name)])
                try await Self.queue.enqueue([Array(#"{"analysis":"\#(id.uuid)"}"#.utf8)], in: analysis.projectID.bits, on: connection)
                var data = JSONWriter()
                data.beginObject()
                data.member("trace_count", traces.count)
                data.member("window_trace_count", windowTraceCount)
                data.endObject()
                try await TaskRepository.append([TaskEventDraft("analysis.collected", data.bytes)], to: id.task, on: connection)
                return true
            }
        }
    }

    /// Ends an analysis that cannot be worked on. `message`: for people. Errors: `unavailable`.
    package func fail(_ id: FeatureAnalysisID, message: String) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let analysis = try await Self.locked(id, on: connection), !analysis.state.isFinal else { return }
                try await Self.end(id, as: .failed, .fail(error: Self.error(message)), on: connection)
            }
        }
    }

    /// As tasks show it.
    static func error(_ message: String) -> [UInt8] {
        JSONValue.object([JSONMember(key: "message", value: .string(String(message.prefix(1_000))))]).bytes
    }
}
