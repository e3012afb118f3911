import EvaluationModel
import KnowledgeModel
import Metastore
import PostgresTesting
import RunExecution
import Testing
import TraceModel

@testable import KnowledgeBase

/// What is put in for `{{context}}`, searched in a real knowledge base.
@Suite struct KnowledgeContextTests {
    @Test(
        "a run that goes by words alone asks no model, though the draft's base was promoted with one", arguments: RunRetrieval.Mode.allCases
    )
    func modes(mode: RunRetrieval.Mode) async throws {
        let base = try await TestKnowledge.open()
        try await base.publish([
            TestKnowledge.article("refunds", "Refunds", "Money goes back within thirty days."),
            TestKnowledge.article("parking", "Parking", "Two hours in the car park are free."),
        ])
        let draft = try await base.draft("next")
        let version = try await base.edit(draft, putting: [TestKnowledge.article("vouchers", "Vouchers", "Vouchers are no money.")])
        let embedder = NGramEmbedder()
        try await base.withRetriever(embedder: embedder) { retriever async throws in
            let retrieval = RunRetrieval(
                source: .draft("next"), mode: mode,
                view: RunRetrieval.View(revision: 1, draftID: draft.uuid, draftVersion: version))
            let context = try await KnowledgeContext(retriever).context(
                for: "money", retrieval, in: base.project.id, trace: TraceID(high: 1, low: 2), parent: SpanID(rawValue: 3))
            #expect(context.text.contains("[refunds]") && context.text.contains("[vouchers]"))
            #expect(context.text.contains("[parking]") == (mode == .hybrid))
        }
        #expect(embedder.asked.value == (mode == .text ? [] : [TestKnowledge.model]))
    }
}
