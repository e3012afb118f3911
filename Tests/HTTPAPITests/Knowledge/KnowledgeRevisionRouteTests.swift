import ByteCoding
import HTTPTesting
import Testing

@Suite("Revisions of the knowledge base over HTTP")
struct KnowledgeRevisionRouteTests {
    @Test("revisions are listed, read and compared; what was stays as it was")
    func history() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, root = KnowledgeRoutes.revisions
            try await routes.draft("one", ["a": "1\n", "b": "1\n"])
            try await routes.promote("one")
            try await routes.draft("two", ["a": "2\n"])
            try await routes.remove("two", "b")
            try await routes.promote("two")
            let list = try await client.send("listKnowledgeRevisions", root + "?limit=1", expect: 200)
            #expect(list.data.map { $0["revision"]?.integerValue } == [2] && list.text("next_cursor") == "2")
            let rest = try await client.send("listKnowledgeRevisions", root + "?cursor=2", expect: 200)
            #expect(rest.data.map { $0.text("draft_name") } == ["one"])
            #expect(try await client.send("getKnowledgeRevision", root + "/1", expect: 200)["entry_count"]?.integerValue == 2)
            let entries = try await client.send("listKnowledgeRevisionEntries", root + "/1/entries", expect: 200)
            #expect(entries.data.map { $0.text("key") } == ["a", "b"])
            let old = try await client.send("getKnowledgeRevisionEntry", root + "/1/entries/a", expect: 200)
            #expect(old["content"]?["content"]?.text("markdown") == "1\n" && old["introduced_in"]?.integerValue == 1)
            func changes(_ query: String) async throws -> [String] {
                try await client.send("diffKnowledgeRevisions", root + query, expect: 200).data.map {
                    $0.text("key") + " " + $0.text("change")
                }
            }
            #expect(try await changes("/2/diff") == ["a changed", "b removed"])
            #expect(try await changes("/1/diff?against=2") == ["a changed", "b added"])
            #expect(try await changes("/2/diff?against=0") == ["a added"])
            #expect(try await changes("/2/diff?against=2").isEmpty)
            let one = try await client.send("diffKnowledgeRevisionEntry", root + "/2/diff/a", expect: 200)
            #expect(one.text("text").contains("-1\n+2\n"))
            try await client.send("diffKnowledgeRevisionEntry", root + "/2/diff/c", expect: 404)
            try await client.send("diffKnowledgeRevisions", root + "/2/diff?against=3", expect: 400)
            for number in ["0", "3", "x", "-1", "99999999999"] {
                try await client.send("getKnowledgeRevision", "\(root)/\(number)", expect: 404)
            }
            let stranger = try await routes.stranger()
            try await stranger.send("getKnowledgeRevision", root + "/1", expect: 404)
            try await stranger.send("listKnowledgeRevisionEntries", root + "/1/entries", expect: 404)
        }
    }

    @Test("an earlier revision becomes active again as a new one")
    func restore() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, root = KnowledgeRoutes.revisions
            try await routes.draft("one", ["a": "1\n"])
            try await routes.promote("one")
            try await routes.draft("two", ["a": "2\n", "b": "2\n"])
            try await routes.promote("two")
            let task = try await client.send("restoreKnowledgeRevision", root + "/1/restore", body: #"{"message":"Back."}"#, expect: 202)
            #expect(task.text("kind") == "knowledge_promotion")
            try await client.send("restoreKnowledgeRevision", root + "/1/restore", body: "{}", expect: 409)
            try await routes.publish()
            #expect(try await routes.activeTexts() == ["a": "1\n"])
            let shown = try await client.send("getKnowledgeRevision", root + "/3", expect: 200)
            #expect(shown["restored_revision"]?.integerValue == 1 && shown.text("message") == "Back." && shown["draft_id"] == .null)
            try await client.send("restoreKnowledgeRevision", root + "/3/restore", body: "{}", expect: 409)
            try await client.send("restoreKnowledgeRevision", root + "/4/restore", body: "{}", expect: 404)
        }
    }

    @Test("an entry's history says who did what with which revision, also after it is gone, page by page")
    func entryHistory() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, path = KnowledgeRoutes.root + "/entries/a%2Fb/history"
            func history(_ query: String = "") async throws -> JSONValue {
                try await client.send("listKnowledgeEntryHistory", path + query, expect: 200)
            }
            try await client.send("listKnowledgeEntryHistory", path, expect: 404)
            try await routes.draft("one", ["a/b": "1\n", "c": "1\n"])
            try await client.send("listKnowledgeEntryHistory", path, expect: 404)
            try await routes.promote("one")
            try await routes.draft("two", ["c": "2\n"])
            try await routes.promote("two")
            try await routes.draft("three", ["a/b": "3\n"])
            try await routes.promote("three")
            try await routes.draft("four")
            try await routes.remove("four", "a%2Fb")
            try await routes.promote("four")
            try await client.send(
                "restoreKnowledgeRevision", KnowledgeRoutes.revisions + "/1/restore", body: #"{"message":"Back."}"#, expect: 202)
            try await routes.publish()
            let events = try await history().data
            #expect(events.map { $0["revision"]?.integerValue } == [5, 4, 3, 1])
            #expect(events.map { $0.text("change") } == ["added", "removed", "changed", "added"])
            #expect(events[0].text("hash") == events[3].text("hash") && events[1]["hash"] == .null && events[1]["tags"] == .null)
            #expect(events[0]["restored_revision"]?.integerValue == 1 && events[0]["draft_name"] == .null)
            #expect(events[0].text("message") == "Back." && events[3].text("draft_name") == "one")
            #expect(events.allSatisfy { !$0.text("author").isEmpty && !$0.text("promoted_by").isEmpty })
            // Page by page.
            let first = try await history("?limit=3")
            #expect(first.data.count == 3 && first.text("next_cursor") == "3")
            let rest = try await history("?limit=3&cursor=3")
            #expect(rest.data.map { $0["revision"]?.integerValue } == [1] && rest["next_cursor"] == .null)
            #expect(try await history("?cursor=1").data.isEmpty)
            try await client.send("listKnowledgeEntryHistory", path + "?cursor=x", expect: 400)
            try await client.send("listKnowledgeEntryHistory", KnowledgeRoutes.root + "/entries/%2E%2E/history", expect: 404)
            try await routes.stranger().send("listKnowledgeEntryHistory", path, expect: 404)
        }
    }
}
