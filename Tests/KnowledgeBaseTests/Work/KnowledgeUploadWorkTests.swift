import ByteCoding
import KnowledgeImport
import KnowledgeModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import KnowledgeBase
@testable import Metastore

/// Uploads in PostgreSQL, read and put into their drafts.
@Suite struct KnowledgeUploadWorkTests {
    private static let document = """
        {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": {
            "/orders": {"get": {"summary": "List orders", "responses": {"200": {"description": "OK"}}},
                "post": {"summary": "Order", "responses": {"201": {"description": "Made"}}}}}}
        """

    private func upload(_ text: String, into draft: KnowledgeDraftID, _ base: TestKnowledge) async throws -> TaskRecord {
        let uploads = base.metastore.knowledgeUploads
        let new = NewKnowledgeUpload(format: .openAPI, document: "shop", body: Array(text.utf8))
        let id = try #require(try await uploads.create(new, into: draft, in: base.project.id, audit: base.audit))
        let leased = try #require(try await uploads.lease(worker: "w"))
        try await KnowledgeUploadWork(leased: leased, uploads: uploads).run()
        return try #require(try await base.metastore.tasks.find(id, in: base.project.id))
    }

    @Test("a document becomes one entry for each operation; the same bytes change nothing; what is left out goes")
    func entries() async throws {
        let base = try await TestKnowledge.open()
        let draft = try await base.draft("next")
        let first = try await upload(Self.document, into: draft, base)
        #expect(first.state == .succeeded)
        let result = try JSONValue.parse(try #require(first.result))
        #expect(result["added"]?.integerValue == 2 && result["entries"]?.integerValue == 2 && result["problem_count"]?.integerValue == 0)
        let again = try JSONValue.parse(try #require(try await upload(Self.document, into: draft, base).result))
        #expect(again["added"]?.integerValue == 0 && again["unchanged"]?.integerValue == 2)
        #expect(again["draft_version"] == result["draft_version"])
        let less = Self.document.replacing("\"post\"", with: "\"x-post\"")
        let third = try JSONValue.parse(try #require(try await upload(less, into: draft, base).result))
        #expect(third["removed"]?.integerValue == 1)
    }

    @Test("an operation that the document has and that cannot be read stays as it was, and its problem is told")
    func unread() async throws {
        let base = try await TestKnowledge.open()
        let draft = try await base.draft("next")
        _ = try await upload(Self.document, into: draft, base)
        let before = try #require(try await base.entry("api/shop/POST /orders", in: draft))
        for broken in [
            Self.document.replacing(#""post": {"summary": "Order","#, with: #""post": {"summary": "Order\u0000","#),
            Self.document.replacing(#""post": {"summary": "Order", "responses": {"201": {"description": "Made"}}}"#, with: #""post": 7"#),
        ] {
            let result = try JSONValue.parse(try #require(try await upload(broken, into: draft, base).result))
            #expect(result["removed"]?.integerValue == 0 && result["problem_count"]?.integerValue == 1)
            #expect(result["problems"]?.arrayValue?.first?["pointer"]?.stringValue == "/paths/~1orders/post")
            #expect(try await base.entry("api/shop/POST /orders", in: draft)?.hash == before.hash)
        }
        // A path that cannot be read may have any operation.
        let lost = #"{"openapi": "3.1.0", "paths": {"/orders": {"$ref": "other.yaml"}, "/new": {"get": {"summary": "New"}}}}"#
        let result = try JSONValue.parse(try #require(try await upload(lost, into: draft, base).result))
        #expect(result["removed"]?.integerValue == 0 && result["added"]?.integerValue == 1)
        #expect(try await upload(#"{"openapi": "3.1.0", "paths": []}"#, into: draft, base).state == .failed)
        #expect(try await base.entry("api/shop/POST /orders", in: draft)?.hash == before.hash)
    }

    @Test("a document that cannot be read fails its upload with the place, and leaves the draft as it is")
    func broken() async throws {
        let base = try await TestKnowledge.open()
        let draft = try await base.draft("next")
        let before = try await base.metastore.knowledgeDrafts.find(draft, in: base.project.id)?.version
        for text in ["{\"openapi\": ", "{\"swagger\": \"2.0\"}", "[]"] {
            let task = try await upload(text, into: draft, base)
            #expect(task.state == .failed)
            let error = try JSONValue.parse(try #require(task.error))
            #expect(error["message"]?.stringValue?.isEmpty == false && error["problems"]?.arrayValue?.count == 1)
        }
        #expect(try await base.metastore.knowledgeDrafts.find(draft, in: base.project.id)?.version == before)
    }

    @Test("problems are told with their places, errors first")
    func report() throws {
        let text = """
            {"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": {
                "orders": {"get": {"responses": {}}}, "/a": {"get": {"responses": {"200": {"description": "OK"}}}, "fetch": {}}}}
            """
        let report = UploadReport(try OpenAPIDocument.read(Array(text.utf8), named: "shop"))
        #expect(!report.isEmpty)
        let members = JSONValue.object(report.members)
        let problems = try #require(members["problems"]?.arrayValue)
        #expect(problems.first?["severity"]?.stringValue == "error" && problems.first?["pointer"]?.stringValue == "/paths/orders")
        #expect(problems.first?["line"]?.integerValue == 2)
    }

    @Test("an upload that kills its workers is given up")
    func attempts() async throws {
        let base = try await TestKnowledge.open()
        let draft = try await base.draft("next")
        let uploads = base.metastore.knowledgeUploads
        let new = NewKnowledgeUpload(format: .openAPI, document: "shop", body: Array(Self.document.utf8))
        _ = try await uploads.create(new, into: draft, in: base.project.id, audit: base.audit)
        for _ in 0..<KnowledgeWorkLimits.maximumUploadAttemptCount {
            _ = try #require(try await uploads.lease(worker: "w"))
            try await base.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'")
            _ = try await base.metastore.runs.rescue()
        }
        let leased = try #require(try await uploads.lease(worker: "w"))
        await #expect(throws: KnowledgeWorkFault.self) { try await KnowledgeUploadWork(leased: leased, uploads: uploads).run() }
    }
}
