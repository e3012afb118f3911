import ByteCoding
import HTTPTesting
import KnowledgeImport
import KnowledgeModel
import Testing

@Suite("The active knowledge over HTTP")
struct KnowledgeActiveRouteTests {
    @Test("who has the revision or the entry is told 304; who has an older one is not")
    func tags() async throws {
        try await KnowledgeRoutes.with { routes in
            let active = KnowledgeRoutes.active, entry = active + "/entries/a"
            let none = try await routes.client.send("getActiveKnowledge", active, expect: 200)
            #expect(none["revision"]?.integerValue == 0 && none["promoted"]?.isNull == true)
            try await routes.draft("main", ["a": "# One\n", "b": "# Two\n"])
            try await routes.promote("main")
            let shown = try await routes.client.send("getActiveKnowledge", active, expect: 200)
            #expect(shown["revision"]?.integerValue == 1 && shown["entry_count"]?.integerValue == 2)
            #expect(shown["promoted"]?.text("draft_name") == "main" && shown["promoted"]?.text("message") == "Go.")
            for path in [active, active + "/entries", active + "/export", KnowledgeRoutes.revisions + "/1"] {
                let first = try await routes.send("GET", path, expect: 200)
                #expect(first.headers["etag"] == "\"1\"")
                let again = try await routes.send("GET", path, headers: [("if-none-match", "\"0\", W/\"1\"")], expect: 304)
                #expect(again.body.isEmpty && again.headers["etag"] == "\"1\"")
                _ = try await routes.send("GET", path, headers: [("if-none-match", "\"0\"")], expect: 200)
            }
            let tag = try #require(try await routes.send("GET", entry, expect: 200).headers["etag"])
            _ = try await routes.send("GET", entry, headers: [("if-none-match", tag)], expect: 304)
            let text = try await routes.send("GET", entry + "?format=markdown", expect: 200)
            #expect(text.text == "# One\n" && text.headers["content-type"] == "text/markdown; charset=utf-8" && text.headers["etag"] == tag)
            try await routes.client.send("getActiveKnowledgeEntry", entry + "?format=odd", expect: 400)

            try await routes.draft("next", ["b": "# Two and more\n"])
            try await routes.promote("next")
            _ = try await routes.send("GET", active, headers: [("if-none-match", "\"1\"")], expect: 200)
            _ = try await routes.send("GET", entry, headers: [("if-none-match", tag)], expect: 304)
        }
    }

    @Test("who waits for a later revision is answered as soon as it is active; who knows an older one at once")
    func waiting() async throws {
        try await KnowledgeRoutes.with { routes in
            let active = KnowledgeRoutes.active
            try await routes.draft("main", ["a": "1"])
            let started = ContinuousClock.now
            async let told = routes.client.send("getActiveKnowledge", active + "?after=0&wait=50", expect: 200)
            async let other = try await routes.stranger().send("getActiveKnowledge", active + "?after=0&wait=1", expect: 200)
            try await routes.promote("main")
            #expect(try await told["revision"]?.integerValue == 1)
            #expect(ContinuousClock.now - started < .seconds(45))
            #expect(try await other["revision"]?.integerValue == 0, "another project's revision wakes nobody")
            let atOnce = try await routes.client.send("getActiveKnowledge", active + "?after=0&wait=50", expect: 200)
            #expect(atOnce["revision"]?.integerValue == 1)
            _ = try await routes.send("GET", active + "?after=1&wait=1", headers: [("if-none-match", "\"1\"")], expect: 304)
            for wrong in ["?wait=5", "?after=x", "?after=0&wait=51", "?odd=1"] {
                try await routes.client.send("getActiveKnowledge", active + wrong, expect: 400)
            }
        }
    }

    @Test("all pages of a list are of one revision, whatever is promoted between them")
    func pages() async throws {
        try await KnowledgeRoutes.with { routes in
            try await routes.draft("main", ["a": "1", "b": "1", "c": "1"])
            try await routes.promote("main")
            let path = KnowledgeRoutes.active + "/entries"
            let first = try await routes.client.send("listActiveKnowledgeEntries", path + "?limit=1", expect: 200)
            try await routes.draft("next", ["aa": "2"])
            try await routes.remove("next", "b")
            try await routes.promote("next")
            let cursor = first.text("next_cursor").replacing(":", with: "%3A")
            let second = try await routes.client.send("listActiveKnowledgeEntries", path + "?cursor=\(cursor)", expect: 200)
            #expect(second["revision"]?.integerValue == 1 && second.data.map { $0.text("key") } == ["b", "c"])
            #expect(try await Set(routes.activeTexts().keys) == ["a", "aa", "c"])
            for wrong in ["x", "9:a", "-1:a", "1"] {
                try await routes.client.send("listActiveKnowledgeEntries", path + "?cursor=\(wrong)", expect: 400)
            }
        }
    }

    @Test("the export is an archive that is read back as what is active")
    func export() async throws {
        try await KnowledgeRoutes.with { routes in
            let empty = try await routes.send("GET", KnowledgeRoutes.active + "/export", expect: 200)
            let nothing = try KnowledgeArchive.read(empty.body)
            #expect(nothing.entries.isEmpty)
            let texts = ["refunds/policy": "# Refunds\n", "zebra": "# Zebra\n", "a": "# A\n"]
            try await routes.draft("main", texts)
            try await routes.promote("main")
            let answer = try await routes.send("GET", KnowledgeRoutes.active + "/export", expect: 200)
            #expect(answer.headers["content-type"] == "application/zip")
            #expect(answer.headers["content-disposition"] == "attachment; filename=\"knowledge-1.zip\"")
            let read = try KnowledgeArchive.read(answer.body)
            #expect(read.problems.isEmpty && Set(read.entries.map(\.key)) == Set(texts.keys))
            for entry in read.entries {
                guard case .article(let article) = entry.content.body else {
                    Issue.record("\(entry.key) is no article")
                    continue
                }
                #expect(article.markdown == texts[entry.key])
            }
        }
    }

    @Test("settings are checked as a run's request is, and shown as they were set")
    func settings() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, path = KnowledgeRoutes.root + "/settings"
            let first = try await client.send("getKnowledgeSettings", path, expect: 200)
            #expect(first["required_approvals"]?.integerValue == 0 && first["gate"]?.isNull == true)
            try await client.send("createSuite", "/api/v1/suites", body: #"{"name":"agents"}"#, expect: 201)
            func target(_ prompt: String) -> String {
                #"{"name":"a","kind":"model","provider":"openai","model":"m","prompt":"\#(prompt)"}"#
            }
            let gate = #"{"suite":"agents","targets":[\#(target("{{context}} {{input}}"))]}"#
            let set = try await client.send(
                "replaceKnowledgeSettings", path, body: #"{"required_approvals":2,"gate":\#(gate)}"#, expect: 200)
            #expect(set["gate"]?.text("suite") == "agents")
            #expect(try await client.send("getKnowledgeSettings", path, expect: 200) == set)
            for (wrong, field) in [
                (#"{"required_approvals":11}"#, "required_approvals"), (#"{"gate":[]}"#, "gate"), (#"{"gate":{}}"#, "gate.targets"),
                (gate.replacing("agents", with: "none").wrapped, "gate.suite"), (#"{"odd":1}"#, "odd"),
                (#"{"suite":"agents","targets":[\#(target("{{input}}"))]}"#.wrapped, "gate.targets"),
                (#"{"suite":"agents","targets":[{"name":"code","kind":"exec"}]}"#.wrapped, "gate.targets"),
            ] {
                let refused = try await client.send("replaceKnowledgeSettings", path, body: wrong, expect: 422)
                let fields = refused["errors"]?.arrayValue?.map { $0.text("field") } ?? []
                #expect(fields.contains(field), "\(wrong): \(fields)")
            }
        }
    }
}

extension String {
    /// As a gate of settings.
    fileprivate var wrapped: String { #"{"gate":\#(self)}"# }
}
