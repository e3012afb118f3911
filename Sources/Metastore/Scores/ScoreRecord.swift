/// A judgement as it is stored: of a scorer, a person or an application.

import PostgresClient
import TraceModel

package struct ScoreID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct ScoreRecord: Sendable, Equatable {
    package enum Source: String, Sendable, Equatable {
        case scorer, person, application
    }

    package let id: ScoreID
    package let projectID: ProjectID
    package let name: String
    package let source: Source
    package let value: Double?
    package let passed: Bool?
    package let label: String?
    package let reason: String
    /// The scorer itself failed: then there is neither value nor verdict.
    package let error: String?
    /// Of a scorer: what kind it is, and which model judged.
    package let kind: String?
    package let model: String?
    /// JSON text.
    package let details: [UInt8]?
    /// What it judges: an outcome of a run, or else a trace, or a span of one.
    package let outcomeID: OutcomeID?
    package let traceID: TraceID?
    package let spanID: SpanID?
    package let author: String?
    package let costNanoUSD: Int64
    package let createdTimeUnixNano: Int64

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        name = try row.decode("name")
        let sourceName: String = try row.decode("source")
        guard let source = Source(rawValue: sourceName) else { throw PostgresError(.decoding, "\(sourceName) is no source of a score") }
        self.source = source
        value = try row.decodeIfPresent("value")
        passed = try row.decodeIfPresent("passed")
        label = try row.decodeIfPresent("label")
        reason = try row.decode("reason")
        error = try row.decodeIfPresent("error")
        kind = try row.decodeIfPresent("kind")
        model = try row.decodeIfPresent("model")
        details = try row.decodeIfPresent("details", as: PostgresJSON.self)?.bytes
        outcomeID = try row.decodeIfPresent("outcome_id")
        traceID = try row.decodeIfPresent("trace_id")
        spanID = try row.decodeIfPresent("span_id")
        author = try row.decodeIfPresent("author")
        costNanoUSD = try row.decode("cost_nano_usd")
        createdTimeUnixNano = try row.unixNano("created_at")
    }
}

/// Stored as their bytes, as OTLP has them.
extension TraceID: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> TraceID? {
        guard [UInt8].decode(bytes, type: type)?.count == 16, let start = bytes.baseAddress else { return nil }
        return TraceID(unchecked: start)
    }
}

extension SpanID: PostgresDecodable {
    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> SpanID? {
        guard [UInt8].decode(bytes, type: type)?.count == 8, let start = bytes.baseAddress else { return nil }
        return SpanID(unchecked: start)
    }
}
