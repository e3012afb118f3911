import KnowledgeModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

/// Editors, promoters and readers at once, on real PostgreSQL.
@Suite("A knowledge base under many hands") struct KnowledgeConcurrencyTests {
    private static let keys = (0..<5).map { "k\($0)" }

    @Test("readers never see half of a revision, no edit is lost, and history is a line")
    func manyHands() async throws {
        let kb = try await TestKnowledge.open(connections: 12), editorCount = 10, editsEach = 4
        // Every edit writes all keys alike, and counts: a state with two texts is a mixture of two states.
        try await kb.promote(try await kb.draft("main", Self.keys.map { TestKnowledge.article($0, "0") }))
        _ = try await kb.draft("main")
        let left = Shared(editorCount), mixtures = Shared<[String]>([]), reads = Shared(0)
        try await withThrowingTaskGroup { group in
            for _ in 0..<editorCount {
                group.addTask {
                    for _ in 0..<editsEach { while try await !increment(kb) { await Task.yield() } }
                    left.change { $0 -= 1 }
                }
            }
            for _ in 0..<5 {
                group.addTask { while left.value > 0 { try await promote(kb) } }
            }
            for _ in 0..<3 {
                group.addTask {
                    while left.value > 0 {
                        let texts = try await read(kb)
                        if texts.count != Self.keys.count || Set(texts.values).count != 1 { mixtures.change { $0.append("\(texts)") } }
                        reads.change { $0 += 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(mixtures.value.isEmpty && reads.value > 0)
        let draft = try #require(try await kb.drafts.find(name: "main", in: kb.project))
        let source: KnowledgeSource = draft.state == .promoted ? .active : .draft(draft.id)
        #expect(try await Set(kb.texts(source).values) == ["\(editorCount * editsEach)"])
        try await expectLine(kb)
    }

    @Test("what somebody takes out while somebody else changes whatever is there stays out")
    func deletions() async throws {
        let kb = try await TestKnowledge.open(connections: 4), id = try await kb.draft("main")
        for round in 0..<40 {
            let key = "k\(round)"
            try await kb.edit(id, .put(TestKnowledge.article(key, "1"), expected: .absent))
            async let removed = kb.edit(id, .remove(key, expected: .present))
            async let put = putWhateverIsThere(kb, id, key)
            // Before it was taken out, or not at all.
            #expect(try await put != .added, "round \(round)")
            #expect(try await removed.removedCount == 1, "round \(round)")
        }
        #expect(try await kb.texts(.draft(id)).isEmpty)
    }

    private enum Put { case added, changed, refused }

    private func putWhateverIsThere(_ kb: TestKnowledge, _ id: KnowledgeDraftID, _ key: String) async throws -> Put {
        do throws(MetastoreError) {
            let edit = KnowledgeEdit.put(TestKnowledge.article(key, "2"), expected: .present)
            return try await kb.drafts.edit(id, in: kb.project, edit, audit: kb.test.audit)?.addedCount == 0 ? .changed : .added
        } catch {
            guard error.code == .conflict, error.field == "hash" else { throw error }
            return .refused
        }
    }

    /// One more, if nobody else was quicker and the draft is open.
    private func increment(_ kb: TestKnowledge) async throws -> Bool {
        guard let draft = try await kb.drafts.find(name: "main", in: kb.project), draft.state == .open,
            let entry = try await kb.base.entry("k0", of: try await kb.view(.draft(draft.id))),
            let count = Int(try TestKnowledge.texts(of: [entry])["k0"] ?? "")
        else { return false }
        let puts = Self.keys.map { TestKnowledge.article($0, "\(count + 1)") }
        do throws(MetastoreError) {
            let edit = KnowledgeEdit(puts: puts, expectations: ["k0": .hash(entry.hash)])
            return try await kb.drafts.edit(draft.id, in: kb.project, edit, audit: kb.test.audit)?.changedCount == puts.count
        } catch {
            guard error.code == .conflict, ["hash", "state"].contains(error.field) else { throw error }
            return false
        }
    }

    /// A step of whichever promotion can be taken further.
    private func promote(_ kb: TestKnowledge) async throws {
        do throws(MetastoreError) {
            if let draft = try await kb.drafts.find(name: "main", in: kb.project) {
                if draft.state == .promoted { _ = try await kb.drafts.create(name: "main", in: kb.project, audit: kb.test.audit) }
                if draft.state == .open { _ = try await kb.drafts.submit(draft.id, in: kb.project, audit: kb.test.audit) }
                if draft.state == .approved {
                    _ = try await kb.promotions.create(promoting: draft.id, in: kb.project, audit: kb.test.audit)
                }
            }
        } catch { guard error.code == .conflict else { throw error } }
        guard let leased = try await kb.promotions.lease(worker: "w") else { return }
        guard case .published = try await kb.promotions.publish(leased) else {
            throw MetastoreError(.internal, "the holder of a lease could not publish")
        }
    }

    /// What is active, in three statements.
    private func read(_ kb: TestKnowledge) async throws -> [String: String] {
        let view = try await kb.view()
        var entries: [StoredKnowledgeEntry] = []
        repeat {
            let page = try await kb.base.entries(of: view, after: entries.last?.key, limit: 2, includingContent: true)
            if page.isEmpty { break }
            entries += page
        } while true
        return try TestKnowledge.texts(of: entries)
    }

    /// Numbers without gaps, each of its own draft; each revision has as many entries as it says, and no entry is there twice; every
    /// change of a draft is against what its base has.
    private func expectLine(_ kb: TestKnowledge) async throws {
        let active = try await kb.base.activeRevision(in: kb.project)
        let revisions = try await kb.base.revisions(of: kb.project, before: nil, limit: 500)
        #expect(revisions.map(\.number) == Array((1...active).reversed()) && Set(revisions.map(\.draftID)).count == revisions.count)
        for revision in revisions {
            #expect(try await kb.base.entryCount(of: kb.view(.revision(revision.number))) == revision.entryCount)
        }
        let overlaps = try await kb.number(
            """
            SELECT count(*) AS n FROM knowledge_entry_versions a JOIN knowledge_entry_versions b
                ON a.entry_id = b.entry_id AND a.introduced_in < b.introduced_in AND coalesce(a.removed_in > b.introduced_in, true)
            """)
        #expect(overlaps == 0)
        let strayed = try await kb.number(
            """
            SELECT count(*) AS n FROM knowledge_draft_changes c JOIN knowledge_drafts d ON d.id = c.draft_id
            LEFT JOIN knowledge_entry_versions v ON v.entry_id = c.entry_id AND v.introduced_in <= d.base_revision
                AND (v.removed_in IS NULL OR v.removed_in > d.base_revision)
            WHERE c.base_content_id IS DISTINCT FROM v.content_id
            """)
        #expect(strayed == 0)
    }

    @Test("a revision of 10,000 entries of which a hundredth changed costs rows for what changed alone, and a fraction of a second")
    func size() async throws {
        let kb = try await TestKnowledge.open(), count = 10_000
        let entries = (0..<count).map { TestKnowledge.article("entry-\($0)", "Text \($0)") }
        let id = try await kb.draft("all")
        #expect(try await kb.edit(id, KnowledgeEdit(puts: entries)).addedCount == count)
        #expect(try await kb.promote(id).entryCount == count)
        let some = (0..<count / 100).map { TestKnowledge.article("entry-\($0 * 100)", "Other text \($0)") }
        let leased = try await kb.promoting(try await kb.draft("some", some))
        let clock = ContinuousClock(), start = clock.now
        guard case .published(let revision) = try await kb.promotions.publish(leased) else {
            Issue.record("it was not published")
            return
        }
        let duration = clock.now - start
        #expect(revision.entryCount == count && duration < .seconds(5), "\(duration)")
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_entry_versions WHERE introduced_in = 2 OR removed_in = 2") == 200)
        let same = try await kb.draft("same")
        let again = try await kb.edit(same, KnowledgeEdit(puts: entries, replaces: .prefix("")))
        #expect(again.changedCount == count / 100 && again.unchangedCount == count - count / 100)
        let changed = try await kb.base.changes(from: 1, to: 2, in: kb.project, limit: 500)
        #expect(changed.count == 100)
    }
}
