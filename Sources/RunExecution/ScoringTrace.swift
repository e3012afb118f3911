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
        var root = Self.span(ids.trace, Self.spanID(ids.seed, 0), "score \(payload.spanName)", start, end)
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
                Self.call(call, ids.trace, Self.spanID(ids.seed, UInt64(index + 1)), parent: root.spanID)
            }
    }

    private static func call(_ call: ModelCall, _ trace: TraceID, _ id: SpanID, parent: SpanID) -> SpanRecord {
        var span = span(
            trace, id, "\(call.operation.rawValue) \(call.requestModel)", call.startUnixNano, max(call.startUnixNano, call.endUnixNano))
        span.parentSpanID = parent
        span.kind = 3
        func add(_ key: String, _ value: AttributeValue?) { if let value { span.attributes.append(KeyValue(key, value)) } }
        add("gen_ai.operation.name", .string(call.operation.rawValue))
        add("gen_ai.provider.name", .string(call.provider))
        add("gen_ai.request.model", .string(call.requestModel))
        // `provider/model` as scores have it.
        add("gen_ai.response.model", call.usage.map { .string(String($0.model.dropFirst(call.provider.count + 1))) })
        if let tokens = call.tokens {
            add("gen_ai.usage.input_tokens", .int(tokens.input))
            add("gen_ai.usage.output_tokens", .int(tokens.output))
            if tokens.cacheRead > 0 { add("gen_ai.usage.cache_read.input_tokens", .int(tokens.cacheRead)) }
            if tokens.cacheWrite > 0 { add("gen_ai.usage.cache_write.input_tokens", .int(tokens.cacheWrite)) }
            if tokens.reasoning > 0 { add("gen_ai.usage.reasoning.output_tokens", .int(tokens.reasoning)) }
        }
        if !call.input.isEmpty { add("gen_ai.input.messages", .string(GenAIMessages.input(call.input))) }
        add("gen_ai.output.messages", call.output.map { .string(GenAIMessages.output(text: $0, toolCalls: [], finishReason: nil)) })
        if let error = call.error {
            add("error.type", .string(error.kind))
            span.status = SpanRecord.Status(code: 2, message: error.message)
        }
        return span
    }

    private static func span(_ trace: TraceID, _ id: SpanID, _ name: String, _ start: UInt64, _ end: UInt64) -> SpanRecord {
        var span = SpanRecord(traceID: trace, spanID: id, name: name, startTimeUnixNano: start, endTimeUnixNano: end)
        span.resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(DecodedResource(attributes: [KeyValue("service.name", .string("spandrel-testcase-worker"))])))
        span.scope = SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: scope, version: "")))
        return span
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

    /// Of the root (0) and of each call.
    private static func spanID(_ seed: UInt64, _ number: UInt64) -> SpanID {
        SpanID(rawValue: (seed &+ number &* 0x9e37_79b9_7f4a_7c15) | 1)
    }
}
