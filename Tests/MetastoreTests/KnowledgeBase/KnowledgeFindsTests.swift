import JobQueue
import KnowledgeModel
import PostgresClient
import PostgresTesting
import SeededRandom
import Testing
import TraceModel

@testable import Metastore

/// What is active is searched in an index of its own: nobody is to notice but by the time it takes.
@Suite("Words of a view, wherever they are looked for") struct KnowledgeFindsTests {
    private static let vocabulary = ["amber", "birch", "cedar", "dune", "elm", "fjord", "glade", "heath"]

    /// Words and texts repeat, so that entries say the same and contents come back.
    private static func content(using dice: inout some RandomNumberGenerator) -> KnowledgeContent {
        let words = (0..<3).map { _ in vocabulary.randomElement(using: &dice) ?? "" }.joined(separator: " ")
        return KnowledgeContent(
            title: "Said", tags: Bool.random(using: &dice) ? ["x"] : [],
            body: .article(Article(markdown: "\(words).\n\n# More\n\n\(words)")))
    }

    /// Worths whose sums are exact, in whatever order they are added.
    private static func sought(using dice: inout some RandomNumberGenerator) -> [SoughtWord] {
        vocabulary.shuffled(using: &dice).prefix(Int.random(in: 1...3, using: &dice)).map { word in
            SoughtWord(forms: [
                SoughtWord.Form(text: word, worth: Double(Int.random(in: 1...8, using: &dice)) / 4),
                SoughtWord.Form(text: "said", worth: 0.125),
            ])
        }
    }

    private struct Filter: Sendable {
        var kinds: [KnowledgeKind] = []
        var tags: [String] = []
    }

    private static let everything = [Filter(), Filter(kinds: [.table]), Filter(tags: ["x"]), Filter(kinds: [.article], tags: ["x"])]

    private func found(
        _ kb: TestKnowledge, _ words: [SoughtWord], _ view: KnowledgeView, _ filter: Filter = Filter(), byAll: Bool = false,
        count: Int = 10_000
    ) async throws -> [FoundKnowledgeChunk] {
        guard byAll else {
            return try await kb.base.chunks(
                having: words, in: view, kinds: filter.kinds, tags: filter.tags, limit: 200, maximumFindCount: count)
        }
        return try await kb.base.chunks(
            having: words, in: view, kinds: filter.kinds, tags: filter.tags, limit: 200, maximumFindCount: count, by: KnowledgeFinds.general
        )
    }

    /// Every view there is, looked through both ways.
    private func expectSame(_ kb: TestKnowledge, _ drafts: [KnowledgeDraftID], using dice: inout some RandomNumberGenerator) async throws {
        let active = try await kb.base.activeRevision(in: kb.project)
        var sources = [KnowledgeSource.active] + drafts.map(KnowledgeSource.draft)
        if active > 1 { sources.append(.revision(Int.random(in: 1..<active, using: &dice))) }
        for source in sources {
            let view = try await kb.view(source), words = Self.sought(using: &dice), filter = Self.everything.randomElement(using: &dice)
            let quick = try await found(kb, words, view, filter ?? Filter())
            #expect(try await quick == found(kb, words, view, filter ?? Filter(), byAll: true), "\(source)")
            let all = Set(try await kb.base.searchedEntries(of: view).entries.flatMap(\.chunks).map(\.id))
            let said = [SoughtWord(forms: [SoughtWord.Form(text: "said", worth: 1)])]
            #expect(try await Set(found(kb, said, view).map(\.id)) == all, "every chunk has its title's word: \(source)")
        }
        #expect(try await strays(kb) == 0)
    }

    /// Chunks that are indexed and not active, and those that are active and not indexed.
    private func strays(_ kb: TestKnowledge) async throws -> Int {
        try await kb.number(
            """
            SELECT count(*) AS n FROM knowledge_bases b JOIN knowledge_chunks c ON c.project_id = b.project_id
            LEFT JOIN knowledge_active_chunks a ON a.chunk_id = c.id AND a.introduced_in <= b.active_revision
            WHERE (a.chunk_id IS NOT NULL) <> EXISTS (
                SELECT FROM knowledge_entry_versions v WHERE v.content_id = c.content_id AND v.removed_in IS NULL)
            """)
    }

    @Test("the index of what is active and a look through all history find the same, in any history", arguments: 0..<4)
    func anyHistory(number: Int) async throws {
        var dice = SeededGenerator(seed: TestSeed.value &+ UInt64(number))
        let kb = try await TestKnowledge.open()
        let keys = (0..<8).map { "k\($0)" }
        var drafts: [KnowledgeDraftID] = []
        var draftNumber = 0
        for _ in 0..<24 {
            switch Int.random(in: 0..<7, using: &dice) {
            case 0, 1:
                draftNumber += 1
                drafts.append(try await kb.draft("d\(draftNumber)"))
                fallthrough
            case 2, 3:
                guard let id = drafts.randomElement(using: &dice) else { break }
                let chosen = keys.shuffled(using: &dice)
                let puts = chosen[..<3].map { KnowledgeEntry(key: $0, content: Self.content(using: &dice)) }
                try await kb.edit(id, KnowledgeEdit(puts: puts, removals: Array(chosen[3..<4])))
            case 4:
                let active = try await kb.base.activeRevision(in: kb.project)
                guard let id = drafts.randomElement(using: &dice), try await kb.find(id).baseRevision < active else { break }
                _ = try await kb.drafts.rebase(id, in: kb.project, audit: kb.test.audit)
            case 5:
                let active = try await kb.base.activeRevision(in: kb.project)
                if active > 1 { _ = try await kb.restore(Int.random(in: 1..<active, using: &dice)) }
            default:
                guard let index = drafts.indices.randomElement(using: &dice) else { break }
                guard try await kb.find(drafts[index]).baseRevision == kb.base.activeRevision(in: kb.project) else { break }
                // One that changes nothing is not promoted.
                guard try await kb.number("SELECT count(*) AS n FROM knowledge_draft_changes WHERE draft_id = '\(drafts[index].uuid)'") > 0
                else { break }
                let leased = try await kb.promoting(drafts.remove(at: index))
                if Bool.random(using: &dice) { try await self.index(leased, kb) }
                guard case .published = try await kb.promotions.publish(leased) else {
                    Issue.record("it was not published")
                    return
                }
                _ = try await kb.base.collect(after: nil)
            }
            try await expectSame(kb, drafts, using: &dice)
        }
    }

    private func index(_ leased: LeasedKnowledgePromotion, _ kb: TestKnowledge) async throws {
        for content in try #require(try await kb.promotions.beginIndexing(leased)) {
            #expect(try await kb.promotions.index([content.id], leased))
        }
    }

    @Test("what is active, and a draft against it, is looked for in the index; an earlier revision, and a draft against one, is not")
    func which() async throws {
        let kb = try await TestKnowledge.open(), word = [SoughtWord(forms: [SoughtWord.Form(text: "amber", worth: 1)])]
        try await kb.promote(try await kb.draft("one", [TestKnowledge.article("a", "amber one"), TestKnowledge.article("b", "amber two")]))
        let late = try await kb.draft("late", [TestKnowledge.article("c", "amber three")])
        try await kb.promote(try await kb.draft("two", [TestKnowledge.article("a", "amber four")]))
        let draft = try await kb.draft("new", [TestKnowledge.article("b", "amber five")], removing: ["a"])
        var counts: [Int] {
            get async throws {
                var counts: [Int] = []
                for source in [KnowledgeSource.active, .draft(draft), .revision(1), .draft(late)] {
                    counts.append(try await found(kb, word, kb.view(source)).count)
                }
                return counts
            }
        }
        #expect(try await counts == [2, 1, 2, 3])
        _ = try await kb.test.connection.script(
            "ALTER TABLE knowledge_active_chunks DISABLE TRIGGER USER; DELETE FROM knowledge_active_chunks")
        #expect(try await counts == [0, 1, 2, 3])
    }

    @Test("a word of more chunks than a search looks at is found in as many, each of the view")
    func more() async throws {
        let kb = try await TestKnowledge.open(), word = [SoughtWord(forms: [SoughtWord.Form(text: "amber", worth: 1)])]
        let articles = (0..<9).map { TestKnowledge.article("k\($0)", "amber \($0)") }
        try await kb.promote(try await kb.draft("one", articles))
        let draft = try await kb.draft("two", [TestKnowledge.article("k0", "amber again")], removing: ["k1"])
        for source in [KnowledgeSource.active, .draft(draft)] {
            let view = try await kb.view(source)
            let found = try await found(kb, word, view, count: 5).map(\.id)
            let all = Set(try await kb.base.searchedEntries(of: view).entries.flatMap(\.chunks).map(\.id))
            #expect(found.count == 5 && all.isSuperset(of: found))
        }
    }

    @Test("a search in the middle of promotions and rollbacks finds all of its revision and nothing else")
    func meanwhile() async throws {
        let kb = try await TestKnowledge.open(connections: 6), keys = (0..<6).map { "k\($0)" }
        let word = [SoughtWord(forms: [SoughtWord.Form(text: "amber", worth: 1)])]
        try await kb.promote(try await kb.draft("d0", keys.map { TestKnowledge.article($0, "amber 0") }))
        let isDone = Shared(false), searches = Shared(0), wrong = Shared<[String]>([])
        try await withThrowingTaskGroup { group in
            for _ in 0..<3 {
                group.addTask {
                    while !isDone.value {
                        // The view is known before the search: what is published in between is not in it.
                        let view = try await kb.view()
                        let found = try await found(kb, word, view).map(\.id).sorted()
                        let members = try await kb.base.searchedEntries(of: view).entries.flatMap(\.chunks).map(\.id).sorted()
                        if found != members || found.isEmpty { wrong.change { $0.append("\(view.revision): \(found), \(members)") } }
                        searches.change { $0 += 1 }
                    }
                }
            }
            group.addTask {
                defer { isDone.change { $0 = true } }
                for round in 1...12 {
                    if round % 4 == 0 {
                        _ = try await kb.restore(round - 2)
                        continue
                    }
                    let puts = keys.shuffled().prefix(4).map { TestKnowledge.article($0, "amber \(round)") }
                    let leased = try await kb.promoting(try await kb.draft("d\(round)", puts))
                    if round % 2 == 0 { try await index(leased, kb) }
                    _ = try await kb.promotions.publish(leased)
                }
            }
            try await group.waitForAll()
        }
        #expect(wrong.value.isEmpty && searches.value > 0)
        #expect(try await kb.base.activeRevision(in: kb.project) == 13)
    }

    // MARK: - Before it is published

    @Test("what is indexed beforehand is found by nobody before it is active, and by publishing; what a failed promotion left goes")
    func beforehand() async throws {
        let kb = try await TestKnowledge.open(), word = [SoughtWord(forms: [SoughtWord.Form(text: "amber", worth: 1)])]
        func indexed() async throws -> Int { try await kb.number("SELECT count(*) AS n FROM knowledge_active_chunks") }
        try await kb.promote(try await kb.draft("one", [TestKnowledge.article("a", "amber one"), TestKnowledge.article("b", "amber two")]))
        let failed = try await kb.promoting(try await kb.draft("two", [TestKnowledge.article("a", "amber three")]))
        #expect(try await kb.promotions.beginIndexing(failed)?.map(\.chunkCount) == [1])
        try await index(failed, kb)
        #expect(try await indexed() == 3)
        #expect(try await kb.promotions.beginIndexing(failed) == [])
        #expect(try await found(kb, word, kb.view()).count == 2)
        try await kb.promotions.end(failed, .failed, message: "no")
        #expect(try await kb.promotions.beginIndexing(failed) == nil)
        #expect(try await !kb.promotions.index([1], failed))

        let next = try await kb.promoting(try await kb.draft("three", [TestKnowledge.article("c", "amber four")], removing: ["b"]))
        try await index(next, kb)
        #expect(try await indexed() == 3, "what the failed one left is gone")
        guard case .published = try await kb.promotions.publish(next) else {
            Issue.record("it was not published")
            return
        }
        #expect(try await indexed() == 2)
        #expect(try await found(kb, word, kb.view()).count == 2)
        #expect(try await strays(kb) == 0)
    }

    @Test("what is left of a failed promotion does not come with a rollback, and goes with its content")
    func left() async throws {
        let kb = try await TestKnowledge.open()
        try await kb.promote(try await kb.draft("one", [TestKnowledge.article("a", "one")]))
        try await kb.promote(try await kb.draft("two", [TestKnowledge.article("a", "two")]))
        let draft = try await kb.draft("three", [TestKnowledge.article("a", "three"), TestKnowledge.article("b", "four")])
        let failed = try await kb.promoting(draft)
        try await index(failed, kb)
        try await kb.promotions.end(failed, .failed, message: "no")
        guard case .published = try await kb.restore(1) else {
            Issue.record("it was not restored")
            return
        }
        #expect(try await strays(kb) == 0)
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_active_chunks") == 1)
        _ = try await kb.drafts.discard(draft, in: kb.project, audit: kb.test.audit)
        _ = try await kb.base.forgetDiscardedDrafts(after: 0)
        #expect(try await kb.base.collect(after: nil).contentCount == 2)
        #expect(try await strays(kb) == 0)
    }

    @Test("a worker that lost its promotion cannot index for a revision that was published meanwhile")
    func lost() async throws {
        let kb = try await TestKnowledge.open(connections: 4)
        try await kb.promote(try await kb.draft("one", [TestKnowledge.article("a", "one")]))
        _ = try await kb.draft("two", [TestKnowledge.article("a", "two")])
        try await kb.promote(try await kb.draft("three", [TestKnowledge.article("b", "three")]))
        // Past the repository, as a defect would: a row for revision 2, which is active, of what only a draft says.
        let error = await #expect(throws: PostgresError.self) {
            try await kb.test.connection.query(
                """
                INSERT INTO knowledge_active_chunks (chunk_id, project_id, content_id, introduced_in, words)
                SELECT c.id, c.project_id, c.content_id, 2, strip(c.words)
                FROM knowledge_chunks c JOIN knowledge_draft_changes g ON g.content_id = c.content_id
                JOIN knowledge_drafts d ON d.id = g.draft_id WHERE d.name = 'two'
                """)
        }
        #expect(error?.constraint == "knowledge_active_chunks_active_check")
    }
}
