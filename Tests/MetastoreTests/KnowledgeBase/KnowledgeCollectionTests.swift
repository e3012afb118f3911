import ByteCoding
import EvaluationModel
import KnowledgeModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("What a knowledge base does not say any more") struct KnowledgeCollectionTests {
    private func article(_ key: String, _ text: String) -> KnowledgeEntry { TestKnowledge.article(key, text) }

    /// Titles and texts of all contents.
    private func texts(_ kb: TestKnowledge) async throws -> Set<String> {
        Set(
            try await kb.test.connection.query("SELECT content #>> '{content,markdown}' AS text FROM knowledge_contents")
                .decoded { row throws(PostgresError) in try row.decode("text", as: String.self) })
    }

    private func embed(_ kb: TestKnowledge) async throws {
        try await kb.test.connection.query(
            """
            INSERT INTO knowledge_embeddings (project_id, model, embedded_hash, vector)
            SELECT DISTINCT project_id, 'a/b', embedded_hash, '\\x0000803f'::bytea FROM knowledge_chunks ON CONFLICT DO NOTHING
            """)
    }

    @Test("what was edited away goes, with its chunks and with vectors of texts that nothing else has; what is said anywhere stays")
    func editedAway() async throws {
        let kb = try await TestKnowledge.open()
        try await kb.promote(try await kb.draft("one", [article("a", "one"), article("b", "two")]))
        try await kb.promote(try await kb.draft("two", [article("a", "three")], removing: ["b"]))
        let draft = try await kb.draft("three", [article("a", "four"), article("c", "five")])
        try await kb.edit(draft, .put(article("a", "six")))
        // Of another content, but with a text that is embedded as one that goes.
        try await kb.edit(draft, .put(TestKnowledge.article("c", "four", tags: ["t"])))
        try await kb.edit(draft, .put(article("c", "seven")))
        try await embed(kb)
        let before = try await kb.number("SELECT count(*) AS n FROM knowledge_embeddings")
        #expect(try await texts(kb) == ["one", "two", "three", "four", "five", "six", "seven"])
        var collection = try await kb.base.collect(after: nil)
        #expect(collection.last == nil && collection.contentCount == 3 && collection.chunkCounts == [kb.project: 3])
        #expect(try await texts(kb) == ["one", "two", "three", "six", "seven"])
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_chunks") == 5)
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_embeddings") == before - collection.vectorCount)
        #expect(
            try await kb.number(
                """
                SELECT count(*) AS n FROM knowledge_chunks c
                WHERE NOT EXISTS (SELECT FROM knowledge_embeddings m WHERE m.embedded_hash = c.embedded_hash)
                """) == 0)
        #expect(try await kb.texts(.revision(1)) == ["a": "one", "b": "two"])
        #expect(try await kb.texts(.draft(draft)) == ["a": "six", "c": "seven"])
        collection = try await kb.base.collect(after: nil)
        #expect(collection == KnowledgeCollection())
        // What is gone can be said again.
        try await kb.edit(draft, .put(article("a", "four")))
        #expect(try await kb.texts(.draft(draft)) == ["a": "four", "c": "seven"])
    }

    @Test("contents are gone through page by page, also with none of a page to collect")
    func pages() async throws {
        let kb = try await TestKnowledge.open(), draft = try await kb.draft("d", (0..<5).map { article("\($0)", "old \($0)") })
        try await kb.edit(draft, KnowledgeEdit(puts: (0..<5).map { article("\($0)", "new \($0)") }))
        var last: Int64?, counts: [Int] = []
        repeat {
            let collection = try await kb.base.collect(after: last, count: 4)
            counts.append(collection.contentCount)
            last = collection.last
        } while last != nil
        #expect(counts.reduce(0, +) == 5 && counts.count == 3)
        #expect(try await texts(kb) == Set((0..<5).map { "new \($0)" }))
    }

    @Test("a discarded draft is forgotten after its time, but not while a run of it goes on; others keep what they say")
    func discarded() async throws {
        let kb = try await TestKnowledge.open(), audit = kb.test.audit
        let gone = try await kb.draft("gone", [article("a", "gone"), article("b", "both")])
        let asked = try await kb.draft("asked", [article("a", "asked")])
        let kept = try await kb.draft("kept", [article("a", "kept"), article("b", "both")])
        let suite = try await kb.test.metastore.suites.create(name: "s", description: "", in: kb.project, audit: audit)
        let content = try TestCaseContent(json: JSONValue.parse(#"{"key": "k", "input": "q"}"#))
        _ = try await kb.test.metastore.suites.edit(
            suite.id, in: kb.project, SuiteEdit(puts: [content], source: .api), audit: audit)
        let specification = try RunSpecification(
            json: JSONValue.parse(#"{"targets": [{"name": "t", "kind": "exec"}], "retrieval": {"source": {"draft": "asked"}}}"#))
        let run = try await kb.test.metastore.runs.create(
            NewRun(suite: suite.id, specification: specification), in: kb.project,
            audit: audit
        ).run
        for id in [gone, asked] { _ = try await kb.drafts.discard(id, in: kb.project, audit: audit) }
        #expect(try await kb.base.forgetDiscardedDrafts() == 0, "it was discarded just now")
        #expect(try await kb.base.forgetDiscardedDrafts(after: 0) == 2)
        #expect(try await kb.base.collect(after: nil).contentCount == 1)
        #expect(try await texts(kb) == ["asked", "kept", "both"])
        try await kb.test.metastore.runs.fail(run.id, reason: "by hand")
        #expect(try await kb.base.forgetDiscardedDrafts(after: 0) == 1)
        #expect(try await kb.base.collect(after: nil).contentCount == 1)
        #expect(try await kb.texts(.draft(kept)) == ["a": "kept", "b": "both"])
        // Nobody can begin to read what may go at any time.
        let error = await failure {
            try await kb.test.metastore.runs.create(
                NewRun(suite: suite.id, specification: specification), in: kb.project,
                audit: audit)
        }
        #expect(error?.field == "retrieval.source")
    }

    @Test("what a promotion under way brings stays")
    func promotion() async throws {
        let kb = try await TestKnowledge.open()
        let leased = try await kb.promoting(try await kb.draft("d", [article("a", "one")]))
        try await embed(kb)
        #expect(try await kb.base.collect(after: nil) == KnowledgeCollection())
        #expect(try await kb.base.forgetDiscardedDrafts(after: 0) == 0)
        guard case .published = try await kb.promotions.publish(leased) else {
            Issue.record("it was not published")
            return
        }
        #expect(try await kb.texts() == ["a": "one"])
    }

    @Test("a writer that finds a content there keeps it from being collected until it has said so")
    func reused() async throws {
        let kb = try await TestKnowledge.open(connections: 4), draft = try await kb.draft("d", [article("a", "one")])
        try await kb.edit(draft, .put(article("a", "two")))
        let again = FrozenKnowledgeContent(article("a", "one").content), base = kb.base, project = kb.project
        let collection = try await kb.test.connection.withTransaction { connection throws(PostgresError) in
            try await FrozenKnowledgeContent.store([again], in: project, on: connection)
            do throws(MetastoreError) { return try await base.collect(after: nil) } catch {
                throw PostgresError(.decoding, "\(error)")
            }
        }
        #expect(collection.contentCount == 0)
        #expect(try await kb.base.collect(after: nil).contentCount == 1)
    }

    @Test("a key goes when no revision has it and no draft says anything of it; one that is of use again is there again")
    func keys() async throws {
        let kb = try await TestKnowledge.open()
        func keys() async throws -> [String] {
            try await kb.test.connection.query("SELECT key FROM knowledge_entries ORDER BY key")
                .decoded { row throws(PostgresError) in try row.decode("key", as: String.self) }
        }
        try await kb.promote(try await kb.draft("one", [article("a", "1"), article("b", "1")]))
        try await kb.promote(try await kb.draft("two", removing: ["a"]))
        let draft = try await kb.draft("three", [article("c", "1"), article("d", "1"), article("e", "1")], removing: ["b"])
        try await kb.edit(draft, KnowledgeEdit(puts: [article("e", "2")], removals: ["c", "d"]))
        #expect(try await keys() == ["a", "b", "c", "d", "e"])
        // Page by page, and none of them twice.
        var last: KnowledgeEntryID?, count = 0, pageCount = 0
        repeat {
            let page = try await kb.base.collectEntries(after: last, count: 2)
            (last, count, pageCount) = (page.last, count + page.entryCount, pageCount + 1)
        } while last != nil
        #expect(count == 2 && pageCount == 3)
        #expect(try await keys() == ["a", "b", "e"])
        #expect(try await kb.base.collectEntries(after: nil).entryCount == 0)
        try await kb.edit(draft, .put(article("c", "3")))
        #expect(try await kb.texts(.draft(draft)) == ["c": "3", "e": "2"])
        guard case .published = try await kb.restore(1) else {
            Issue.record("it was not restored")
            return
        }
        #expect(try await kb.texts() == ["a": "1", "b": "1"])
    }

    @Test("a key that a writer found there is not collected before the writer has said what it is for")
    func reusedKey() async throws {
        let kb = try await TestKnowledge.open(connections: 4), draft = try await kb.draft("d", [article("a", "one")])
        try await kb.edit(draft, .remove("a"))
        let content = FrozenKnowledgeContent(article("a", "one").content), base = kb.base, project = kb.project
        let collected = try await kb.test.connection.withTransaction { connection throws(PostgresError) in
            try await FrozenKnowledgeContent.store([content], in: project, on: connection)
            do throws(MetastoreError) { return try await base.collectEntries(after: nil).entryCount } catch {
                throw PostgresError(.decoding, "\(error)")
            }
        }
        #expect(collected == 0)
        #expect(try await kb.base.collectEntries(after: nil).entryCount == 1)
    }

    @Test("editors who go back and forth between the same texts lose none of them to the collection")
    func races() async throws {
        let kb = try await TestKnowledge.open(connections: 6), editorCount = 4, roundCount = 30
        var ids: [KnowledgeDraftID] = []
        for number in 0..<editorCount { ids.append(try await kb.draft("d\(number)", [article("a", "start"), article("b", "start")])) }
        let isDone = Shared(false)
        async let collected = { () async throws -> Int in
            var count = 0
            while !isDone.value {
                count += try await kb.base.collect(after: nil).contentCount
                _ = try await kb.base.collectEntries(after: nil)
            }
            return count
        }()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, id) in ids.enumerated() {
                group.addTask {
                    for round in 0..<roundCount {
                        // The same three texts for all, so that one's orphan is another's content.
                        let text = "text \((number + round) % 3)"
                        let result = try await kb.edit(id, KnowledgeEdit(puts: [article("a", text), article("b", text + "!")]))
                        #expect(result.removedCount == 0 && result.addedCount == (round > 0 && round % 3 == 1 ? 2 : 0))
                        #expect(try await kb.texts(.draft(id)) == ["a": text, "b": text + "!"])
                        // Keys that nothing is said of between one edit and the next.
                        if round % 3 == 0 { try await kb.edit(id, KnowledgeEdit(removals: ["a", "b"])) }
                    }
                }
            }
            try await group.waitForAll()
        }
        isDone.change { $0 = true }
        #expect(try await collected > 0, "there was something to collect all along")
    }
}
