import ByteCoding
import EvaluationModel
import KnowledgeModel
import PostgresTesting
import Testing

@testable import Metastore

@Suite("Which state of the knowledge base a run is asked with")
struct RunRetrievalTests {
    @Test("it is found when the run is made, and stays whatever becomes active afterwards")
    func views() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let kb = TestKnowledge(test: test.test)
        func view(_ source: String) async throws -> RunRetrieval.View? {
            let specification = try TestRuns.specification(#""retrieval": {"source": \#(source)}"#)
            let run = try await test.runs.create(
                NewRun(suite: test.suite, specification: specification), in: test.project, audit: test.audit
            ).run
            return try RunSpecification(json: try JSONValue.parse(try await test.find(run.id).specification)).retrieval?.view
        }
        #expect(try await view(#""active""#) == .init(revision: 0))
        try await kb.promote(try await kb.draft("one", [TestKnowledge.article("a", "1")]))
        #expect(try await view(#""active""#) == .init(revision: 1))
        let draft = try await kb.draft("next", [TestKnowledge.article("a", "2")])
        let version = try await kb.find(draft).version
        #expect(try await view(#"{"draft": "next"}"#) == .init(revision: 1, draftID: draft.uuid, draftVersion: version))
        try await kb.promote(draft)
        #expect(try await view(#"{"revision": 1}"#) == .init(revision: 1))
        #expect(try await view(#"{"draft": "next"}"#)?.draftID == draft.uuid)
        for source in [#"{"revision": 3}"#, #"{"draft": "none"}"#] {
            let error = await #expect(throws: MetastoreError.self) { try await view(source) }
            #expect(error?.code == .invalid && error?.field == "retrieval.source")
        }
    }
}
