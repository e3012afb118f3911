/// The calls by which cases were drafted of a trace or an entry, as a trace of its own in the attributes of OpenTelemetry's GenAI conventions:
///
///     draft test cases                        of what, for which request; linked to the span, if it is one
///       chat MODEL                            the call
///
/// Ids are made from request, source and attempt alone, so that what is sent twice is stored once.

import ByteCoding
import EvaluationModel
import GenAIConventions
import Metastore
import OTLP
import TraceModel

struct DraftTrace: Sendable {
    let spans: [SpanRecord]

    static let scope = "spandrel.drafts"

    init(_ request: DraftRequest, position: Int, source: DraftSource, attempt: Int, _ calls: [ModelCall], problem: String?) {
        let (trace, seed) = Self.ids(request.id, position, attempt)
        let start = calls.map(\.startUnixNano).min() ?? 0, end = max(start, calls.map(\.endUnixNano).max() ?? start)
        var root = ModelCallSpan.span(trace, ModelCallSpan.id(seed, 0), "draft test cases", start, end, scope: Self.scope)
        root.kind = 1
        root.attributes = [
            KeyValue("spandrel.task.id", .string(request.id.uuid)), KeyValue("spandrel.suite.id", .string(request.suiteID.uuid)),
        ]
        switch source.origin {
        case .span(let traceID, let spanID):
            root.attributes.append(KeyValue("spandrel.draft.source_trace_id", .string(traceID.hex)))
            if let spanID {
                root.links = [
                    SpanRecord.Link(
                        traceID: traceID, spanID: spanID, traceState: "", attributes: [], droppedAttributesCount: 0, flags: 0)
                ]
            }
        case .entry(let entry):
            root.attributes += [
                KeyValue("spandrel.draft.source_entry", .string(entry.key)),
                KeyValue("spandrel.knowledge.revision", .int(Int64(entry.revision))),
            ]
            if let id = entry.draftID { root.attributes.append(KeyValue("spandrel.knowledge.draft_id", .string(id))) }
            if let version = entry.draftVersion {
                root.attributes.append(KeyValue("spandrel.knowledge.draft_version", .int(Int64(version))))
            }
        }
        if let problem { root.status = SpanRecord.Status(code: 2, message: problem) }
        spans =
            [root]
            + calls.enumerated().map { index, call in
                ModelCallSpan.span(
                    of: call, trace, ModelCallSpan.id(seed, UInt64(index + 1)), parent: root.spanID, scope: Self.scope)
            }
    }

    private static func ids(_ request: TaskID, _ position: Int, _ attempt: Int) -> (TraceID, seed: UInt64) {
        var bytes: [UInt8] = []
        for number in [request.high, request.low, UInt64(position), UInt64(attempt)] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        func hash(_ seed: UInt64) -> ContentHash { bytes.withUnsafeBytes { ContentHash(of: $0, seed: seed) } }
        let trace = hash(5)
        // All zeros is no id.
        return (TraceID(high: trace.high | 1 << 63, low: trace.low), hash(6).high)
    }
}
