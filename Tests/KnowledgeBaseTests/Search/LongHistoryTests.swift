import KnowledgeModel
import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import KnowledgeBase

/// What earlier revisions and drafts say takes nothing from the search of a view, however much it is.
@Suite struct LongHistoryTests {
    private static let count = 12
    /// Fewer than there are of any one state.
    private static let findCount = 5

    private func entries(_ word: String) -> [KnowledgeEntry] {
        (0..<Self.count).map { TestKnowledge.article("entry/\($0)", "Entry \($0)", "A zebra \(word), number \($0).") }
    }

    /// Keys of the entries that have the word, of so many chunks as a search would look at.
    private func found(
        _ base: TestKnowledge, _ source: KnowledgeSource, kinds: [KnowledgeKind] = [], tags: [String] = []
    ) async throws -> [String] {
        let view = try #require(try await base.metastore.knowledge.view(of: source, in: base.project.id))
        let (seen, entries) = try await base.metastore.knowledge.searchedEntries(of: view)
        let members = try ViewMembers(view: seen, entries: entries)
        let found = try await base.metastore.knowledge.chunks(
            having: [SoughtWord(forms: [SoughtWord.Form(text: "zebra", worth: 1)])], in: view, kinds: kinds, tags: tags, limit: 10,
            maximumFindCount: Self.findCount)
        return try found.map { try #require(members.entry(ofChunk: $0.id)).key }
    }

    @Test("a word that more chunks of history have than a search looks at is found in each state, in as many chunks as it looks at")
    func eachState() async throws {
        let base = try await TestKnowledge.open()
        for word in ["one", "two", "three"] { try await base.publish(entries(word), model: nil) }
        let draft = try await base.draft("next")
        try await base.edit(draft, putting: entries("four"))
        for source in [KnowledgeSource.active, .revision(1), .revision(2), .draft(draft)] {
            #expect(try await Set(found(base, source)).count == Self.findCount, "\(source)")
        }
        let other = try await base.metastore.projects.create(name: "Other", retentionDays: nil, in: base.organization.id)
        let nothing = try await base.metastore.knowledge.chunks(
            having: [SoughtWord(forms: [SoughtWord.Form(text: "zebra", worth: 1)])],
            in: KnowledgeView(projectID: other.id, revision: 1), kinds: [], tags: [], limit: 10, maximumFindCount: Self.findCount)
        #expect(nothing.isEmpty)
    }

    @Test("what is asked for by tag or kind is found, however many entries of other tags and kinds have the word")
    func askedFor() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(entries("one"), model: nil)
        let table = KnowledgeContent(
            title: "Zebra table", body: .table(TableDescription(name: "t", columns: [.init(name: "id", type: "bigint")])))
        try await base.publish(
            [TestKnowledge.article("tagged", "Tagged", "A zebra.", tags: ["x"]), KnowledgeEntry(key: "table", content: table)], model: nil)
        #expect(try await found(base, .active, tags: ["x"]) == ["tagged"])
        #expect(try await found(base, .active, kinds: [.table]) == ["table"])
        #expect(try await found(base, .active, kinds: [.table], tags: ["x"]) == [])
    }

    @Test("words are counted over what is active, and over what a promotion is about to make active")
    func counts() async throws {
        let base = try await TestKnowledge.open()
        let knowledge = base.metastore.knowledge
        func count(_ word: String) async throws -> Int? {
            try await knowledge.questionWords(word, in: base.project.id).first?.chunkCount
        }
        for word in ["one", "two"] { try await base.publish(entries(word), model: nil) }
        try await knowledge.countWords(in: base.project.id)
        #expect(try await count("zebra") == Self.count)
        #expect(try await count("one") == nil)
        #expect(try await count("two") == Self.count)

        let draft = try await base.draft("next")
        try await base.edit(draft, putting: Array(entries("three")[..<4]), removing: ["entry/11"])
        try await knowledge.countWords(of: try #require(try await knowledge.view(of: .draft(draft), in: base.project.id)))
        #expect(try await count("three") == 4)
        #expect(try await count("two") == Self.count - 5)
        #expect(try await count("zebra") == Self.count - 1)
        try await knowledge.countWords(of: KnowledgeView(projectID: base.project.id, revision: 1))
        #expect(try await count("one") == Self.count)
    }
}
