import KnowledgeModel
import Metastore
import Testing
import TraceModel

@testable import KnowledgeBase

/// Which chunks are in a view, and how many views are kept.
@Suite struct KnowledgeViewsTests {
    private let view = KnowledgeView(projectID: ProjectID(high: 1, low: 2), revision: 1)

    private func entry(_ key: String, _ kind: KnowledgeKind = .article, tags: [String] = [], chunks: [Int64]) -> SearchedKnowledgeEntry {
        SearchedKnowledgeEntry(
            key: key, kind: kind, tags: tags, chunks: chunks.map { SearchedKnowledgeChunk(id: $0, textHash: UInt64($0) * 10) })
    }

    @Test("chunks are found by id, and one that two entries have is the first one's")
    func members() throws {
        let members = try ViewMembers(
            view: view, entries: [entry("a", chunks: [5, 2]), entry("b", .table, chunks: [9, 2]), entry("c", chunks: [])])
        #expect(members.chunkIDs == [2, 5, 9] && members.textHashes == [20, 50, 90])
        #expect([2, 5, 9, 1, 3, 10].map { members.entry(ofChunk: $0)?.key } == ["a", "a", "b", nil, nil, nil])
        #expect(members.accepted(kinds: [], tags: []) == nil)
        #expect(members.accepted(kinds: [.table], tags: []) == [false, true, false])
    }

    @Test("all of the tags that are asked for must be there")
    func tags() throws {
        let members = try ViewMembers(
            view: view, entries: [entry("a", tags: ["x", "y"], chunks: []), entry("b", tags: ["x"], chunks: []), entry("c", chunks: [])])
        #expect(members.accepted(kinds: [], tags: ["x"]) == [true, true, false])
        #expect(members.accepted(kinds: [.article], tags: ["x", "y"]) == [true, false, false])
        #expect(members.accepted(kinds: [.operation], tags: ["x"]) == [false, false, false])
    }

    @Test("tags that look the same are told apart by their bytes, as lists do")
    func tagBytes() throws {
        let members = try ViewMembers(
            view: view, entries: [entry("a", tags: ["caf\u{e9}"], chunks: []), entry("b", tags: ["cafe\u{301}"], chunks: [])])
        #expect(members.accepted(kinds: [], tags: ["caf\u{e9}"]) == [true, false])
        #expect(members.accepted(kinds: [], tags: ["cafe\u{301}"]) == [false, true])
    }

    @Test("more chunks than a search takes are refused")
    func tooMany() {
        let error = #expect(throws: KnowledgeSearchError.self) {
            try ViewMembers(view: view, entries: [entry("a", chunks: [1, 2, 3])], maximumChunkCount: 2)
        }
        #expect(error?.code == .unavailable)
    }

    @Test("views come to no more memory than they may, and are read again when they are asked for")
    func boundedMemory() async throws {
        let base = try await TestKnowledge.open()
        for number in 0..<4 { try await base.publish([TestKnowledge.article("e\(number)", "Entry", "Text \(number)")], model: nil) }
        let views = KnowledgeViews(base.metastore.knowledge, maximumByteCount: 200)
        for round in 0..<2 {
            for revision in 1...4 {
                let members = try await views.members(of: KnowledgeView(projectID: base.project.id, revision: revision))
                #expect(members.entries.count == revision, "round \(round)")
                #expect(await views.byteCount <= max(200, members.byteCount))
            }
        }
    }

    @Test("a draft that was edited before it was read is the version that was read")
    func editedMeanwhile() async throws {
        let base = try await TestKnowledge.open()
        let draft = try await base.draft("next")
        let stale = try #require(try await base.metastore.knowledge.view(of: .draft(draft), in: base.project.id))
        let version = try await base.edit(draft, putting: [TestKnowledge.article("a", "A", "Text")])
        let views = KnowledgeViews(base.metastore.knowledge)
        let members = try await views.members(of: stale)
        #expect(members.view.draft?.version == version && members.entries.map(\.key) == ["a"])
    }
}
