import JobQueue
import KnowledgeModel
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Drafts of a knowledge base in the database") struct KnowledgeDraftTests {
    private func article(_ key: String, _ text: String, tags: [String] = []) -> KnowledgeEntry {
        TestKnowledge.article(key, text, tags: tags)
    }

    @Test("what a draft shows is its base with its changes; what is active stays as it was")
    func view() async throws {
        let kb = try await TestKnowledge.open()
        #expect(try await kb.texts() == [:])
        try await kb.promote(try await kb.draft("first", [article("a", "1"), article("b", "1"), article("c", "1")]))
        let id = try await kb.draft("second", [article("b", "2"), article("d", "2")], removing: ["c", "nobody"])
        #expect(try await kb.texts(.draft(id)) == ["a": "1", "b": "2", "d": "2"])
        #expect(try await kb.texts() == ["a": "1", "b": "1", "c": "1"])
        #expect(try await kb.drafts.changeCounts(of: id) == KnowledgeChangeCounts(added: 1, changed: 1, removed: 1))
        let changes = try await kb.drafts.changes(of: id, limit: 10)
        #expect(changes.map(\.entry.key) == ["b", "c", "d"] && changes.allSatisfy { $0.author == "spdrl_abc" })
        #expect(
            changes.map { $0.entry.before != nil } == [true, true, false] && changes.map { $0.entry.after != nil } == [true, false, true])
        let one = try await kb.drafts.changes(of: id, key: "b", limit: 10, includingContents: true)
        #expect(one.count == 1 && one[0].entry.before?.content != nil && one[0].entry.after?.content != nil)
        let draft = try await kb.view(.draft(id))
        #expect(try await kb.base.entryCount(of: draft) == 3)
        #expect(try await kb.base.entry("b", of: draft)?.introducedIn == nil)
        #expect(try await kb.base.entry("a", of: draft)?.introducedIn == 1)
        #expect(try await kb.base.entry("c", of: draft) == nil)
        #expect(try await kb.base.view(of: .revision(9), in: kb.project) == nil)
        #expect(try await kb.base.view(of: .draft(id), in: ProjectID(high: 1, low: 1)) == nil)
    }

    @Test("entries are listed in the order of keys, page by page, of one kind, with one tag, below one prefix")
    func lists() async throws {
        let kb = try await TestKnowledge.open()
        let id = try await kb.draft(
            "d",
            [
                article("b/1", "x", tags: ["t"]), article("a", "x"), article("b/2", "x", tags: ["s", "t"]), article("b%", "x"),
                TestKnowledge.operation("op", document: "pets"),
            ])
        let view = try await kb.view(.draft(id))
        func keys(_ filter: KnowledgeEntryFilter, after: String? = nil, limit: Int = 10) async throws -> [String] {
            try await kb.base.entries(of: view, filter: filter, after: after, limit: limit).map(\.key)
        }
        #expect(try await keys(KnowledgeEntryFilter(), limit: 2) == ["a", "b%"])
        #expect(try await keys(KnowledgeEntryFilter(), after: "b%") == ["b/1", "b/2", "op"])
        #expect(try await keys(KnowledgeEntryFilter(kind: .operation)) == ["op"])
        #expect(try await keys(KnowledgeEntryFilter(tag: "t")) == ["b/1", "b/2"])
        #expect(try await keys(KnowledgeEntryFilter(prefix: "b/")) == ["b/1", "b/2"])
        #expect(try await keys(KnowledgeEntryFilter(kind: .article, tag: "s", prefix: "b")) == ["b/2"])
    }

    @Test("a page of a draft is labelled with the version and the base that it was read of, also an empty one")
    func labels() async throws {
        let kb = try await TestKnowledge.open()
        let id = try await kb.draft("d", [article("a", "1"), article("b", "1"), article("c", "1")])
        let stale = try await kb.view(.draft(id))
        func expect(_ keys: [String], limit: Int = 10, location: SourceLocation = #_sourceLocation) async throws {
            let now = try await kb.view(.draft(id))
            let page = try await kb.base.seenEntries(of: stale, after: nil, limit: limit)
            #expect(page.view == now && page.entries.map(\.key) == keys, sourceLocation: location)
            let plain = try await kb.base.entries(of: now, after: nil, limit: limit)
            #expect(page.entries == plain, sourceLocation: location)
        }
        try await expect(["a", "b", "c"])
        try await kb.edit(id, KnowledgeEdit(puts: [article("b", "2")], removals: ["a"]))
        try await expect(["b", "c"])
        try await expect(["b"], limit: 1)
        try await kb.edit(id, KnowledgeEdit(removals: ["b", "c"]))
        try await expect([])
        try await kb.promote(try await kb.draft("other", [article("x", "1")]))
        try await kb.edit(id, .put(article("d", "1")))
        _ = try await kb.drafts.rebase(id, in: kb.project, audit: kb.test.audit)
        try await expect(["d", "x"])
        let active = try await kb.view()
        #expect(try await kb.base.seenEntries(of: active, after: "w", limit: 9).entries.map(\.key) == ["x"])
    }

    @Test("who edits what somebody else changed meanwhile is refused, and told what it is now")
    func lostUpdates() async throws {
        let kb = try await TestKnowledge.open(), id = try await kb.draft("d")
        try await kb.edit(id, .put(article("a", "1"), expected: .absent))
        let first = article("a", "1").content.hash, second = article("a", "2").content.hash
        let again = await failure { try await kb.edit(id, .put(article("a", "2"), expected: .absent)) }
        #expect(again?.code == .conflict && again?.field == "hash" && again?.message.contains(first.hex) == true)
        try await kb.edit(id, .put(article("a", "2"), expected: .hash(first)))
        let late = await failure { try await kb.edit(id, .put(article("a", "3"), expected: .hash(first))) }
        #expect(late?.field == "hash" && late?.message.contains(second.hex) == true)
        #expect(await failure { try await kb.edit(id, .remove("a", expected: .hash(first))) }?.field == "hash")
        #expect(try await kb.texts(.draft(id)) == ["a": "2"])
        #expect(try await kb.edit(id, .remove("a", expected: .hash(second))).removedCount == 1)
        #expect(await failure { try await kb.edit(id, .remove("a", expected: .hash(second))) }?.message.contains("not there") == true)
        #expect(await failure { try await kb.edit(id, .put(article("a", "3"), expected: .present)) }?.field == "hash")
        #expect(await failure { try await kb.edit(id, .remove("a", expected: .present)) }?.message.contains("not there") == true)
        try await kb.edit(id, .put(article("a", "4"), expected: .absent))
        #expect(try await kb.edit(id, .put(article("a", "5"), expected: .present)).changedCount == 1)
        #expect(try await kb.edit(id, .remove("a", expected: .present)).removedCount == 1)
        #expect(try await kb.drafts.edit(KnowledgeDraftID.make(), in: kb.project, .remove("a"), audit: kb.test.audit) == nil)
    }

    @Test("what changes nothing is no change: no row, no version, no entry of the log; contents are stored once")
    func unchanged() async throws {
        let kb = try await TestKnowledge.open()
        try await kb.promote(try await kb.draft("first", [article("a", "1")]))
        let id = try await kb.draft("d"), log = try await kb.number("SELECT count(*) AS n FROM audit_entries")
        let same = try await kb.edit(id, KnowledgeEdit(puts: [article("a", "1")], removals: ["x"]))
        #expect(same.unchangedCount == 2 && !same.hasChanges && same.draftVersion == 0)
        #expect(try await kb.number("SELECT count(*) AS n FROM audit_entries") == log)
        #expect(try await kb.edit(id, .put(article("a", "2"))).changedCount == 1)
        let undone = try await kb.edit(id, .put(article("a", "1")))
        #expect(undone.changedCount == 1 && undone.draftVersion == 2)
        #expect(try await kb.drafts.changes(of: id, limit: 1).isEmpty)
        #expect(await failure { try await kb.drafts.submit(id, in: kb.project, audit: kb.test.audit) }?.field == "changes")
        try await kb.edit(id, .put(KnowledgeEntry(key: "b", content: article("a", "1").content)))
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_contents") == 2)
        #expect(try await kb.number("SELECT count(*) AS n FROM knowledge_chunks WHERE words @@ to_tsquery('simple', 'a')") == 2)
        #expect(await failure { try await kb.edit(id, KnowledgeEdit(puts: [article("a", "1")], removals: ["a"])) }?.field == "key")
    }

    @Test("an upload takes the place of what its document had, and of nothing else; the same again changes nothing")
    func replacing() async throws {
        let kb = try await TestKnowledge.open()
        func operations(_ keys: [String], _ document: String, _ summary: String = "") -> [KnowledgeEntry] {
            keys.map { TestKnowledge.operation($0, document: document, summary: summary) }
        }
        let id = try await kb.draft("d", operations(["a", "b"], "pets") + operations(["c"], "shop") + [article("t", "x")])
        let first = try await kb.edit(
            id, KnowledgeEdit(puts: operations(["b", "d"], "pets", "new"), replaces: .document("pets")))
        #expect(first.addedCount == 1 && first.changedCount == 1 && first.removedCount == 1)
        let again = try await kb.edit(id, KnowledgeEdit(puts: operations(["b", "d"], "pets", "new"), replaces: .document("pets")))
        #expect(!again.hasChanges && again.unchangedCount == 2)
        let all = try await kb.edit(id, KnowledgeEdit(puts: [article("t", "x")], replaces: .prefix("")))
        #expect(all.removedCount == 3 && all.unchangedCount == 1)
        #expect(try await kb.texts(.draft(id)) == ["t": "x"])
    }

    @Test("keys that look the same and have other bytes are entries of their own, wherever they are put, kept or replaced")
    func keyBytes() async throws {
        let kb = try await TestKnowledge.open(), composed = "caf\u{e9}", decomposed = "cafe\u{301}"
        func keys(_ id: KnowledgeDraftID) async throws -> [EntryKey] {
            try await kb.base.entries(of: kb.view(.draft(id)), after: nil, limit: 10).map { EntryKey($0.key) }
        }
        let id = try await kb.draft("d")
        #expect(try await kb.edit(id, KnowledgeEdit(puts: [article(composed, "1"), article(decomposed, "1")])).addedCount == 2)
        #expect(try await keys(id) == [EntryKey(decomposed), EntryKey(composed)])
        let one = try await kb.edit(id, KnowledgeEdit(puts: [article(composed, "2")], replaces: .prefix("")))
        #expect(one.changedCount == 1 && one.removedCount == 1)
        #expect(try await keys(id) == [EntryKey(composed)])
        try await kb.edit(id, .put(article(decomposed, "3"), expected: .absent))
        let other = try await kb.edit(id, KnowledgeEdit(replaces: .prefix(""), keeping: [EntryKey(decomposed)]))
        #expect(other.removedCount == 1)
        #expect(try await keys(id) == [EntryKey(decomposed)])
        let moved = try await kb.edit(id, KnowledgeEdit(puts: [article(composed, "4")], removals: [decomposed]))
        #expect(moved.addedCount == 1 && moved.removedCount == 1)
        #expect(try await keys(id) == [EntryKey(composed)])
    }

    @Test("a draft is reviewed by those who had no hand in it, as often as is asked for, and every step is an event and in the log")
    func reviews() async throws {
        let kb = try await TestKnowledge.open(), project = kb.project
        let author = try await kb.user("author@x"), submitter = try await kb.user("submitter@x")
        let first = try await kb.user("first@x"), second = try await kb.user("second@x")
        let settings = KnowledgeSettings(requiredApprovals: 2, gate: Array(#"{"suite":"s"}"#.utf8))
        #expect(try await kb.base.set(settings, of: project, audit: kb.test.audit) == settings)
        #expect(try await kb.base.settings(of: project) == settings)
        let id = try await kb.draft("d")
        try await kb.edit(id, .put(article("a", "1")), audit: author)
        try await kb.edit(id, .put(article("a", "2")), audit: submitter)
        func review(_ audit: AuditDraft, _ decision: KnowledgeReview.Decision = .approve, version: Int? = nil) async throws
            -> KnowledgeDraft
        {
            let version = if let version { version } else { try await kb.find(id).version }
            return try #require(try await kb.drafts.review(id, in: project, version: version, decision, comment: "c", audit: audit))
        }
        #expect(try await kb.drafts.submit(id, in: project, audit: submitter)?.state == .inReview)
        #expect(await failure { try await kb.edit(id, .put(article("a", "3")), audit: author) }?.field == "state")
        #expect(await failure { try await review(author) }?.field == "own_draft")
        #expect(await failure { try await review(submitter) }?.field == "own_draft")
        #expect(await failure { try await review(kb.test.audit) }?.field == "not_a_person")
        #expect(await failure { try await review(first, version: 1) }?.field == "stale_version")
        #expect(try await review(first).state == .inReview)
        #expect(try await review(first).state == .inReview)
        #expect(await failure { try await kb.promotions.create(promoting: id, in: project, audit: first) }?.field == "state")
        #expect(try await review(second, .requestChanges).state == .open)
        try await kb.edit(id, .put(article("a", "4")), audit: author)
        _ = try await kb.drafts.submit(id, in: project, audit: author)
        #expect(try await review(second).state == .inReview)
        #expect(try await review(first).state == .approved)
        #expect(try await kb.drafts.withdraw(id, in: project, audit: author)?.state == .open)
        #expect(try await kb.drafts.reviews(of: id).map(\.decision) == [.approve, .approve, .requestChanges, .approve])
        #expect(
            try await kb.events(id.task) == [
                "task.running", "draft.changed", "draft.changed", "draft.submitted", "draft.reviewed", "draft.reviewed", "draft.changed",
                "draft.submitted", "draft.reviewed", "draft.reviewed", "draft.approved", "draft.withdrawn",
            ])
        #expect(
            try await kb.number("SELECT count(*) AS n FROM audit_entries WHERE resource_kind = 'knowledge_draft' AND action = 'testAction'")
                == 11)
    }

    @Test("a name is free again when its draft has ended, and a discarded draft stays as it is")
    func names() async throws {
        let kb = try await TestKnowledge.open(), project = kb.project, audit = kb.test.audit
        let id = try await kb.draft("d", [article("a", "1")])
        #expect(await failure { try await kb.draft("d") }?.field == "name")
        #expect(await failure { try await kb.draft("D d") }?.code == .invalid)
        #expect(try await kb.drafts.update(id, in: project, name: nil, description: "more", audit: audit)?.description == "more")
        #expect(try await kb.drafts.discard(id, in: project, audit: audit)?.state == .discarded)
        #expect(try await kb.task(id.task).state == .cancelled)
        #expect(await failure { try await kb.edit(id, .remove("a")) }?.field == "state")
        #expect(await failure { try await kb.drafts.update(id, in: project, name: "e", description: nil, audit: audit) }?.field == "state")
        #expect(await failure { try await kb.drafts.discard(id, in: project, audit: audit) }?.field == "state")
        #expect(try await kb.drafts.find(name: "d", in: project)?.id == id)
        let next = try await kb.draft("d")
        #expect(try await kb.drafts.find(name: "d", in: project)?.id == next)
        #expect(try await kb.drafts.list(in: project, page: PageRequest()).items.map(\.id) == [next])
        let page = try await kb.drafts.list(in: project, includingEnded: true, page: PageRequest(limit: 1))
        #expect(page.items.map(\.id) == [next])
        let rest = try await kb.drafts.list(in: project, includingEnded: true, page: PageRequest(limit: 1, cursor: page.nextCursor))
        #expect(rest.items.map(\.id) == [id] && rest.nextCursor == nil)
        #expect(await failure { try await kb.drafts.create(name: "x", in: ProjectID(high: 1, low: 1), audit: audit) }?.code == .notFound)
    }

    @Test("a draft that is being promoted keeps its name; it is described as before, and renamed when the promotion has ended")
    func namesWhilePromoting() async throws {
        let kb = try await TestKnowledge.open(), project = kb.project, audit = kb.test.audit
        let id = try await kb.draft("d", [article("a", "1")]), leased = try await kb.promoting(id)
        func update(name: String?, description: String? = nil) async throws -> KnowledgeDraft? {
            try await kb.drafts.update(id, in: project, name: name, description: description, audit: audit)
        }
        let refused = await failure { try await update(name: "e") }
        #expect(refused?.code == .conflict && refused?.field == "state")
        #expect(try await kb.find(id).name == "d")
        #expect(try await update(name: "d", description: "more")?.description == "more")
        try await kb.promotions.end(leased, .failed, message: "no")
        #expect(try await update(name: "e")?.name == "e")
    }
}
