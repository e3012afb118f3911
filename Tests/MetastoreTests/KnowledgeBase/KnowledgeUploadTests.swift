import ByteCoding
import JobQueue
import KnowledgeModel
import PostgresClient
import Testing

@testable import Metastore

@Suite("Uploads into drafts") struct KnowledgeUploadTests {
    private func create(_ kb: TestKnowledge, _ body: [UInt8], into id: KnowledgeDraftID, audit: AuditDraft) async throws -> TaskID? {
        try await kb.test.metastore.knowledgeUploads.create(
            NewKnowledgeUpload(format: .openAPI, document: "pets", body: body), into: id, in: kb.project, audit: audit)
    }

    @Test("a document is taken in whole, and is in the draft in the uploader's name when its task ends; its bytes are gone then")
    func uploads() async throws {
        let kb = try await TestKnowledge.open(), uploads = kb.test.metastore.knowledgeUploads
        let id = try await kb.draft("d", [TestKnowledge.operation("old", document: "pets")]), person = try await kb.user("p@x")
        // More than one parameter may have.
        let body = (0..<(20 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) }
        let task = try #require(try await create(kb, body, into: id, audit: person))
        let leased = try #require(try await uploads.lease(worker: "w"))
        let (upload, read) = try #require(try await uploads.proceed(leased))
        #expect(leased.id == task && read == body && upload.draftID == id && upload.document == "pets" && upload.author == "p@x")
        #expect(try await uploads.reportProgress(leased, done: 1, total: 2))
        let edit = KnowledgeEdit(puts: [TestKnowledge.operation("new", document: "pets")], replaces: .document(upload.document))
        let end = try await uploads.finish(leased, edit, report: [JSONMember(key: "problems", value: .array([]))])
        guard case .edited(let result) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(result.addedCount == 1 && result.removedCount == 1)
        let record = try await kb.task(task), report = String(decoding: record.result ?? [], as: UTF8.self)
        #expect(record.state == .succeeded && report.contains("problems") && report.contains("added"))
        #expect(try await kb.drafts.changes(of: id, limit: 9).map(\.author) == ["p@x"])
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_uploads WHERE body IS NOT NULL") == 0)
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_draft_authors") == 1)
        #expect(try await uploads.finish(leased, edit) == .lost)
    }

    @Test("an upload into a draft that is closed meanwhile fails and says why; one that is cancelled or given back is held by nobody")
    func refused() async throws {
        let kb = try await TestKnowledge.open(), uploads = kb.test.metastore.knowledgeUploads, audit = kb.test.audit
        let id = try await kb.draft("d", [TestKnowledge.article("a", "1")])
        let late = try #require(try await create(kb, [1], into: id, audit: audit))
        let leased = try #require(try await uploads.lease(worker: "w"))
        _ = try await uploads.proceed(leased)
        _ = try await kb.drafts.submit(id, in: kb.project, audit: audit)
        guard case .refused(let message) = try await uploads.finish(leased, KnowledgeEdit(removals: ["a"])) else {
            Issue.record("it was taken")
            return
        }
        #expect(message.contains("approved"))
        #expect(try await kb.task(late).state == .failed)
        #expect(await failure { try await create(kb, [1], into: id, audit: audit) }?.field == "state")
        _ = try await kb.drafts.withdraw(id, in: kb.project, audit: audit)
        #expect(await failure { try await create(kb, [], into: id, audit: audit) }?.field == "body")

        let cancelled = try #require(try await create(kb, [1], into: id, audit: audit))
        let held = try #require(try await uploads.lease(worker: "w"))
        try await uploads.end(held, .released, message: "stopping")
        let again = try #require(try await uploads.lease(worker: "w"))
        #expect(try await uploads.cancel(cancelled, in: kb.project, audit: audit) == true)
        #expect(try await uploads.extendLease(again) == false)
        #expect(try await uploads.finish(again, KnowledgeEdit(removals: ["a"])) == .lost)
        #expect(try await kb.texts(.draft(id)) == ["a": "1"])
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_uploads WHERE body IS NOT NULL") == 0)
        let bad = try #require(try await create(kb, [1], into: id, audit: audit))
        let last = try #require(try await uploads.lease(worker: "w"))
        try await uploads.end(last, .failed, message: "no YAML")
        #expect(String(decoding: try await kb.task(bad).error ?? [], as: UTF8.self).contains("no YAML"))
    }

    @Test("of a project so many uploads are under way, however many come at once; each that ends makes room for another")
    func limit() async throws {
        let kb = try await TestKnowledge.open(connections: 6), uploads = kb.test.metastore.knowledgeUploads, audit = kb.test.audit
        let drafts = [try await kb.draft("one"), try await kb.draft("two")], limit = MetastoreLimits.maximumOpenKnowledgeUploadCount
        let taken = try await withThrowingTaskGroup(of: TaskID?.self) { group in
            for number in 0..<limit + 6 {
                group.addTask {
                    do throws(MetastoreError) {
                        return try await uploads.create(
                            NewKnowledgeUpload(format: .openAPI, document: "pets", body: [1]), into: drafts[number % 2], in: kb.project,
                            audit: audit)
                    } catch {
                        guard error.code == .tooMany else { throw error }
                        return nil
                    }
                }
            }
            return try await group.reduce(into: [TaskID]()) { taken, id in if let id { taken.append(id) } }
        }
        #expect(taken.count == limit)
        #expect(try await uploads.cancel(try #require(taken.first), in: kb.project, audit: audit) == true)
        #expect(try await create(kb, [1], into: drafts[0], audit: audit) != nil)
        #expect(await failure { try await create(kb, [1], into: drafts[1], audit: audit) }?.code == .tooMany)
        let leased = try #require(try await uploads.lease(worker: "w"))
        try await uploads.end(leased, .failed, message: "no")
        #expect(try await create(kb, [1], into: drafts[1], audit: audit) != nil)
    }
}
