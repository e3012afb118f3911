import ByteCoding
import HTTPTesting
import Testing

@Suite("Entries of the knowledge base over HTTP")
struct KnowledgeEntryRouteTests {
    @Test("a draft's entries are put, read, replaced and taken out; what is active stays until the promotion")
    func entries() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, draft = try await routes.draft("main"), path = draft + "/entries/refunds%2Fpolicy"
            let body = KnowledgeRoutes.article(
                "Refunds", "# Refunds\n", tags: ["billing"],
                more: #","source":{"trace_id":"0102030405060708090a0b0c0d0e0f10","span_id":"0102030405060708"}"#)
            let put = try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-none-match", "*")], expect: 201)
            #expect(put.text("key") == "refunds/policy" && put.text("change") == "added" && put["draft_version"]?.integerValue == 1)
            let hash = put.text("hash")
            let shown = try await client.send("getKnowledgeDraftEntry", path, expect: 200)
            #expect(shown.text("hash") == hash && shown["content"]?["content"]?.text("markdown") == "# Refunds\n")
            #expect(shown["source"]?.text("span_id") == "0102030405060708" && shown["introduced_in"]?.isNull == true)
            let same = try await client.send(
                "putKnowledgeDraftEntry", path, body: body, headers: [("if-match", "\"\(hash)\"")], expect: 200)
            #expect(same.text("change") == "unchanged" && same["draft_version"]?.integerValue == 1)
            #expect(try await routes.activeTexts().isEmpty)
            try await client.send("getActiveKnowledgeEntry", KnowledgeRoutes.active + "/entries/refunds%2Fpolicy", expect: 404)

            let list = try await client.send(
                "listKnowledgeDraftEntries", draft + "/entries?kind=article&tag=billing&prefix=ref", expect: 200)
            #expect(list.data.map { $0.text("key") } == ["refunds/policy"] && list["draft_version"]?.integerValue == 1)
            #expect(try await client.send("listKnowledgeDraftEntries", draft + "/entries?tag=other", expect: 200).data.isEmpty)
            try await client.send("listKnowledgeDraftEntries", draft + "/entries?kind=odd", expect: 400)
            try await client.send("listKnowledgeDraftEntries", draft + "/entries?prefix=%00", expect: 400)

            try await routes.promote("main")
            #expect(try await routes.activeTexts() == ["refunds/policy": "# Refunds\n"])
            let stranger = try await routes.stranger()
            #expect(try await stranger.send("listActiveKnowledgeEntries", KnowledgeRoutes.active + "/entries", expect: 200).data.isEmpty)
            try await stranger.send("getKnowledgeDraftEntry", path, expect: 404)
        }
    }

    @Test("an edit that does not say what it replaces is told 428, one that says something else 412, and nothing is lost")
    func conditions() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, draft = try await routes.draft("main"), path = draft + "/entries/a"
            let body = KnowledgeRoutes.article("A", "one")
            try await client.send("putKnowledgeDraftEntry", path, body: body, expect: 428)
            try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-match", "*")], expect: 412)
            try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-match", "\"odd\"")], expect: 412)
            try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-match", "odd")], expect: 400)
            try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-none-match", "\"a\"")], expect: 400)
            let hash = try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-none-match", "*")], expect: 201)
                .text("hash")
            let taken = try await client.send("putKnowledgeDraftEntry", path, body: body, headers: [("if-none-match", "*")], expect: 412)
            #expect(taken["errors"]?.arrayValue?.first?.text("field") == "hash" && taken.text("detail").contains(hash))
            let next = KnowledgeRoutes.article("A", "two"), lost = KnowledgeRoutes.article("A", "three")
            let newer = try await client.send(
                "putKnowledgeDraftEntry", path, body: next, headers: [("if-match", "\"\(hash)\"")], expect: 200
            ).text("hash")
            try await client.send("putKnowledgeDraftEntry", path, body: lost, headers: [("if-match", "\"\(hash)\"")], expect: 412)
            #expect(try await client.send("getKnowledgeDraftEntry", path, expect: 200)["content"]?["content"]?.text("markdown") == "two")

            try await client.send("deleteKnowledgeDraftEntry", path, expect: 428)
            try await client.send("deleteKnowledgeDraftEntry", path, headers: [("if-match", "\"\(hash)\"")], expect: 412)
            _ = try await routes.send("DELETE", path, headers: [("if-match", "\"\(newer)\"")], expect: 204)
            try await client.send("deleteKnowledgeDraftEntry", path, headers: [("if-match", "\"\(newer)\"")], expect: 412)
            try await client.send("deleteKnowledgeDraftEntry", path, headers: [("if-none-match", "*")], expect: 404)

            try await routes.draft("closed", ["a": "x"])
            try await client.send("submitKnowledgeDraft", KnowledgeRoutes.drafts + "/closed/submit", expect: 200)
            let closed = try await client.send(
                "putKnowledgeDraftEntry", KnowledgeRoutes.drafts + "/closed/entries/a", body: body, headers: [("if-match", "*")],
                expect: 409)
            #expect(closed["errors"]?.arrayValue?.first?.text("field") == "state")
        }
    }

    @Test("the tag of a draft's list is no other draft's, also of one of the same name and version")
    func listTags() async throws {
        try await KnowledgeRoutes.with { routes in
            let path = try await routes.draft("main", ["one": "1"])
            let tag = try #require(try await routes.send("GET", path + "/entries", expect: 200).headers["etag"])
            _ = try await routes.send("GET", path + "/entries", headers: [("if-none-match", tag)], expect: 304)
            _ = try await routes.send("DELETE", path, expect: 204)
            try await routes.draft("main", ["two": "2"])
            let other = try await routes.send("GET", path + "/entries", headers: [("if-none-match", tag)], expect: 200)
            #expect(other.text.contains("\"two\"") && other.headers["etag"] != tag)
        }
    }

    @Test("a page of a draft that is edited meanwhile carries the version that it was read of")
    func labels() async throws {
        try await KnowledgeRoutes.with { routes in
            let path = try await routes.draft("main"), editCount = 60
            @Sendable func put(_ number: Int, _ condition: (String, String)) async throws {
                try await routes.client.send(
                    "putKnowledgeDraftEntry", path + "/entries/a", body: KnowledgeRoutes.article("v\(number)", "x"), headers: [condition],
                    expect: number == 1 ? 201 : 200)
            }
            try await put(1, ("if-none-match", "*"))
            async let edits: Void = { for number in 2...editCount { try await put(number, ("if-match", "*")) } }()
            var version: Int64 = 0
            while version < editCount {
                let page = try await routes.client.send("listKnowledgeDraftEntries", path + "/entries", expect: 200)
                version = page["draft_version"]?.integerValue ?? Int64(editCount)
                #expect(page.data.map { $0.text("title") } == ["v\(version)"])
            }
            try await edits
        }
    }

    @Test("If-Match: * changes what is there and makes nothing anew, also while it is taken out")
    func present() async throws {
        try await KnowledgeRoutes.with { routes in
            let draft = try await routes.draft("main"), next = KnowledgeRoutes.article("A", "two")
            let headers = [("if-match", "*"), ("authorization", "Bearer \(routes.key)"), ("content-type", "application/json")]
            for round in 0..<30 {
                try await routes.write("main", "a\(round)", "one")
                let path = draft + "/entries/a\(round)"
                async let put = routes.server.send("PUT", path, headers: headers, body: Array(next.utf8))
                async let removed = routes.server.send("DELETE", path, headers: headers, body: [])
                #expect(try await [200, 412].contains(put.status), "round \(round)")
                #expect(try await removed.status == 204, "round \(round)")
                _ = try await routes.send("GET", path, expect: 404)
            }
        }
    }

    @Test(
        "keys are what the path says, percent-decoded; what no entry can be called is refused",
        arguments: [
            ("a%2Fb%2Fc", "a/b/c"), ("%E6%BC%A2%20%3F%23%25", "漢 ?#%"), ("GET%20%2Fpets%2F%7Bid%7D", "GET /pets/{id}"), ("a+b", "a+b"),
        ])
    func keys(encoded: String, key: String) async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, draft = try await routes.draft("main"), body = KnowledgeRoutes.article("A", "one")
            let absent = [("if-none-match", "*")]
            let put = try await client.send(
                "putKnowledgeDraftEntry", "\(draft)/entries/\(encoded)", body: body, headers: absent, expect: 201)
            #expect(put.text("key") == key)
            #expect(try await client.send("getKnowledgeDraftEntry", "\(draft)/entries/\(encoded)", expect: 200).text("key") == key)
            #expect(try await client.send("diffKnowledgeDraftEntry", "\(draft)/diff/\(encoded)", expect: 200).text("change") == "added")
            for wrong in ["a%2F..%2Fb", "%00", "%0A", "%20a", String(repeating: "k", count: 513)] {
                try await client.send("putKnowledgeDraftEntry", "\(draft)/entries/\(wrong)", body: body, headers: absent, expect: 422)
                try await client.send("getKnowledgeDraftEntry", "\(draft)/entries/\(wrong)", expect: 404)
            }
        }
    }

    @Test("a content that is none is refused with every fault by its path")
    func contents() async throws {
        try await KnowledgeRoutes.with { routes in
            let path = try await routes.draft("main") + "/entries/a"
            for (wrong, field) in [
                (#"{"kind":"article","content":{"markdown":"x"}}"#, "title"), (#"{"title":"A","kind":"odd","content":{}}"#, "kind"),
                (#"{"title":"A","kind":"article","content":{"markdown":"x","more":1}}"#, "content.more"),
                (KnowledgeRoutes.article("A", "x", more: #","source":{"trace_id":"x"}"#), "source.trace_id"),
                (KnowledgeRoutes.article("A", "x", more: #","source":{"odd":"x"}"#), "source"),
                (KnowledgeRoutes.article("A", "x", more: #","odd":1"#), "odd"), (KnowledgeRoutes.article(#"\u0000"#, "x"), "title"),
            ] {
                let refused = try await routes.client.send(
                    "putKnowledgeDraftEntry", path, body: wrong, headers: [("if-none-match", "*")], expect: 422)
                let fields = refused["errors"]?.arrayValue?.map { $0.text("field") } ?? []
                #expect(fields.contains(field), "\(wrong): \(fields)")
            }
        }
    }
}
