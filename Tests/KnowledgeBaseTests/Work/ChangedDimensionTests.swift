import JobQueue
import KnowledgeModel
import Metastore
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import KnowledgeBase
@testable import provider_stand_in

/// A model whose provider answers vectors of another length from one day on: the stand-in's 384 numbers after 8.
@Suite struct ChangedDimensionTests {
    private static let entries = (0..<5).map {
        TestKnowledge.article("article-\($0)", "Article \($0)", "What is said about number \($0).")
    }

    private func vectorCount(_ knowledge: WorkingKnowledge, _ dimension: Int) async throws -> Int {
        try await knowledge.base.connection.query(
            "SELECT 1 FROM knowledge_embeddings WHERE octet_length(vector) = $1::integer", [.integer(Int64(4 * dimension))]
        ).count
    }

    private func search(_ knowledge: WorkingKnowledge, dimension: Int, _ source: KnowledgeSource = .active) async throws -> KnowledgeAnswer
    {
        var answer: KnowledgeAnswer?
        try await knowledge.base.withRetriever(embedder: NGramEmbedder(dimension: dimension)) { retriever async throws in
            answer = try await retriever.search(KnowledgeQuery(text: "number 3", source: source), in: knowledge.project)
        }
        return try #require(answer)
    }

    @Test("the promotion that notices embeds all of its view anew, beside the old vectors, and is searched by the new ones")
    func promotion() async throws {
        try await WorkingKnowledge.run { knowledge in
            try await knowledge.base.publish(Self.entries, model: WorkingKnowledge.model, dimension: 8)
            #expect(try await search(knowledge, dimension: 8).mode == .hybrid)
            // The provider has changed, nothing was promoted since.
            let before = try await search(knowledge, dimension: 384)
            #expect(before.mode == .text && before.modeReason?.contains("384 numbers") == true && !before.hits.isEmpty)

            let promotion = try await knowledge.promote("second", [TestKnowledge.article("article-0", "Article 0", "Said anew.")])
            #expect(try await knowledge.attempt().1?.number == 2)
            #expect(try await vectorCount(knowledge, 8) == 5)
            #expect(try await vectorCount(knowledge, 384) == 5)
            let task = try #require(try await knowledge.task(promotion.id))
            #expect(task.progressDone == 5 && task.progressTotal == 5)
            let after = try await search(knowledge, dimension: 384)
            #expect(after.mode == .hybrid && after.unembeddedChunkCount == 0 && after.view.revision == 2)
            // Revision 1 as it was, for whoever still asks with the old dimension.
            let old = try await search(knowledge, dimension: 8, .revision(1))
            #expect(old.mode == .hybrid && old.unembeddedChunkCount == 0)

            // The next one embeds what it brings, and nothing more.
            _ = try await knowledge.promote("third", [TestKnowledge.article("article-1", "Article 1", "Said anew.")])
            #expect(try await knowledge.attempt().1?.number == 3)
            #expect(try await vectorCount(knowledge, 384) == 6)
            #expect(try await vectorCount(knowledge, 8) == 5)
        }
    }

    @Test("a worker that takes over in the middle goes on in the new dimension")
    func takenOver() async throws {
        try await WorkingKnowledge.run { knowledge in
            let many = (0..<2 * KnowledgeWorkLimits.embeddingBatchCount + 5).map {
                TestKnowledge.article("article-\($0)", "Article \($0)", "What is said about number \($0).")
            }
            try await knowledge.base.publish(many, model: WorkingKnowledge.model, dimension: 8)
            _ = try await knowledge.promote("second", [TestKnowledge.article("new", "New", "Said for the first time.")])
            let looks = Shared(0)
            let leased = try #require(try await knowledge.metastore.knowledgePromotions.lease(worker: "one"))
            let work = KnowledgePromotionWork(leased: leased, resources: knowledge.resources, runMoved: { _ in }) {
                looks.change { $0 += 1 }
                // After the call that told of the new dimension, and the first batch in it.
                return looks.value > 4
            }
            await #expect(throws: KnowledgeWorkFault.released) { try await work.run() }
            #expect(try await vectorCount(knowledge, 384) == 1 + KnowledgeWorkLimits.embeddingBatchCount)
            // Less than half of what is active: no answer for the others to come behind.
            let meanwhile = try await search(knowledge, dimension: 384)
            #expect(meanwhile.mode == .text && meanwhile.modeReason?.contains("most of it") == true && !meanwhile.hits.isEmpty)
            #expect(try await search(knowledge, dimension: 8).mode == .hybrid)
            try await knowledge.metastore.knowledgePromotions.end(leased, .released, message: "stopped")
            #expect(try await knowledge.attempt(worker: "two").1?.number == 2)
            #expect(try await vectorCount(knowledge, 384) == many.count + 1)
        }
    }

    @Test("a model that answers with one length and then another is not asked without end")
    func bothLengths() throws {
        func answer(_ dimension: Int) -> PromotionModel.Answer {
            PromotionModel.Answer(
                vectors: [NGramVector.vector(of: "text", dimension: dimension)], costNanoUSD: 0, startUnixNano: 1, endUnixNano: 2)
        }
        var build = KnowledgePromotionWork.Build()
        build.dimension = 8
        try build.heed(answer(16), of: "p/m")
        #expect(build.dimension == 16)
        try build.heed(answer(16), of: "p/m")
        let error = #expect(throws: KnowledgeWorkFault.self) { try build.heed(answer(8), of: "p/m") }
        guard case .final(let message)? = error else { return #expect(Bool(false), "not final") }
        #expect(message.contains("of 16 numbers and then of 8"))
    }
}
