import ByteCoding
import EvaluationModel
import JobQueue
import KnowledgeModel
import PostgresClient
import PostgresTesting
import RunExecution
import Testing
import TraceModel

@testable import KnowledgeBase
@testable import Metastore

/// Promotions in PostgreSQL, built with the vectors of the providers' stand-in.
@Suite struct KnowledgePromotionWorkTests {
    private static func articles(_ count: Int) -> [KnowledgeEntry] {
        (0..<count).map { TestKnowledge.article("article-\($0)", "Article \($0)", "What is said about number \($0).") }
    }

    private func gate(_ suite: String, more: String = "") -> KnowledgeSettings {
        let target = #"{"name": "a", "kind": "model", "provider": "openai", "model": "m", "prompt": "{{context}} {{input}}"}"#
        return KnowledgeSettings(gate: Array(#"{"suite": "\#(suite)", "targets": [\#(target)]\#(more)}"#.utf8))
    }

    private func order(_ prompt: String, more: String = "") throws -> RunSpecification {
        let target = #"{"name": "a", "kind": "model", "provider": "openai", "model": "m", "prompt": "\#(prompt)"}"#
        return try RunSpecification(json: try JSONValue.parse(Array(#"{"targets": [\#(target)]\#(more)}"#.utf8)))
    }

    private func makeSuite(_ knowledge: WorkingKnowledge) async throws {
        let suites = knowledge.metastore.suites, project = knowledge.project, audit = knowledge.base.audit
        let suite = try await suites.create(name: "suite", description: "", in: project, audit: audit).id
        let content = TestCaseContent(key: "case", input: .text("question"))
        _ = try await suites.edit(suite, in: project, SuiteEdit(puts: [content], source: .api), audit: audit)
    }

    @Test("all texts of a draft get their vectors, in batches, and it becomes active; only what changed is embedded again")
    func building() async throws {
        try await WorkingKnowledge.run { knowledge in
            let count = KnowledgeWorkLimits.embeddingBatchCount + 10
            let promotion = try await knowledge.promote("first", Self.articles(count))
            let (_, revision) = try await knowledge.attempt()
            #expect(revision?.number == 1 && revision?.embeddingModel == WorkingKnowledge.model && revision?.entryCount == count)
            let task = try #require(try await knowledge.task(promotion.id))
            #expect(task.state == .succeeded && task.progressDone == Int64(count) && task.progressTotal == Int64(count))
            let vectors = try await knowledge.base.connection.query("SELECT octet_length(vector) AS n FROM knowledge_embeddings")
            #expect(vectors.count == count)
            // Two batches and the root of their trace.
            let spans = try await knowledge.base.connection.query("SELECT 1 FROM span_outbox")
            #expect(spans.count == 3)
            let words = try await knowledge.base.connection.query("SELECT 1 FROM knowledge_words WHERE word = 'number'")
            #expect(words.count == 1)

            _ = try await knowledge.promote("second", [TestKnowledge.article("article-3", "Article 3", "Said anew.")])
            #expect(try await knowledge.attempt().1?.number == 2)
            let more = try await knowledge.base.connection.query("SELECT 1 FROM knowledge_embeddings")
            #expect(more.count == count + 1)
        }
    }

    @Test("without a model it is promoted to be found by words")
    func withoutModel() async throws {
        try await WorkingKnowledge.run(model: nil) { knowledge in
            _ = try await knowledge.promote("first", Self.articles(3))
            let revision = try #require(try await knowledge.attempt().1)
            #expect(revision.number == 1 && revision.embeddingModel == nil)
        }
    }

    @Test("a model that cannot be asked leaves the active revision as it is, and says why")
    func provider() async throws {
        try await WorkingKnowledge.run(model: "openai/no-such-model") { knowledge in
            _ = try await knowledge.promote("first", Self.articles(3))
            let error = await #expect(throws: KnowledgeWorkFault.self) { try await knowledge.attempt() }
            guard case .final(let message)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(message.contains("openai/no-such-model could not be asked"))
            #expect(try await knowledge.active() == 0)
        }
        try await WorkingKnowledge.run(model: "anthropic/x") { knowledge in
            _ = try await knowledge.promote("first", Self.articles(3))
            let error = await #expect(throws: CellFault.self) { try await knowledge.attempt() }
            #expect(error?.kind == "no_credential")
        }
    }

    @Test("a worker that stops hands a promotion to the next one, which goes on where it ended")
    func released() async throws {
        try await WorkingKnowledge.run { knowledge in
            let count = 2 * KnowledgeWorkLimits.embeddingBatchCount
            _ = try await knowledge.promote("first", Self.articles(count))
            let looks = Shared(0)
            let leased = try #require(try await knowledge.metastore.knowledgePromotions.lease(worker: "one"))
            let work = KnowledgePromotionWork(leased: leased, resources: knowledge.resources, runMoved: { _ in }) {
                looks.change { $0 += 1 }
                // Before its second batch.
                return looks.value > 2
            }
            await #expect(throws: KnowledgeWorkFault.released) { try await work.run() }
            let kept = try await knowledge.base.connection.query("SELECT 1 FROM knowledge_embeddings")
            #expect(kept.count == KnowledgeWorkLimits.embeddingBatchCount)
            try await knowledge.metastore.knowledgePromotions.end(leased, .released, message: "stopped")
            #expect(try await knowledge.attempt(worker: "two").1?.number == 1)
        }
    }

    @Test("the gate's run is made once, with the draft in the place of {{context}}; its failure ends the promotion and nothing else")
    func gateFails() async throws {
        try await WorkingKnowledge.run { knowledge in
            let (metastore, project, audit) = (knowledge.metastore, knowledge.project, knowledge.base.audit)
            try await makeSuite(knowledge)
            _ = try await metastore.knowledge.set(gate("suite"), of: project, audit: audit)
            let promotion = try await knowledge.promote("first", Self.articles(2))
            // The first worker dies when it has made the run and waits.
            let seen = Shared<[RunID]>([])
            await #expect(throws: CancellationError.self) {
                try await Task {
                    try await knowledge.attempt { run in
                        seen.change { $0.append(run) }
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }.value
            }
            let id = try #require(seen.value.first)
            let run = try #require(try await metastore.runs.find(id, in: project))
            let specification = try RunSpecification(json: try JSONValue.parse(run.specification))
            let retrieval = try #require(specification.retrieval)
            #expect(retrieval.source == .draft("first") && retrieval.embeddingModel == WorkingKnowledge.model)
            #expect(retrieval.view?.revision == 0 && retrieval.view?.draftVersion == promotion.view.draft?.version)
            #expect(try await metastore.knowledgePromotions.find(promotion.id, in: project)?.phase == .gate)

            // The next one finds it, and hears of its end.
            try await knowledge.base.connection.query(
                "UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'")
            _ = try await metastore.runs.rescue()
            let error = await #expect(throws: KnowledgeWorkFault.self) {
                try await knowledge.attempt { run in
                    #expect(run == id)
                    try? await metastore.runs.fail(run, reason: "by hand")
                }
            }
            #expect(error == .final("the gate's run failed: by hand"))
            let all = try await knowledge.base.connection.query("SELECT 1 FROM runs")
            #expect(all.count == 1)
            #expect(try await knowledge.active() == 0)
        }
    }

    @Test("the key by which a gate's run is made once is none that a request can bring, and whoever brings one like it harms nothing")
    func idempotency() async throws {
        try await WorkingKnowledge.run { knowledge in
            let (metastore, project, audit) = (knowledge.metastore, knowledge.project, knowledge.base.audit)
            try await makeSuite(knowledge)
            _ = try await metastore.knowledge.set(gate("suite"), of: project, audit: audit)
            let promotion = try await knowledge.promote("first", Self.articles(1))
            let key = GateOrder.idempotency(of: promotion).key
            #expect(!key.utf8.allSatisfy { (0x20...0x7e).contains($0) })
            let printable = ["-", " ", "_", ""].map { key.replacing(/[^\u{20}-\u{7e}]/, with: $0) }
            let suite = try #require(try await metastore.suites.find(name: "suite", in: project)).id
            for taken in printable {
                let other = NewRun(
                    suite: suite, specification: try order("{{input}}"), idempotency: (taken, KnowledgeHash(of: taken.utf8).bytes))
                _ = try await metastore.runs.create(other, in: project, audit: audit)
            }
            let error = await #expect(throws: KnowledgeWorkFault.self) {
                try await knowledge.attempt { try? await metastore.runs.fail($0, reason: "by hand") }
            }
            #expect(error == .final("the gate's run failed: by hand"))
        }
    }

    @Test("a gate's run that is asked with another draft gates nothing: it is cancelled, and the promotion fails")
    func otherDraft() async throws {
        try await WorkingKnowledge.run { knowledge in
            let (metastore, project, audit) = (knowledge.metastore, knowledge.project, knowledge.base.audit)
            try await makeSuite(knowledge)
            _ = try await metastore.knowledge.set(gate("suite"), of: project, audit: audit)
            let promotion = try await knowledge.promote("first", Self.articles(1))
            try await knowledge.base.edit(try await knowledge.base.draft("other"), putting: Self.articles(2))
            let suite = try #require(try await metastore.suites.find(name: "suite", in: project)).id
            let other = NewRun(
                suite: suite, specification: try order("{{context}}", more: #", "retrieval": {"source": {"draft": "other"}}"#),
                idempotency: GateOrder.idempotency(of: promotion))
            let run = try await metastore.runs.create(other, in: project, audit: audit).run
            let error = await #expect(throws: KnowledgeWorkFault.self) {
                try await knowledge.attempt { try? await metastore.runs.fail($0, reason: "by hand") }
            }
            #expect(error == .final("the gate's run is asked with something else than what is to become active"))
            #expect(try await metastore.runs.find(run.id, in: project)?.state == .cancelled)
            #expect(try await metastore.knowledgePromotions.find(promotion.id, in: project)?.runID == nil)
            #expect(try await knowledge.active() == 0)
        }
    }

    @Test("a gate that names no suite that is there fails the promotion")
    func gateWithoutSuite() async throws {
        try await WorkingKnowledge.run { knowledge in
            _ = try await knowledge.metastore.knowledge.set(gate("gone"), of: knowledge.project, audit: knowledge.base.audit)
            _ = try await knowledge.promote("first", Self.articles(1))
            let error = await #expect(throws: KnowledgeWorkFault.self) { try await knowledge.attempt() }
            guard case .final(let message)? = error else { return #expect(Bool(false), "not final") }
            #expect(message.contains("called gone"))
            #expect(try await knowledge.active() == 0)
        }
    }

    @Test("a promotion that is cancelled takes its gate's run with it")
    func cancelled() async throws {
        try await WorkingKnowledge.run { knowledge in
            let (metastore, project, audit) = (knowledge.metastore, knowledge.project, knowledge.base.audit)
            try await makeSuite(knowledge)
            _ = try await metastore.knowledge.set(gate("suite"), of: project, audit: audit)
            let promotion = try await knowledge.promote("first", Self.articles(2))
            let seen = Shared<[RunID]>([])
            await #expect(throws: KnowledgeWorkFault.gone) {
                try await knowledge.attempt { run in
                    seen.change { $0.append(run) }
                    _ = try? await metastore.knowledgePromotions.cancel(promotion.id, in: project, audit: audit)
                }
            }
            let id = try #require(seen.value.first)
            let run = try #require(try await metastore.runs.find(id, in: project))
            #expect(run.state == .cancelled)
            #expect(try await knowledge.task(promotion.id)?.state == .cancelled)
            #expect(try await knowledge.active() == 0)
        }
    }

    @Test("a promotion that another revision came before is superseded: it says so, and its draft is approved as before")
    func superseded() async throws {
        try await WorkingKnowledge.run(model: nil) { knowledge in
            let base = knowledge.base
            let promotion = try await knowledge.promote("late", [TestKnowledge.article("a", "A", "late")])
            // By hand: two promotions at a time there are none.
            try await base.publish([TestKnowledge.article("b", "B", "early")], model: nil)
            let (_, revision) = try await knowledge.attempt()
            #expect(revision == nil)
            #expect(try await knowledge.active() == 1)
            let task = try #require(try await knowledge.task(promotion.id))
            #expect(task.state == .failed)
            #expect(String(decoding: task.error ?? [], as: UTF8.self).contains("revision 1 became active meanwhile"))
            let draft = try #require(try await knowledge.metastore.knowledgeDrafts.find(name: "late", in: knowledge.project))
            #expect(draft.state == .approved)
        }
    }
}
