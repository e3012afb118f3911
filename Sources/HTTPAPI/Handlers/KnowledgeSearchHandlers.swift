/// `/api/v1/kb/search`: passages of the knowledge base that answer a question, each with why it was found.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeBase
import KnowledgeModel
import Metastore
import TraceModel

struct KnowledgeSearchHandlers: Sendable {
    let retriever: KnowledgeRetriever
    let drafts: KnowledgeDraftRepository

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "searchKnowledge", .post, "/api/v1/kb/search", .permission(.readKnowledge), body: .json, statuses: [200],
                handler: searchKnowledge)
        ]
    }

    func searchKnowledge(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["query", "source", "kinds", "tags", "limit", "mode", "embedding_model", "trace_id", "span_id"])
        let project = try request.project
        let text = try request.requiredText("query", maximumByteCount: KnowledgeSearchLimits.maximumQuestionByteCount)
        let limit = try request.integer("limit", in: 1...Int64(KnowledgeSearchLimits.maximumHitCount))
        let kinds = try Self.names(request, "kinds").map { name throws(Problem) in
            guard let kind = KnowledgeKind(rawValue: name) else {
                throw Problem.unprocessable("kinds", "must be of \(KnowledgeKind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return kind
        }
        let query = KnowledgeQuery(
            text: text, source: try await request.knowledgeSource("source", in: project, drafts), kinds: Set(kinds),
            tags: try Self.names(request, "tags"),
            limit: limit.map(Int.init) ?? KnowledgeSearchLimits.defaultHitCount, mode: try Self.mode(request),
            embeddingModel: try request.text("embedding_model", maximumByteCount: 400), parent: try Self.parent(request))
        let answer = try await retriever.search(query, in: project)
        return .json { $0.knowledgeAnswer(answer) }
    }

    private static func mode(_ request: APIRequest) throws(Problem) -> KnowledgeSearchMode {
        guard let text = try request.text("mode", maximumByteCount: 100) else { return .hybrid }
        guard let mode = KnowledgeSearchMode(rawValue: text) else {
            throw .unprocessable("mode", "must be one of \(KnowledgeSearchMode.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return mode
    }

    /// The span of whoever asks.
    private static func parent(_ request: APIRequest) throws(Problem) -> KnowledgeQuery.Parent? {
        let trace = try request.text("trace_id", maximumByteCount: 32), span = try request.text("span_id", maximumByteCount: 16)
        if trace == nil, span == nil { return nil }
        guard let traceID = trace.flatMap({ TraceID(hex: $0) }) else {
            throw .unprocessable("trace_id", "must be 32 hexadecimal digits")
        }
        guard let spanID = span.flatMap({ SpanID(hex: $0) }) else { throw .unprocessable("span_id", "must be 16 hexadecimal digits") }
        return KnowledgeQuery.Parent(traceID: traceID, spanID: spanID)
    }

    private static func names(_ request: APIRequest, _ field: String) throws(Problem) -> [String] {
        guard let value = request.body[field], !value.isNull else { return [] }
        guard let list = value.arrayValue, list.count <= KnowledgeSearchLimits.maximumTagCount else {
            throw .unprocessable(field, "must be a list of at most \(KnowledgeSearchLimits.maximumTagCount) texts")
        }
        var names: [String] = []
        for element in list {
            guard let name = element.stringValue else { throw .unprocessable(field, "must be a list of texts") }
            names.append(name)
        }
        return names
    }
}

extension JSONWriter {
    fileprivate mutating func knowledgeAnswer(_ answer: KnowledgeAnswer) {
        beginObject()
        member("revision", answer.view.revision)
        member("draft_id", answer.view.draft?.id.uuid)
        member("draft_version", answer.view.draft?.version)
        member("mode", answer.mode.rawValue)
        member("mode_reason", answer.modeReason)
        member("embedding_model", answer.embeddingModel)
        member("unembedded_chunks", answer.unembeddedChunkCount)
        key("data")
        beginArray()
        for hit in answer.hits { knowledgeHit(hit) }
        endArray()
        endObject()
    }

    private mutating func knowledgeHit(_ hit: KnowledgeHit) {
        beginObject()
        member("key", hit.key)
        member("kind", hit.kind.rawValue)
        member("title", hit.title)
        member("tags", hit.tags)
        member("position", hit.position)
        member("heading_path", hit.headingPath)
        member("text", hit.text)
        member("score", hit.score)
        key("explanation")
        beginObject()
        key("text")
        if let rank = hit.textRank {
            beginObject()
            member("rank", rank.rank)
            member("score", rank.score)
            member("density", rank.density)
            endObject()
        } else {
            null()
        }
        key("vector")
        if let rank = hit.vectorRank {
            beginObject()
            member("rank", rank.rank)
            member("cosine", rank.cosine)
            endObject()
        } else {
            null()
        }
        endObject()
        endObject()
    }
}
