/// The trace of a promotion's building, in the attributes of OpenTelemetry's GenAI conventions: its calls are counted and paid like any
/// other.
///
///     build knowledge base                    what was built, how many texts
///       embeddings MODEL                      each batch of texts
///
/// Ids are made from the promotion and what the call is about, so that what is sent twice is stored once.

import ByteCoding
import GenAIConventions
import Metastore
import OTLP
import RunExecution
import TraceModel

struct PromotionSpans: Sendable {
    private let promotion: KnowledgePromotion

    init(_ promotion: KnowledgePromotion) { self.promotion = promotion }

    /// An OTLP export request in protobuf. `first`: the hash of the batch's first text.
    func embedding(_ answer: PromotionModel.Answer, _ model: ModelReference, first: [UInt8], textCount: Int) -> [UInt8] {
        var span = span("embeddings \(model.model)", spanID(first), answer.startUnixNano, answer.endUnixNano)
        span.parentSpanID = spanID([])
        span.kind = 3
        span.attributes += [
            KeyValue("gen_ai.operation.name", .string("embeddings")), KeyValue("gen_ai.provider.name", .string(model.provider)),
            KeyValue("gen_ai.request.model", .string(model.model)),
            KeyValue("spandrel.knowledge.text_count", .int(Int64(textCount))),
        ]
        if let model = answer.responseModel { span.attributes.append(KeyValue("gen_ai.response.model", .string(model))) }
        if let usage = answer.usage { span.attributes.append(KeyValue("gen_ai.usage.input_tokens", .int(usage.input))) }
        if let cost = answer.reportedCost { span.attributes.append(KeyValue("gen_ai.usage.cost", .double(cost))) }
        return ExportTraceRequestEncoder.encode([span])
    }

    /// The building as a whole, once all texts have their vectors.
    func root(startUnixNano: UInt64, endUnixNano: UInt64, textCount: Int) -> [UInt8] {
        var span = span("build knowledge base", spanID([]), startUnixNano, endUnixNano)
        span.kind = 1
        span.attributes.append(KeyValue("spandrel.knowledge.text_count", .int(Int64(textCount))))
        return ExportTraceRequestEncoder.encode([span])
    }

    private func span(_ name: String, _ id: SpanID, _ start: UInt64, _ end: UInt64) -> SpanRecord {
        var span = SpanRecord(
            traceID: traceID, spanID: id, name: name, startTimeUnixNano: start, endTimeUnixNano: max(start, end))
        span.resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(
                DecodedResource(attributes: [KeyValue("service.name", .string(OwnServiceNames.knowledgeSearch))])))
        span.scope = SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: "spandrel.knowledge", version: "")))
        span.attributes = [KeyValue("spandrel.knowledge.promotion_id", .string(promotion.id.uuid))]
        return span
    }

    private var traceID: TraceID {
        let hash = hash([], seed: 1)
        return TraceID(high: hash.high | 1 << 63, low: hash.low)
    }

    /// All zeros is no id.
    private func spanID(_ about: [UInt8]) -> SpanID { SpanID(rawValue: hash(about, seed: 2).high | 1) }

    private func hash(_ about: [UInt8], seed: UInt64) -> ContentHash {
        (Array(promotion.id.uuid.utf8) + about).withUnsafeBytes { ContentHash(of: $0, seed: seed) }
    }
}
