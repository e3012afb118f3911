/// A search as spans, in the attributes of OpenTelemetry's GenAI conventions and of OpenInference:
///
///     retrieval knowledge base                what was asked of which revision, what was found with which score
///       embeddings MODEL                      the question's vector, if a provider was asked for one

import ByteCoding
import GenAIConventions
import KnowledgeModel
import Metastore
import OTLP
import TraceModel

struct RetrievalTrace: Sendable {
    /// The scope's name, by which these spans are told from others of the project.
    static let scope = "spandrel.knowledge"

    private let query: KnowledgeQuery
    private let startUnixNano: UInt64
    private let traceID: TraceID
    private let rootID = SpanID(rawValue: .random(in: 1...UInt64.max))
    var embedding: EmbeddingCall?

    /// A question that a provider answered with a vector.
    struct EmbeddingCall: Sendable {
        /// As provider/model.
        let model: String
        let startUnixNano: UInt64
        private(set) var endUnixNano: UInt64 = 0
        private(set) var responseModel: String?
        private(set) var usage: TokenUsage?
        private(set) var reportedCost: Double?

        init(model: String, startUnixNano: UInt64) {
            self.model = model
            self.startUnixNano = startUnixNano
        }

        mutating func end(_ answer: EmbeddedQuestion, atUnixNano now: UInt64 = WallClock.nowUnixNano()) {
            endUnixNano = max(now, startUnixNano)
            responseModel = answer.responseModel
            usage = answer.usage
            reportedCost = answer.reportedCost
        }
    }

    init(_ query: KnowledgeQuery, startUnixNano: UInt64) {
        self.query = query
        self.startUnixNano = startUnixNano
        traceID = query.parent?.traceID ?? TraceID(high: .random(in: 1...UInt64.max), low: .random(in: 0...UInt64.max))
    }

    func spans(_ answer: KnowledgeAnswer, endUnixNano: UInt64) -> [SpanRecord] {
        var root = root(endUnixNano)
        root.attributes += [
            KeyValue("spandrel.knowledge.revision", .int(Int64(answer.view.revision))),
            KeyValue("spandrel.knowledge.mode", .string(answer.mode.rawValue)),
            KeyValue("gen_ai.retrieval.documents", .string(Self.documents(answer.hits))),
        ]
        if let draft = answer.view.draft {
            root.attributes.append(KeyValue("spandrel.knowledge.draft_id", .string(draft.id.uuid)))
            root.attributes.append(KeyValue("spandrel.knowledge.draft_version", .int(Int64(draft.version))))
        }
        if let reason = answer.modeReason { root.attributes.append(KeyValue("spandrel.knowledge.mode_reason", .string(reason))) }
        for (index, hit) in answer.hits.enumerated() {
            root.attributes.append(KeyValue("retrieval.documents.\(index).document.id", .string(Self.id(hit))))
            root.attributes.append(KeyValue("retrieval.documents.\(index).document.score", .double(hit.score)))
        }
        return [root] + children
    }

    func spans(failed error: KnowledgeSearchError, endUnixNano: UInt64) -> [SpanRecord] {
        var root = root(endUnixNano)
        root.attributes.append(KeyValue("error.type", .string(error.code.rawValue)))
        root.status = SpanRecord.Status(code: 2, message: error.message)
        return [root] + children
    }

    // MARK: - Spans

    private func root(_ endUnixNano: UInt64) -> SpanRecord {
        var root = span(rootID, "retrieval knowledge base", startUnixNano, endUnixNano)
        root.kind = 1
        if let parent = query.parent { root.parentSpanID = parent.spanID }
        root.attributes = [
            KeyValue("gen_ai.operation.name", .string("retrieval")), KeyValue("openinference.span.kind", .string("RETRIEVER")),
            KeyValue("gen_ai.data_source.id", .string("knowledge base")), KeyValue("gen_ai.retrieval.query.text", .string(query.text)),
            KeyValue("input.value", .string(query.text)), KeyValue("spandrel.knowledge.source", .string(query.source.name)),
            KeyValue("gen_ai.request.top_k", .int(Int64(query.limit))),
        ]
        if !query.kinds.isEmpty {
            root.attributes.append(
                KeyValue("spandrel.knowledge.kinds", .string(query.kinds.map(\.rawValue).sorted().joined(separator: ","))))
        }
        if !query.tags.isEmpty { root.attributes.append(KeyValue("spandrel.knowledge.tags", .string(query.tags.joined(separator: ",")))) }
        return root
    }

    private var children: [SpanRecord] {
        guard let embedding, embedding.endUnixNano > 0, let slash = embedding.model.firstIndex(of: "/") else { return [] }
        let model = String(embedding.model[embedding.model.index(after: slash)...])
        var span = span(
            SpanID(rawValue: .random(in: 1...UInt64.max)), "embeddings \(model)", embedding.startUnixNano, embedding.endUnixNano)
        span.parentSpanID = rootID
        span.kind = 3
        span.attributes = [
            KeyValue("gen_ai.operation.name", .string("embeddings")),
            KeyValue("gen_ai.provider.name", .string(String(embedding.model[..<slash]))), KeyValue("gen_ai.request.model", .string(model)),
        ]
        if let model = embedding.responseModel { span.attributes.append(KeyValue("gen_ai.response.model", .string(model))) }
        if let usage = embedding.usage { span.attributes.append(KeyValue("gen_ai.usage.input_tokens", .int(usage.input))) }
        if let cost = embedding.reportedCost { span.attributes.append(KeyValue("gen_ai.usage.cost", .double(cost))) }
        return [span]
    }

    private func span(_ id: SpanID, _ name: String, _ start: UInt64, _ end: UInt64) -> SpanRecord {
        var span = SpanRecord(traceID: traceID, spanID: id, name: name, startTimeUnixNano: start, endTimeUnixNano: max(start, end))
        span.resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(
                DecodedResource(attributes: [KeyValue("service.name", .string(OwnServiceNames.knowledgeSearch))])))
        span.scope = SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: Self.scope, version: "")))
        return span
    }

    // MARK: - Hits

    private static func id(_ hit: KnowledgeHit) -> String { "\(hit.key)#\(hit.position)" }

    private static func documents(_ hits: [KnowledgeHit]) -> String {
        let documents = hits.map { hit in
            JSONValue.object([
                JSONMember(key: "id", value: .string(id(hit))), JSONMember(key: "score", value: .double(hit.score)),
                JSONMember(key: "content", value: .string(hit.text)),
            ])
        }
        return String(decoding: JSONValue.array(documents).bytes, as: UTF8.self)
    }
}

extension KnowledgeSource {
    /// `active`, `revision N`, `draft ID`.
    fileprivate var name: String {
        switch self {
        case .active: "active"
        case .revision(let number): "revision \(number)"
        case .draft(let id): "draft \(id.uuid)"
        }
    }
}
