import KnowledgeModel
import PostgresClient
import Testing

@testable import Metastore

@Suite("Drafts rebased onto what became active meanwhile") struct KnowledgeRebaseTests {
    private func article(_ key: String, _ text: String) -> KnowledgeEntry { TestKnowledge.article(key, text) }

    private static let lines = (1...9).map { "Line \($0).\n" }

    private func text(_ changes: [Int: String]) -> String {
        Self.lines.enumerated().map { changes[$0.offset + 1].map { $0 + "\n" } ?? $0.element }.joined()
    }

    @Test("changes of different lines are merged, the same changes fall together, and others stay as they are")
    func merges() async throws {
        let kb = try await TestKnowledge.open(), audit = kb.test.audit
        try await kb.promote(
            try await kb.draft("base", [article("a", text([:])), article("b", "1"), article("c", "1"), article("gone", "1")]))
        let id = try await kb.draft("ours", [article("a", text([2: "Ours."])), article("b", "2"), article("d", "new")], removing: ["gone"])
        let before = try await kb.find(id)
        try await kb.promote(try await kb.draft("theirs", [article("a", text([8: "Theirs."])), article("b", "2"), article("c", "2")]))
        _ = try await kb.drafts.submit(id, in: kb.project, audit: audit)
        #expect(await failure { try await kb.promotions.create(promoting: id, in: kb.project, audit: audit) }?.field == "base_moved")
        guard case .rebased(let draft, mergedCount: 2) = try await kb.drafts.rebase(id, in: kb.project, audit: audit) else {
            Issue.record("it was not rebased")
            return
        }
        #expect(draft.baseRevision == 2 && draft.state == .open && draft.version > before.version)
        let merged = text([2: "Ours.", 8: "Theirs."])
        #expect(try await kb.texts(.draft(id)) == ["a": merged, "b": "2", "c": "2", "d": "new"])
        #expect(try await kb.drafts.changes(of: id, limit: 9).map(\.entry.key) == ["a", "d", "gone"])
        #expect(await failure { try await kb.drafts.rebase(id, in: kb.project, audit: audit) }?.field == "not_needed")
        #expect(try await kb.promote(id).number == 3)
        #expect(try await kb.texts() == ["a": merged, "b": "2", "c": "2", "d": "new"])
    }

    @Test("more than one rebase may hold is refused with what to do, changes nothing, and is done in two")
    func tooMuch() async throws {
        let kb = try await TestKnowledge.open(), audit = kb.test.audit, keys = (0..<40).map { "k\($0)" }
        func entries(_ changes: [Int: String]) -> [KnowledgeEntry] { keys.map { article($0, text(changes)) } }
        try await kb.promote(try await kb.draft("base", entries([:])))
        let id = try await kb.draft("ours", entries([2: "Ours."]))
        try await kb.promote(try await kb.draft("theirs", entries([8: "Theirs."])))
        let before = try await kb.find(id), maximum = 40 * 3 * 100
        let refusal = await failure { try await kb.drafts.rebase(id, in: kb.project, maximumByteCount: maximum, audit: audit) }
        #expect(refusal?.code == .conflict && refusal?.field == "entries" && refusal?.message.contains("revision 1 says") == true)
        #expect(try await kb.find(id) == before)
        // As the refusal says.
        try await kb.edit(id, KnowledgeEdit(puts: keys.prefix(25).map { article($0, text([:])) }))
        guard
            case .rebased(_, mergedCount: 15) = try await kb.drafts.rebase(
                id, in: kb.project, maximumByteCount: maximum, audit: audit)
        else {
            Issue.record("it was not rebased")
            return
        }
        #expect(try await kb.texts(.draft(id))["k39"] == text([2: "Ours.", 8: "Theirs."]))
    }

    @Test("what both changed differently is named, and is as somebody decides; decisions are of the revision they were made for")
    func conflicts() async throws {
        let kb = try await TestKnowledge.open(), audit = kb.test.audit, keys = ["a", "b", "c", "d"]
        try await kb.promote(try await kb.draft("base", keys.map { article($0, "1") }))
        let id = try await kb.draft("ours", ["a", "b", "c"].map { article($0, "ours") }, removing: ["d"])
        try await kb.promote(try await kb.draft("theirs", ["a", "b", "d"].map { article($0, "theirs") }, removing: ["c"]))
        let before = try await kb.find(id)
        guard case .conflicts(let conflicts, count: 4, onto: 2) = try await kb.drafts.rebase(id, in: kb.project, audit: audit) else {
            Issue.record("there were no conflicts")
            return
        }
        #expect(conflicts.map(\.key) == keys && conflicts[0].paths == ["content.markdown"] && conflicts[2].paths == [])
        #expect(conflicts[2].theirs == nil && conflicts[3].ours == nil && conflicts[0].ours == article("a", "ours").content.hash)
        #expect(try await kb.find(id) == before)
        let decided: [String: KnowledgeResolution] = [
            "a": .ours, "b": .theirs, "c": .content(article("c", "both").content), "d": .content(nil), "x": .ours,
        ]
        #expect(
            await failure { try await kb.drafts.rebase(id, in: kb.project, onto: 1, resolutions: decided, audit: audit) }?.field
                == "active_revision")
        let some = try await kb.drafts.rebase(id, in: kb.project, onto: 2, resolutions: ["a": .ours], audit: audit)
        guard case .conflicts(_, count: 3, onto: 2) = some else {
            Issue.record("three were left")
            return
        }
        let person = try await kb.user("p@x")
        guard
            case .rebased(_, mergedCount: 4) = try await kb.drafts.rebase(
                id, in: kb.project, onto: 2, resolutions: decided, audit: person)
        else {
            Issue.record("it was not rebased")
            return
        }
        #expect(try await kb.texts(.draft(id)) == ["a": "ours", "b": "theirs", "c": "both"])
        #expect(try await kb.drafts.changes(of: id, limit: 9).map(\.entry.key) == ["a", "c", "d"])
        #expect(try await kb.drafts.changes(of: id, key: "c", limit: 1).map(\.author) == ["p@x"])
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_draft_authors") == 1)
        #expect(try await kb.drafts.rebase(KnowledgeDraftID.make(), in: kb.project, audit: audit) == nil)
    }
}
