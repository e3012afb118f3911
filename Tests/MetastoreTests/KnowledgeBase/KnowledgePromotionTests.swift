import JobQueue
import KnowledgeModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("Promotions in the database") struct KnowledgePromotionTests {
    private func article(_ key: String, _ text: String) -> KnowledgeEntry { TestKnowledge.article(key, text) }

    @Test("a published draft is the active revision, its tasks have ended, and whoever waits is told")
    func publishes() async throws {
        let kb = try await TestKnowledge.open()
        var told = kb.test.metastore.knowledgeAnnouncements(logger: TestServer.logger).makeAsyncIterator()
        #expect(try await told.next() == .resumed)
        let id = try await kb.draft("d", [article("a", "1"), article("b", "1")])
        let leased = try await kb.promoting(id)
        #expect(try await kb.find(id).state == .promoting)
        #expect(await failure { try await kb.edit(id, .remove("a")) }?.field == "state")
        let promotion = try #require(try await kb.promotions.proceed(leased))
        #expect(promotion.origin == .draft(id) && promotion.phase == .building && promotion.baseRevision == 0)
        #expect(try await kb.base.entryCount(of: promotion.view) == 2)
        #expect(try await kb.base.activeRevision(in: kb.project) == 0)
        #expect(try await kb.promotions.beginPublishing(leased))
        guard case .published(let revision) = try await kb.promotions.publish(leased) else {
            Issue.record("it was not published")
            return
        }
        #expect(try await told.next() == .activated(kb.project, revision: 1))
        #expect(revision.number == 1 && revision.draftName == "d" && revision.message == "m" && revision.entryCount == 2)
        #expect(try await kb.base.activeRevision(in: kb.project) == 1)
        #expect(try await kb.texts() == ["a": "1", "b": "1"])
        let draft = try await kb.find(id)
        #expect(draft.state == .promoted && draft.promotedRevision == 1)
        #expect(try await kb.task(id.task).state == .succeeded)
        #expect(try await kb.task(leased.id).state == .succeeded)
        #expect(String(decoding: try await kb.task(leased.id).result ?? [], as: UTF8.self).contains("1"))
        #expect(try await kb.events(leased.id) == ["task.running", "promotion.publishing", "task.succeeded"])
        #expect(try await kb.promotions.publish(leased) == .lost)
        #expect(try await kb.promotions.open(in: kb.project) == nil)
        #expect(try await kb.promotions.last(of: id)?.phase == .ended)
        #expect(try await kb.number("SELECT count(*) AS n FROM audit_entries WHERE resource_kind = 'knowledge_revision'") == 1)
    }

    @Test("an earlier revision is restored as a new one, of which only what differs is written")
    func restores() async throws {
        let kb = try await TestKnowledge.open()
        try await kb.promote(try await kb.draft("one", [article("a", "1"), article("b", "1"), article("c", "1")]))
        try await kb.promote(try await kb.draft("two", [article("b", "2"), article("d", "2")], removing: ["c"]))
        #expect(await failure { try await kb.restore(2) }?.field == "revision")
        #expect(try await kb.promotions.create(restoring: 3, in: kb.project, audit: kb.test.audit) == nil)
        #expect(try await kb.promotions.create(restoring: 0, in: kb.project, audit: kb.test.audit) == nil)
        guard case .published(let revision) = try await kb.restore(1) else {
            Issue.record("it was not restored")
            return
        }
        #expect(revision.number == 3 && revision.restoredRevision == 1 && revision.draftID == nil && revision.entryCount == 3)
        #expect(try await kb.texts() == kb.texts(.revision(1)))
        #expect(try await kb.texts(.revision(2)) == ["a": "1", "b": "2", "d": "2"])
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_entry_versions WHERE introduced_in = 3") == 2)
        #expect(try await kb.base.changes(from: 1, to: 3, in: kb.project, limit: 9).isEmpty)
        let changed = try await kb.base.changes(from: 3, to: 2, in: kb.project, limit: 9, includingContents: true)
        #expect(changed.map(\.key) == ["b", "c", "d"] && changed[1].after == nil && changed[2].before == nil)
        #expect(try await kb.base.changes(from: 2, to: 3, in: kb.project, after: "b", limit: 1).map(\.key) == ["c"])
        #expect(try await kb.base.changes(from: 0, to: 1, in: kb.project, limit: 9).count == 3)
        let history = try await kb.base.history(of: "b", in: kb.project, limit: 9)
        #expect(history.map(\.revision) == [3, 2, 1] && history.map(\.change) == [.changed, .changed, .added])
        #expect(try await kb.base.history(of: "b", in: kb.project, before: 3, limit: 1).map(\.revision) == [2])
        #expect(try await kb.base.revisions(of: kb.project, before: nil, limit: 2).map(\.number) == [3, 2])
        #expect(try await kb.base.revisions(of: kb.project, before: 2, limit: 2).map(\.number) == [1])
    }

    @Test("of two drafts against one revision one is promoted; the other is refused, and told why, until it is rebased")
    func races() async throws {
        let kb = try await TestKnowledge.open(connections: 4), project = kb.project, audit = kb.test.audit
        let ids = [try await kb.draft("a", [article("a", "1")]), try await kb.draft("b", [article("b", "1")])]
        for id in ids { _ = try await kb.drafts.submit(id, in: project, audit: audit) }
        let asked = await withTaskGroup(of: MetastoreError?.self) { group in
            for id in ids { group.addTask { await failure { try await kb.promotions.create(promoting: id, in: project, audit: audit) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(asked.compactMap { $0?.field } == ["promotion"])
        guard case .published = try await kb.promotions.publish(try #require(try await kb.promotions.lease(worker: "w"))) else {
            Issue.record("the first was not published")
            return
        }
        var late = try await kb.find(ids[0])
        if late.state == .promoted { late = try await kb.find(ids[1]) }
        let refusal = await failure { try await kb.promotions.create(promoting: late.id, in: project, audit: audit) }
        #expect(refusal?.field == "base_moved" && refusal?.message.contains("revision 1 is active") == true)
        guard case .rebased = try await kb.drafts.rebase(late.id, in: project, audit: audit) else {
            Issue.record("it was not rebased")
            return
        }
        #expect(try await kb.promote(late.id).number == 2)
        #expect(try await kb.texts() == ["a": "1", "b": "1"])
    }

    @Test("two promotions at the end of their way: one becomes active, the other fails and says why, and its draft is approved as before")
    func superseded() async throws {
        let kb = try await TestKnowledge.open(connections: 4)
        // What keeps two from being under way, so that the last guard is seen to hold by itself.
        _ = try await kb.test.connection.script("DROP INDEX knowledge_promotions_open_key")
        let ids = [try await kb.draft("a", [article("a", "1")]), try await kb.draft("b", [article("b", "1")])]
        let leased = [try await kb.promoting(ids[0]), try await kb.promoting(ids[1])]
        let ends = try await withThrowingTaskGroup(of: KnowledgePublication.self) { group in
            for leased in leased { group.addTask { try await kb.promotions.publish(leased) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.count { $0 == .superseded(active: 1) } == 1)
        #expect(ends.count { if case .published(let revision) = $0 { revision.number == 1 } else { false } } == 1)
        let states = [try await kb.find(ids[0]).state, try await kb.find(ids[1]).state]
        #expect(Set(states) == [.promoted, .approved])
        #expect(try await kb.base.activeRevision(in: kb.project) == 1)
        let tasks = [try await kb.task(leased[0].id), try await kb.task(leased[1].id)]
        #expect(Set(tasks.map(\.state)) == [.succeeded, .failed])
        let error = tasks.compactMap(\.error).map { String(decoding: $0, as: UTF8.self) }
        #expect(error.count == 1 && error[0].contains("revision 1 became active meanwhile"))
    }

    @Test("a promotion that fails, is cancelled or loses its worker leaves what is active as it was, and can be asked for again")
    func failures() async throws {
        let kb = try await TestKnowledge.open(), id = try await kb.draft("d", [article("a", "1")])
        let failed = try await kb.promoting(id)
        _ = try await kb.promotions.proceed(failed)
        try await kb.promotions.end(failed, .failed, message: "the gate said no", costNanoUSD: 5, spans: [1])
        #expect(try await kb.find(id).state == .approved)
        #expect(try await kb.base.activeRevision(in: kb.project) == 0)
        #expect(String(decoding: try await kb.task(failed.id).error ?? [], as: UTF8.self).contains("the gate said no"))
        #expect(try await kb.events(id.task).last == "draft.promotion_failed")
        #expect(try await kb.promotions.find(failed.id, in: kb.project)?.costNanoUSD == 5)

        let cancelled = try #require(try await kb.promotions.create(promoting: id, in: kb.project, audit: kb.test.audit))
        let held = try #require(try await kb.promotions.lease(worker: "w"))
        #expect(try await kb.promotions.cancel(cancelled.id, in: kb.project, audit: kb.test.audit) == true)
        #expect(try await kb.promotions.proceed(held) == nil)
        #expect(try await kb.promotions.publish(held) == .lost)
        #expect(try await kb.promotions.cancel(cancelled.id, in: kb.project, audit: kb.test.audit) == false)
        #expect(try await kb.promotions.cancel(.make(), in: kb.project, audit: kb.test.audit) == nil)

        _ = try #require(try await kb.promotions.create(promoting: id, in: kb.project, audit: kb.test.audit))
        let dead = try #require(try await kb.promotions.lease(worker: "dead"))
        _ = try await kb.promotions.proceed(dead)
        _ = try await kb.test.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 s' WHERE state = 'leased'")
        _ = try await kb.test.metastore.runs.rescue()
        let alive = try #require(try await kb.promotions.lease(worker: "alive"))
        #expect(alive.job.attempt == 2)
        #expect(try await kb.promotions.publish(dead) == .lost)
        #expect(try await kb.promotions.extendLease(dead) == false)
        #expect(try await kb.promotions.extendLease(alive))
        try await kb.promotions.end(alive, .released, message: "stopping")
        let last = try #require(try await kb.promotions.lease(worker: "last"))
        guard case .published = try await kb.promotions.publish(last) else {
            Issue.record("it was not published")
            return
        }
        #expect(try await kb.texts() == ["a": "1"])
    }

    @Test("texts are embedded once per model, with their cost and spans; a text that changed is embedded again, and no other")
    func embeddings() async throws {
        let kb = try await TestKnowledge.open(), model = "openai/small"
        func embed(_ leased: LeasedKnowledgePromotion, model: String = model) async throws -> [String] {
            let promotion = try #require(try await kb.promotions.proceed(leased))
            let total = try await kb.promotions.unembeddedChunkCount(of: promotion, model: model, dimension: 3)
            var texts: [String] = []
            while true {
                let chunks = try await kb.promotions.unembeddedChunks(of: promotion, model: model, dimension: 3, limit: 2)
                if chunks.isEmpty { break }
                texts += chunks.map(\.text)
                let vectors = chunks.map { (hash: $0.hash, vector: [Float(1), 0, Float($0.tokenCount)]) }
                let embeddings = KnowledgeEmbeddings(vectors: vectors, costNanoUSD: 3, spans: [1])
                #expect(try await kb.promotions.save(embeddings, model: model, done: texts.count, total: total, leased))
            }
            #expect(texts.count == total)
            return texts
        }
        let same = article("same", "One text.").content
        let first = try await kb.promoting(
            try await kb.draft(
                "one",
                [
                    article("a", "# A\n\nOne text."), article("b", "# B\n\nOther text."), KnowledgeEntry(key: "x", content: same),
                    KnowledgeEntry(key: "y", content: same),
                ]))
        #expect(try await kb.promotions.setEmbeddingModel(model, first))
        #expect(await failure { try await kb.promotions.setEmbeddingModel("other/model", first) }?.code == .conflict)
        #expect(try await embed(first).count == 3)
        #expect(try await kb.task(first.id).progressDone == 3)
        #expect(try await kb.promotions.find(first.id, in: kb.project)?.costNanoUSD == 6)
        #expect(try await kb.number("SELECT count(*) AS n FROM span_outbox") == 2)
        let hashes = try await kb.number(
            "SELECT count(*) AS n FROM knowledge_chunks c JOIN knowledge_embeddings m USING (embedded_hash) WHERE octet_length(vector) = 12"
        )
        #expect(hashes == 3)
        guard case .published(let revision) = try await kb.promotions.publish(first) else {
            Issue.record("it was not published")
            return
        }
        #expect(revision.embeddingModel == model)

        let second = try await kb.promoting(try await kb.draft("two", [article("b", "# B\n\nNew text.")], removing: ["x"]))
        let texts = try await embed(second)
        #expect(texts.count == 1 && texts[0].contains("New text."))
        #expect(try await embed(second, model: "openai/large").count == 3)
        let wrong = KnowledgeEmbeddings(
            vectors: [([UInt8](repeating: 1, count: 32), [1]), ([UInt8](repeating: 2, count: 32), [1, 2])], costNanoUSD: 0, spans: nil)
        #expect(await failure { try await kb.promotions.save(wrong, model: model, done: 0, total: 1, second) }?.field == "vector")
        // Of another dimension nothing is embedded yet, whatever the model has of this one.
        let promotion = try #require(try await kb.promotions.proceed(second))
        #expect(try await kb.promotions.unembeddedChunkCount(of: promotion, model: model, dimension: 3) == 0)
        #expect(try await kb.promotions.unembeddedChunkCount(of: promotion, model: model, dimension: 4) == 3)
        let chunk = try #require(try await kb.promotions.unembeddedChunks(of: promotion, model: model, dimension: 4, limit: 1).first)
        let beside = KnowledgeEmbeddings(vectors: [(chunk.hash, [1, 0, 0, 0])], costNanoUSD: 0, spans: nil)
        #expect(try await kb.promotions.save(beside, model: model, done: 1, total: 3, second))
        #expect(try await kb.promotions.unembeddedChunkCount(of: promotion, model: model, dimension: 3) == 0)
        #expect(try await kb.promotions.unembeddedChunkCount(of: promotion, model: model, dimension: 4) == 2)
        #expect(try await kb.base.vectorDimension(of: model, in: kb.project) == 4)
        #expect(try await kb.base.hasVectors(of: model, dimension: 3, in: kb.project))
        #expect(try await !kb.base.hasVectors(of: model, dimension: 5, in: kb.project))
        #expect(try await !kb.base.hasVectors(of: "openai/made-up", in: kb.project))
        try await kb.promotions.end(second, .failed, message: "no")
        let late = KnowledgeEmbeddings(vectors: [([UInt8](repeating: 1, count: 32), [1])], costNanoUSD: 1, spans: nil)
        #expect(try await kb.promotions.save(late, model: model, done: 0, total: 1, second) == false)
    }
}
