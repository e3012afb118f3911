/// The trace of an analysis, in the attributes of OpenTelemetry's GenAI conventions: its calls are counted and paid like any other.
///
///     feature analysis                        window, counts
///       embeddings MODEL                      each batch of texts
///       chat MODEL                            each name
///
/// Ids are made from the analysis and what the call is about, so that what is sent twice is stored once.

import ByteCoding
import GenAIConventions
import Metastore
import OTLP
import RunExecution
import TraceModel

struct AnalysisSpans: Sendable {
    private let analysis: FeatureAnalysisRecord
    private let resource: SpanRecord.Resource
    private let scope: SpanRecord.Scope

    init(_ analysis: FeatureAnalysisRecord) {
        self.analysis = analysis
        resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(
                DecodedResource(attributes: [KeyValue("service.name", .string(OwnServiceNames.featureAnalyzer))])))
        scope = SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: "spandrel.features", version: "")))
    }

    /// A call that was answered.
    struct Call: Sendable {
        var model: ModelReference
        var responseModel: String?
        var usage: TokenUsage?
        /// US dollars, where it was billed.
        var reportedCost: Double?
        var startUnixNano: UInt64
        var endUnixNano: UInt64
    }

    /// An OTLP export request in protobuf.
    func embedding(_ call: Call, firstPosition: Int, textCount: Int) -> [UInt8] {
        var span = span("embeddings", call, about: "embeddings \(firstPosition)")
        span.attributes.append(KeyValue("spandrel.feature_analysis.text_count", .int(Int64(textCount))))
        return ExportTraceRequestEncoder.encode([span])
    }

    func naming(_ call: Call, _ naming: FeatureNaming, of trace: TraceID, answer: String) -> [UInt8] {
        var span = span("chat", call, about: "chat \(trace.hex)")
        let messages = Self.messages([("system", FeatureNaming.system), ("user", naming.user)])
        span.attributes.append(KeyValue("gen_ai.input.messages", .string(messages)))
        span.attributes.append(KeyValue("gen_ai.output.messages", .string(Self.messages([("assistant", answer)]))))
        return ExportTraceRequestEncoder.encode([span])
    }

    /// The analysis as a whole, once it has succeeded.
    func root(startUnixNano: UInt64, endUnixNano: UInt64, featureCount: Int) -> [UInt8] {
        var span = SpanRecord(
            traceID: traceID, spanID: spanID("root"), name: "feature analysis", startTimeUnixNano: startUnixNano,
            endTimeUnixNano: endUnixNano)
        span.kind = 1
        span.resource = resource
        span.scope = scope
        span.attributes = [
            KeyValue("spandrel.feature_analysis.id", .string(analysis.id.uuid)),
            KeyValue("spandrel.feature_analysis.trace_count", .int(Int64(analysis.traceCount))),
            KeyValue("spandrel.feature_analysis.feature_count", .int(Int64(featureCount))),
        ]
        return ExportTraceRequestEncoder.encode([span])
    }

    private func span(_ operation: String, _ call: Call, about: String) -> SpanRecord {
        var span = SpanRecord(
            traceID: traceID, spanID: spanID(about), name: "\(operation) \(call.model.model)", startTimeUnixNano: call.startUnixNano,
            endTimeUnixNano: call.endUnixNano)
        span.parentSpanID = spanID("root")
        span.kind = 3
        span.resource = resource
        span.scope = scope
        span.attributes = [
            KeyValue("gen_ai.operation.name", .string(operation)), KeyValue("gen_ai.provider.name", .string(call.model.provider)),
            KeyValue("gen_ai.request.model", .string(call.model.model)),
            KeyValue("spandrel.feature_analysis.id", .string(analysis.id.uuid)),
        ]
        if let model = call.responseModel { span.attributes.append(KeyValue("gen_ai.response.model", .string(model))) }
        if let usage = call.usage {
            span.attributes.append(KeyValue("gen_ai.usage.input_tokens", .int(usage.input)))
            if operation == "chat" { span.attributes.append(KeyValue("gen_ai.usage.output_tokens", .int(usage.output))) }
        }
        if let cost = call.reportedCost { span.attributes.append(KeyValue("gen_ai.usage.cost", .double(cost))) }
        return span
    }

    private static func messages(_ messages: [(role: String, text: String)]) -> String {
        let values = messages.map { role, text in
            let part = JSONValue.object([
                JSONMember(key: "type", value: .string("text")), JSONMember(key: "content", value: .string(text)),
            ])
            return JSONValue.object([
                JSONMember(key: "role", value: .string(role)), JSONMember(key: "parts", value: .array([part])),
            ])
        }
        return String(decoding: JSONValue.array(values).bytes, as: UTF8.self)
    }

    private var traceID: TraceID {
        let hash = Self.hash(analysis.id.uuid, seed: 1)
        return TraceID(high: hash.high | 1 << 63, low: hash.low)
    }

    /// All zeros is no id.
    private func spanID(_ about: String) -> SpanID { SpanID(rawValue: Self.hash("\(analysis.id.uuid) \(about)", seed: 2).high | 1) }

    private static func hash(_ text: String, seed: UInt64) -> ContentHash {
        Array(text.utf8).withUnsafeBytes { ContentHash(of: $0, seed: seed) }
    }
}
