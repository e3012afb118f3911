import KnowledgeModel
import MetastoreTesting
import PostgresClient
import PostgresTesting
import TraceModel

@testable import KnowledgeBase
@testable import Metastore
@testable import provider_stand_in

/// A knowledge base in a database of its own. What is published is written by hand in the place of a promotion; all else is the real thing.
struct TestKnowledge {
    static let model = "test/n-grams"

    let metastore: Metastore
    let connection: PostgresConnection
    let organization: Organization
    let project: Project
    let audit = AuditDraft(caller: .system, callerName: "test", address: "192.0.2.1", requestID: "request-1", action: "test")

    static func open() async throws -> TestKnowledge {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, maximumConnectionCount: 4, logger: TestServer.logger))
        let organization = try await metastore.organizations.create(name: "Acme")
        let project = try await metastore.projects.create(name: "Shop", retentionDays: 30, in: organization.id)
        return TestKnowledge(
            metastore: metastore, connection: try await PostgresConnection.connect(database), organization: organization, project: project)
    }

    static func article(_ key: String, _ title: String, _ text: String, tags: [String] = []) -> KnowledgeEntry {
        KnowledgeEntry(key: key, content: KnowledgeContent(title: title, tags: tags, body: .article(Article(markdown: text))))
    }

    /// A draft against what is active.
    func draft(_ name: String) async throws -> KnowledgeDraftID {
        try await metastore.knowledgeDrafts.create(name: name, in: project.id, audit: audit).id
    }

    @discardableResult
    func edit(_ draft: KnowledgeDraftID, putting entries: [KnowledgeEntry] = [], removing keys: [String] = []) async throws -> Int {
        let result = try await metastore.knowledgeDrafts.edit(
            draft, in: project.id, KnowledgeEdit(puts: entries, removals: keys), audit: audit)
        return result?.draftVersion ?? -1
    }

    /// As the draft has it now.
    func entry(_ key: String, in draft: KnowledgeDraftID) async throws -> StoredKnowledgeEntry? {
        guard let view = try await metastore.knowledge.view(of: .draft(draft), in: project.id) else { return nil }
        return try await metastore.knowledge.entry(key, of: view)
    }

    /// Makes a revision of what is active with these changes, embedded or not. Answers with its number.
    @discardableResult
    func publish(
        _ entries: [KnowledgeEntry], removing keys: [String] = [], model: String? = Self.model, dimension: Int = 384
    ) async throws -> Int {
        let active = try await metastore.knowledge.activeRevision(in: project.id)
        let draft = try await draft("publish-\(active + 1)")
        try await edit(draft, putting: entries, removing: keys)
        try await connection.withTransaction { connection throws(PostgresError) in
            let parameters: [PostgresValue] = [project.id.value, .integer(Int64(active + 1)), draft.value]
            try await connection.query(
                """
                INSERT INTO knowledge_revisions (project_id, number, draft_id, entry_count, embedding_model, promoted_by)
                VALUES ($1, $2, $3, 0, $4, 'test')
                """, parameters + [.optional(model) { .text($0) }])
            try await connection.query(
                """
                UPDATE knowledge_entry_versions v SET removed_in = $2 FROM knowledge_draft_changes c
                WHERE c.draft_id = $3 AND v.project_id = $1 AND v.entry_id = c.entry_id AND v.removed_in IS NULL
                """, parameters)
            try await connection.query(
                """
                INSERT INTO knowledge_entry_versions (project_id, entry_id, introduced_in, content_id, author)
                SELECT $1, entry_id, $2, content_id, 'test' FROM knowledge_draft_changes WHERE draft_id = $3 AND content_id IS NOT NULL
                """, parameters)
            try await connection.query("UPDATE knowledge_bases SET active_revision = $2 WHERE project_id = $1", Array(parameters[..<2]))
        }
        if let model { try await embedAll(model: model, dimension: dimension) }
        return active + 1
    }

    /// Gives every chunk of the project that has none a vector of hashed n-grams.
    func embedAll(model: String = Self.model, dimension: Int = 384) async throws {
        let rows = try await connection.query(
            """
            SELECT DISTINCT ON (c.embedded_hash) c.embedded_hash, c.heading_path, c.text, k.title
            FROM knowledge_chunks c JOIN knowledge_contents k ON k.id = c.content_id
            WHERE c.project_id = $1 AND NOT EXISTS (
                SELECT FROM knowledge_embeddings m WHERE m.project_id = $1 AND m.model = $2 AND m.embedded_hash = c.embedded_hash)
            """, [project.id.value, .text(model)])
        for row in rows {
            let chunk = KnowledgeChunk(
                position: 0, title: try row.decode("title"), headingPath: try row.texts("heading_path"), text: try row.decode("text"),
                tokenCount: 1)
            let vector = NGramVector.vector(of: chunk.embeddedText, dimension: dimension)
            let bytes = vector.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
            try await connection.query(
                "INSERT INTO knowledge_embeddings (project_id, model, embedded_hash, vector) VALUES ($1, $2, $3, $4)",
                [project.id.value, .text(model), .bytes(try row.decode("embedded_hash")), .bytes(bytes)])
        }
    }

    /// Calls `body` with a retriever on a directory of its own.
    func withRetriever(
        embedder: any KnowledgeEmbedder = NGramEmbedder(), traces: any SearchTraces = KeptTraces(),
        _ body: (KnowledgeRetriever) async throws -> Void
    ) async throws {
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        try await body(
            try KnowledgeRetriever(knowledge: metastore.knowledge, directory: path + "/vectors", embedder: embedder, traces: traces))
    }
}

/// Embeds as the stand-in for providers does, or does not.
struct NGramEmbedder: KnowledgeEmbedder {
    var configured: String? = TestKnowledge.model
    var dimension = 384
    var fault: KnowledgeSearchError?
    var asked = Shared<[String]>([])

    func model(of project: ProjectID) async throws(KnowledgeSearchError) -> String? { configured }

    func embed(_ question: String, model: String, for project: ProjectID) async throws(KnowledgeSearchError) -> EmbeddedQuestion {
        asked.change { $0.append(model) }
        if let fault { throw fault }
        return EmbeddedQuestion(vector: NGramVector.vector(of: question, dimension: dimension), responseModel: "n-grams-1")
    }
}

/// Keeps the spans of searches.
final class KeptTraces: SearchTraces {
    let searches = Shared<[[SpanRecord]]>([])

    func record(_ spans: [SpanRecord], of project: ProjectID) { searches.change { $0.append(spans) } }
}
