import JobQueue
import KnowledgeModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

/// A knowledge base on a database of its own, and the steps of a draft in few words.
struct TestKnowledge: Sendable {
    let test: TestMetastore
    var project: ProjectID { test.project.id }
    var base: KnowledgeRepository { test.metastore.knowledge }
    var drafts: KnowledgeDraftRepository { test.metastore.knowledgeDrafts }
    var promotions: KnowledgePromotionRepository { test.metastore.knowledgePromotions }

    static func open(connections: Int = 2) async throws -> TestKnowledge {
        TestKnowledge(test: try await TestMetastore.open(connections: connections))
    }

    static func article(_ key: String, _ text: String, tags: [String] = []) -> KnowledgeEntry {
        KnowledgeEntry(key: key, content: KnowledgeContent(title: key, tags: tags, body: .article(Article(markdown: text))))
    }

    static func operation(_ key: String, document: String, summary: String = "") -> KnowledgeEntry {
        let operation = APIOperation(method: "GET", path: "/" + key, document: document, summary: summary)
        return KnowledgeEntry(key: key, content: KnowledgeContent(title: key, body: .operation(operation)))
    }

    func user(_ email: String) async throws -> AuditDraft {
        AuditDraft(caller: .user(try await test.makeUser(email)), callerName: email, action: "testAction")
    }

    func draft(_ name: String, _ entries: [KnowledgeEntry] = [], removing removals: [String] = []) async throws -> KnowledgeDraftID {
        let id = try await drafts.create(name: name, in: project, audit: test.audit).id
        if !entries.isEmpty || !removals.isEmpty { try await edit(id, KnowledgeEdit(puts: entries, removals: removals)) }
        return id
    }

    @discardableResult
    func edit(_ id: KnowledgeDraftID, _ edit: KnowledgeEdit, audit: AuditDraft? = nil) async throws -> KnowledgeEditResult {
        try #require(try await drafts.edit(id, in: project, edit, audit: audit ?? test.audit))
    }

    func find(_ id: KnowledgeDraftID) async throws -> KnowledgeDraft { try #require(try await drafts.find(id, in: project)) }

    /// Submitted, and a promotion of it under way.
    func promoting(_ id: KnowledgeDraftID) async throws -> LeasedKnowledgePromotion {
        _ = try await drafts.submit(id, in: project, audit: test.audit)
        _ = try #require(try await promotions.create(promoting: id, message: "m", in: project, audit: test.audit))
        return try #require(try await promotions.lease(worker: "w"))
    }

    /// From open to promoted.
    @discardableResult
    func promote(_ id: KnowledgeDraftID) async throws -> KnowledgeRevision {
        guard case .published(let revision) = try await promotions.publish(try await promoting(id)) else {
            throw MetastoreError(.internal, "it was not published")
        }
        return revision
    }

    @discardableResult
    func restore(_ revision: Int) async throws -> KnowledgePublication {
        _ = try #require(try await promotions.create(restoring: revision, in: project, audit: test.audit))
        return try await promotions.publish(try #require(try await promotions.lease(worker: "w")))
    }

    func view(_ source: KnowledgeSource = .active) async throws -> KnowledgeView {
        try #require(try await base.view(of: source, in: project))
    }

    /// Keys and texts of a view's articles.
    func texts(_ source: KnowledgeSource = .active) async throws -> [String: String] {
        try await Self.texts(of: base.entries(of: view(source), after: nil, limit: 500, includingContent: true))
    }

    static func texts(of entries: [StoredKnowledgeEntry]) throws -> [String: String] {
        try Dictionary(
            uniqueKeysWithValues: entries.map { entry in
                guard case .article(let article) = try entry.decodedContent.body else { return (entry.key, "") }
                return (entry.key, article.markdown)
            })
    }

    func number(_ sql: String) async throws -> Int {
        try await test.connection.query(sql).only { row throws(PostgresError) in try row.decode("n") }
    }

    func events(_ task: TaskID) async throws -> [String] {
        try await test.metastore.tasks.events(of: task, after: 0, limit: 100).map(\.type)
    }

    func task(_ id: TaskID) async throws -> TaskRecord { try #require(try await test.metastore.tasks.find(id, in: project)) }
}
