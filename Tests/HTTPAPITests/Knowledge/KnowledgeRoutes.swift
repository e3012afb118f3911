import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

/// What tests of the knowledge base do over HTTP, with a key that may all that keys may.
struct KnowledgeRoutes {
    let installation: TestInstallation
    let server: LiveServer
    let contract: Contract
    let client: RecordingClient
    let key: String

    static let root = "/api/v1/kb", active = root + "/active", drafts = root + "/drafts", revisions = root + "/revisions"

    static func with(_ body: @Sendable (KnowledgeRoutes) async throws -> Void) async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await TestInstallation.run { installation, server in
            let key = try await installation.key([.read, .write, .run, .admin])
            try await body(
                KnowledgeRoutes(
                    installation: installation, server: server, contract: contract, client: RecordingClient(server, contract, key: key),
                    key: key))
        }
    }

    var metastore: Metastore { installation.metastore }
    var project: ProjectID { installation.first.projectID }

    /// Somebody who signed in, in the first project.
    func person(_ token: String?) throws -> (client: RecordingClient, headers: [(String, String)]) {
        let credential = try #require(token)
        return (RecordingClient(server, contract, key: credential), [("spandrel-project", project.uuid)])
    }

    /// Somebody of another project.
    func stranger() async throws -> RecordingClient {
        RecordingClient(
            server, contract, key: try await installation.key([.read, .write, .admin], of: try await installation.makeProject("Other")))
    }

    /// For what the document has no body of: 204, 304, files.
    func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: String = "", expect status: Int,
        location: SourceLocation = #_sourceLocation
    ) async throws -> HTTPAnswer {
        let answer = try await server.send(
            method, path, headers: headers + [("authorization", "Bearer \(key)")], body: Array(body.utf8))
        #expect(answer.status == status, "\(method) \(path): \(answer.text)", sourceLocation: location)
        return answer
    }

    // MARK: Drafts

    static func article(_ title: String, _ markdown: String, tags: [String] = [], more: String = "") -> String {
        let tags = JSONValue.array(tags.map(JSONValue.string)),
            content = JSONValue.object([JSONMember(key: "markdown", value: .string(markdown))])
        return """
            {"title":"\(title)","kind":"article","tags":\(text(tags)),"content":\(text(content))\(more)}
            """
    }

    static func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    /// A draft of this name with these articles; answers with its path.
    @discardableResult
    func draft(_ name: String, _ articles: [String: String] = [:]) async throws -> String {
        try await client.send("createKnowledgeDraft", Self.drafts, body: #"{"name":"\#(name)"}"#, expect: 201)
        for (key, text) in articles.sorted(by: { $0.key < $1.key }) { try await write(name, key, text) }
        return Self.drafts + "/" + name
    }

    /// Puts an article, whatever the draft says there.
    func write(_ draft: String, _ key: String, _ text: String) async throws {
        let path = "\(Self.drafts)/\(draft)/entries/\(key.replacing("/", with: "%2F"))"
        let found = try await server.send("GET", path, headers: [("authorization", "Bearer \(self.key)")], body: [])
        let condition = found.status == 200 ? ("if-match", "*") : ("if-none-match", "*")
        try await client.send(
            "putKnowledgeDraftEntry", path, body: Self.article("T", text), headers: [condition], expect: found.status == 200 ? 200 : 201)
    }

    func remove(_ draft: String, _ key: String) async throws {
        _ = try await send("DELETE", "\(Self.drafts)/\(draft)/entries/\(key)", headers: [("if-match", "*")], expect: 204)
    }

    /// From open to promoted.
    func promote(_ draft: String) async throws {
        let path = Self.drafts + "/" + draft
        try await client.send("submitKnowledgeDraft", path + "/submit", expect: 200)
        let task = try await client.send("promoteKnowledgeDraft", path + "/promote", body: #"{"message":"Go."}"#, expect: 202)
        #expect(task.text("kind") == "knowledge_promotion")
        try await publish()
    }

    /// The workers' part, without a gate and without vectors.
    func publish() async throws {
        let leased = try #require(try await metastore.knowledgePromotions.lease(worker: "test"))
        guard case .published = try await metastore.knowledgePromotions.publish(leased) else {
            Issue.record("it was not published")
            return
        }
    }

    /// Keys and texts of what is active.
    func activeTexts() async throws -> [String: String] {
        let list = try await client.send("listActiveKnowledgeEntries", Self.active + "/entries?limit=500", expect: 200)
        var texts: [String: String] = [:]
        for entry in list.data {
            let key = entry.text("key")
            let path = "\(Self.active)/entries/\(key.replacing("/", with: "%2F"))"
            let shown = try await client.send("getActiveKnowledgeEntry", path, expect: 200)
            texts[key] = shown["content"]?["content"]?.text("markdown")
        }
        return texts
    }
}
