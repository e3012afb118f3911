/// The end of an analysis: what features were known before it, and what it found.

import JobQueue
import PostgresClient
import TraceModel

/// A feature as the next analysis has to know it.
package struct KnownFeature: Sendable, Equatable {
    package let id: FeatureID
    package let name: String
    package let isNamed: Bool
    package let center: [Float]
    package let reach: Double
    /// Traces of the feature in the windows before, and all that were looked at in those; nil: it is in none of them.
    package let before: (count: Int, traceCount: Int)?

    package static func == (a: KnownFeature, b: KnownFeature) -> Bool {
        (a.id, a.name, a.isNamed, a.center, a.reach) == (b.id, b.name, b.isNamed, b.center, b.reach)
            && a.before?.count == b.before?.count && a.before?.traceCount == b.before?.traceCount
    }
}

/// A feature after an analysis, and its traces of the window.
package struct AnalyzedFeature: Sendable {
    package var id: FeatureID
    /// false: one of those known before.
    package var isNew: Bool
    package var name: String
    package var description: String
    package var isNamed: Bool
    package var center: [Float]
    package var reach: Double
    /// The most typical first.
    package var traces: [AnalyzedTrace]
    package var trend: String
    /// JSON text: `[{"trace_id", "text"}]`.
    package var examples: [UInt8]

    package init(
        id: FeatureID, isNew: Bool, name: String, description: String, isNamed: Bool, center: [Float], reach: Double,
        traces: [AnalyzedTrace], trend: String, examples: [UInt8]
    ) {
        self.id = id
        self.isNew = isNew
        self.name = name
        self.description = description
        self.isNamed = isNamed
        self.center = center
        self.reach = reach
        self.traces = traces
        self.trend = trend
        self.examples = examples
    }
}

extension FeatureRepository {
    /// The features of the project whose vectors are of this model, the oldest first, archived ones too; with their shares of the windows
    /// before the analysis's. Errors: `unavailable`.
    package func known(to analysis: FeatureAnalysisRecord, model: String) async throws(MetastoreError) -> [KnownFeature] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                WITH before AS (
                    SELECT id, trace_count FROM feature_analyses
                    WHERE project_id = $1 AND state = 'succeeded' AND window_end <= $3
                    ORDER BY window_start DESC, id DESC LIMIT \(MetastoreLimits.comparedFeatureWindowCount))
                SELECT f.id, f.name, f.is_named, f.center, f.reach, w.count, w.looked_at
                FROM features f LEFT JOIN LATERAL (
                    SELECT sum(fw.trace_count) AS count, sum(b.trace_count) AS looked_at
                    FROM feature_windows fw JOIN before b ON b.id = fw.analysis_id WHERE fw.feature_id = f.id) w ON true
                WHERE f.project_id = $1 AND f.embedding_model = $2 ORDER BY f.id
                """,
                [analysis.projectID.value, .text(model), .timestamp(unixNano: analysis.order.windowStartUnixNano)]
            ).decoded { row throws(PostgresError) in
                var before: (count: Int, traceCount: Int)?
                if let count = try row.decodeIfPresent("count", as: Int.self) { before = (count, try row.decode("looked_at")) }
                return KnownFeature(
                    id: try row.decode("id"), name: try row.decode("name"), isNamed: try row.decode("is_named"),
                    center: FeatureBytes.vector(try row.decode("center")), reach: try row.decode("reach"), before: before)
            }
        }
    }

    /// Features, their windows, the end of analysis, task and job, all or nothing. `span`: of the analysis as a whole, an OTLP export
    /// request in protobuf; nil: it made no call. `result`: JSON text for the task. False: the analysis
    /// is not the worker's any more, and nothing changed. Errors: `unavailable`.
    package func conclude(
        _ leased: LeasedAnalysis, model: String?, _ features: [AnalyzedFeature], span: [UInt8]?, result: [UInt8]
    ) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let analysis = try await Self.locked(leased.id, on: connection), analysis.state == .ready,
                    try await Self.endAttempt(leased, .succeeded, message: nil, on: connection)
                else { return false }
                for feature in features {
                    if feature.isNew {
                        try await Self.insert(feature, model ?? "", analysis, on: connection)
                    } else {
                        try await Self.update(feature, analysis, on: connection)
                    }
                    try await Self.insertWindow(feature, analysis, on: connection)
                }
                if let span {
                    try await connection.query(
                        "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [analysis.projectID.value, .bytes(span)])
                }
                try await Self.end(leased.id, as: .succeeded, .succeed(result: result), on: connection)
                return true
            }
        }
    }

    /// The analysis fails for good, and its job with it. Errors: `unavailable`.
    package func fail(_ leased: LeasedAnalysis, message: String) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let analysis = try await Self.locked(leased.id, on: connection),
                    try await Self.endAttempt(leased, .failed, message: message, on: connection), analysis.state == .ready
                else { return }
                try await Self.end(leased.id, as: .failed, .fail(error: Self.error(message)), on: connection)
            }
        }
    }

    private static func insert(
        _ feature: AnalyzedFeature, _ model: String, _ analysis: FeatureAnalysisRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO features (id, project_id, name, description, is_named, center, reach, embedding_model, first_window_start,
                last_window_end)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                feature.id.value, analysis.projectID.value, .text(feature.name), .text(feature.description), .bool(feature.isNamed),
                .bytes(FeatureBytes.bytes(of: feature.center)), .double(feature.reach), .text(model),
                .timestamp(unixNano: analysis.order.windowStartUnixNano), .timestamp(unixNano: analysis.order.windowEndUnixNano),
            ])
    }

    /// A name that a person or a model gave stays. A feature that nobody asked for stays where it is.
    private static func update(
        _ feature: AnalyzedFeature, _ analysis: FeatureAnalysisRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            UPDATE features SET name = CASE WHEN is_named THEN name ELSE $2 END,
                description = CASE WHEN is_named THEN description ELSE $3 END, is_named = is_named OR $4, center = $5, reach = $6,
                first_window_start = CASE WHEN $7 THEN least(first_window_start, $8) ELSE first_window_start END,
                last_window_end = CASE WHEN $7 THEN greatest(last_window_end, $9) ELSE last_window_end END
            WHERE id = $1
            """,
            [
                feature.id.value, .text(feature.name), .text(feature.description), .bool(feature.isNamed),
                .bytes(FeatureBytes.bytes(of: feature.center)), .double(feature.reach), .bool(!feature.traces.isEmpty),
                .timestamp(unixNano: analysis.order.windowStartUnixNano), .timestamp(unixNano: analysis.order.windowEndUnixNano),
            ])
    }

    private static func insertWindow(
        _ feature: AnalyzedFeature, _ analysis: FeatureAnalysisRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO feature_windows (project_id, feature_id, analysis_id, trace_count, error_count, cost_nano_usd, duration_nano, trend,
                examples, trace_ids)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                analysis.projectID.value, feature.id.value, analysis.id.value, .integer(Int64(feature.traces.count)),
                .integer(Int64(feature.traces.count { $0.isError })), .integer(feature.traces.reduce(0) { $0 &+ $1.costNanoUSD }),
                .integer(feature.traces.reduce(0) { $0 &+ $1.durationNano }), .text(feature.trend), .json(feature.examples),
                .bytes(FeatureBytes.bytes(of: feature.traces.map(\.traceID))),
            ])
    }
}
