/// The calls that scoring a span took, as a trace of its own in the attributes of OpenTelemetry's GenAI conventions:
///
///     score SPAN                              which span, by which rule or backfill; linked to the span
///       chat MODEL                            one call of a judge
///       embeddings MODEL                      one call of an embedding model
///
/// Ids are made from decision and attempt alone, so that what is sent twice is stored once. The scope tells these spans from others: a
/// rule passes them over.

import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import JobQueue
import Metastore
import OTLP
import TraceModel

struct ScoringTrace: Sendable {
    let spans: [SpanRecord]

    static let scope = "spandrel.scorers"

    init(_ leased: LeasedSpan, _ results: ScorerResults, _ calls: [ModelCall], start: UInt64) {
        let payload = leased.payload
        let ids = Self.ids(leased)
        let end = max(start, calls.map(\.endUnixNano).max() ?? start)
        var root = ModelCallSpan.span(
            ids.trace, ModelCallSpan.id(ids.seed, 0), "score \(payload.spanName)", start, end, scope: Self.scope)
        root.kind = 1
        root.links = [
            SpanRecord.Link(
                traceID: payload.traceID, spanID: payload.spanID, traceState: "", attributes: [], droppedAttributesCount: 0, flags: 0)
        ]
        root.attributes = [
            KeyValue("spandrel.scored.trace_id", .string(payload.traceID.hex)),
            KeyValue("spandrel.scored.span_id", .string(payload.spanID.hex)),
            KeyValue("spandrel.score.attempt", .int(Int64(leased.job.attempt))),
        ]
        switch leased.source {
        case .rule(let id): root.attributes.append(KeyValue("spandrel.score_rule.id", .string(id.uuid)))
        case .backfill(let id): root.attributes.append(KeyValue("spandrel.task.id", .string(id.uuid)))
        }
        for score in results.scores {
            if let value = score.value { root.attributes.append(KeyValue("spandrel.score.\(score.name)", .double(value))) }
            if let passed = score.passed { root.attributes.append(KeyValue("spandrel.score.\(score.name).passed", .bool(passed))) }
        }
        if let failed = results.scores.first(where: { $0.error != nil }) {
            root.status = SpanRecord.Status(code: 2, message: "\(failed.name): \(failed.reason)")
        }
        spans =
            [root]
            + calls.enumerated().map { index, call in
                ModelCallSpan.span(
                    of: call, ids.trace, ModelCallSpan.id(ids.seed, UInt64(index + 1)), parent: root.spanID, scope: Self.scope)
            }
    }

    private static func ids(_ leased: LeasedSpan) -> (trace: TraceID, seed: UInt64) {
        var bytes: [UInt8] = []
        for number in [leased.decision.high, leased.decision.low, UInt64(leased.job.attempt)] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        func hash(_ seed: UInt64) -> ContentHash { bytes.withUnsafeBytes { ContentHash(of: $0, seed: seed) } }
        let trace = hash(3)
        // All zeros is no id.
        return (TraceID(high: trace.high | 1 << 63, low: trace.low), hash(4).high)
    }
}
