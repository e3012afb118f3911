import Access
import ByteCoding
import HTTPTesting
import Testing

@Suite("Drafts of the knowledge base over HTTP")
struct KnowledgeDraftRouteTests {
    @Test("a draft is made, described, listed and discarded; its name is free again then")
    func life() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, root = KnowledgeRoutes.drafts
            let made = try await client.send(
                "createKnowledgeDraft", root, body: #"{"name":"main","description":"All of it."}"#, expect: 201)
            #expect(made.text("state") == "open" && made["version"]?.integerValue == 0 && made["changes"]?["added"]?.integerValue == 0)
            try await client.send("createKnowledgeDraft", root, body: #"{"name":"main"}"#, expect: 409)
            for wrong in ["Main", "", "-a", String(repeating: "a", count: 101), "a b"] {
                try await client.send("createKnowledgeDraft", root, body: #"{"name":"\#(wrong)"}"#, expect: 422)
            }
            let renamed = try await client.send("updateKnowledgeDraft", root + "/main", body: #"{"name":"second"}"#, expect: 200)
            #expect(renamed.text("name") == "second" && renamed.text("description") == "All of it.")
            try await client.send("getKnowledgeDraft", root + "/main", expect: 404)
            let byID = try await client.send("getKnowledgeDraft", root + "/" + made.text("id"), expect: 200)
            #expect(byID.text("name") == "second")
            #expect(try await client.send("listKnowledgeDrafts", root, expect: 200).data.map { $0.text("name") } == ["second"])

            let tag = try #require(try await routes.send("GET", root + "/second", expect: 200).headers["etag"])
            _ = try await routes.send("GET", root + "/second", headers: [("if-none-match", tag)], expect: 304)
            try await routes.write("second", "a", "1")
            _ = try await routes.send("GET", root + "/second", headers: [("if-none-match", tag)], expect: 200)
            let open = try #require(try await routes.send("GET", root + "/second", expect: 200).headers["etag"])
            try await client.send("submitKnowledgeDraft", root + "/second/submit", expect: 200)
            _ = try await routes.send("GET", root + "/second", headers: [("if-none-match", open)], expect: 200)

            let stranger = try await routes.stranger()
            try await stranger.send("getKnowledgeDraft", root + "/second", expect: 404)
            #expect(try await stranger.send("listKnowledgeDrafts", root + "?include_ended=true", expect: 200).data.isEmpty)
            _ = try await routes.send("DELETE", root + "/second", expect: 204)
            try await client.send("discardKnowledgeDraft", root + "/second", expect: 409)
            #expect(try await client.send("listKnowledgeDrafts", root, expect: 200).data.isEmpty)
            let all = try await client.send("listKnowledgeDrafts", root + "?include_ended=true", expect: 200)
            #expect(all.data.map { $0.text("state") } == ["discarded"])
            try await routes.draft("second")
        }
    }

    @Test("people review: not keys, not who wrote or submitted, of the version they read, as many as are asked for")
    func reviews() async throws {
        try await KnowledgeRoutes.with { routes in
            let team = try await Team.make(routes.installation), client = routes.client
            let path = try await routes.draft("main", ["a": "1"])
            try await client.send(
                "replaceKnowledgeSettings", KnowledgeRoutes.root + "/settings", body: #"{"required_approvals":1}"#, expect: 200)
            let (member, headers) = try routes.person(team.tokens[.member]), (admin, _) = try routes.person(team.tokens[.admin])
            func review(_ who: RecordingClient, _ decision: String, version: Int, expect status: Int) async throws -> JSONValue {
                try await who.send(
                    "reviewKnowledgeDraft", path + "/review", body: #"{"version":\#(version),"decision":"\#(decision)","comment":"So."}"#,
                    headers: headers, expect: status)
            }
            let submitted = try await member.send("submitKnowledgeDraft", path + "/submit", headers: headers, expect: 200)
            #expect(submitted.text("state") == "in_review" && submitted.text("submitted_by") == "member@team.example")
            _ = try await review(client, "approve", version: 1, expect: 403)
            let own = try await review(member, "approve", version: 1, expect: 409)
            #expect(own["errors"]?.arrayValue?.first?.text("field") == "own_draft")
            let stale = try await review(admin, "approve", version: 0, expect: 409)
            #expect(stale["errors"]?.arrayValue?.first?.text("field") == "stale_version")
            _ = try await review(admin, "maybe", version: 1, expect: 422)
            let back = try await review(admin, "request_changes", version: 1, expect: 200)
            #expect(back.text("state") == "open" && back["version"]?.integerValue == 2)
            #expect(back["reviews"]?.arrayValue?.first?.text("decision") == "request_changes")
            try await client.send("promoteKnowledgeDraft", path + "/promote", body: "{}", expect: 409)
            try await member.send("submitKnowledgeDraft", path + "/submit", headers: headers, expect: 200)
            #expect(try await review(admin, "approve", version: 2, expect: 200).text("state") == "approved")
            try await member.send("promoteKnowledgeDraft", path + "/promote", body: "{}", headers: headers, expect: 403)
            let withdrawn = try await member.send("withdrawKnowledgeDraft", path + "/withdraw", headers: headers, expect: 200)
            #expect(withdrawn.text("state") == "open" && withdrawn["version"]?.integerValue == 3)
        }
    }

    @Test("a draft whose base is old is rebased; conflicts are named one by one, and decided")
    func rebase() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client
            try await routes.draft("first", ["a": "one\n", "b": "one\n", "c": "one\n"])
            try await routes.promote("first")
            let path = try await routes.draft("late", ["a": "late\n", "b": "late\n", "d": "new\n"])
            let soon = try await client.send("rebaseKnowledgeDraft", path + "/rebase", body: "{}", expect: 409)
            #expect(soon["errors"]?.arrayValue?.first?.text("field") == "not_needed" && soon["conflicts"] == nil)
            try await routes.draft("quick", ["a": "quick\n", "c": "quick\n"])
            try await routes.remove("quick", "b")
            try await routes.promote("quick")
            try await client.send("submitKnowledgeDraft", path + "/submit", expect: 200)
            let moved = try await client.send("promoteKnowledgeDraft", path + "/promote", body: "{}", expect: 409)
            #expect(moved["errors"]?.arrayValue?.first?.text("field") == "base_moved")

            let refused = try await client.send("rebaseKnowledgeDraft", path + "/rebase", body: "{}", expect: 409)
            #expect(refused.text("type") == "urn:spandrel:problem:rebase-conflicts" && refused["onto"]?.integerValue == 2)
            let conflicts = refused["conflicts"]?.arrayValue ?? []
            #expect(conflicts.map { $0.text("key") } == ["a", "b"] && refused["conflict_count"]?.integerValue == 2)
            #expect(conflicts.first?["paths"]?.arrayValue?.first?.stringValue == "content.markdown")
            #expect(conflicts.last?["theirs"]?.isNull == true && conflicts.last?["paths"]?.arrayValue?.isEmpty == true)
            for (wrong, field) in [
                (#"{"resolutions":{"a":"both"}}"#, "resolutions[a]"), (#"{"resolutions":[]}"#, "resolutions"),
                (#"{"resolutions":{"a":{"content":{}}}}"#, "resolutions[a].content.title"), (#"{"onto":-1}"#, "onto"),
            ] {
                let problem = try await client.send("rebaseKnowledgeDraft", path + "/rebase", body: wrong, expect: 422)
                #expect(problem["errors"]?.arrayValue?.contains { $0.text("field") == field } == true, "\(wrong)")
            }
            let decided = #"{"a":{"content":\#(KnowledgeRoutes.article("T", "both\n"))},"b":"theirs"}"#
            try await client.send("rebaseKnowledgeDraft", path + "/rebase", body: #"{"onto":1,"resolutions":\#(decided)}"#, expect: 409)
            let rebased = try await client.send(
                "rebaseKnowledgeDraft", path + "/rebase", body: #"{"onto":2,"resolutions":\#(decided)}"#, expect: 200)
            #expect(rebased["draft"]?.text("state") == "open" && rebased["draft"]?["base_revision"]?.integerValue == 2)
            try await routes.promote("late")
            #expect(try await routes.activeTexts() == ["a": "both\n", "c": "quick\n", "d": "new\n"])
        }
    }

    @Test("a draft's difference names what is added, changed and removed, and shows each in text and structure")
    func differences() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client
            try await routes.draft("first", ["a": "one\ntwo\n", "b": "x\n"])
            try await routes.promote("first")
            let path = try await routes.draft("next", ["a": "one\nthree\n", "c": "y\n"])
            try await routes.remove("next", "b")
            let first = try await client.send("diffKnowledgeDraft", path + "/diff?limit=2", expect: 200)
            #expect(first.data.map { $0.text("key") + " " + $0.text("change") } == ["a changed", "b removed"])
            let rest = try await client.send("diffKnowledgeDraft", path + "/diff?cursor=" + first.text("next_cursor"), expect: 200)
            #expect(rest.data.map { $0.text("key") + " " + $0.text("change") } == ["c added"] && rest["next_cursor"] == .null)
            let one = try await client.send("diffKnowledgeDraftEntry", path + "/diff/a", expect: 200)
            #expect(one.text("text").contains("-two\n+three\n") && one["fields"]?.arrayValue?.isEmpty == true)
            let added = try await client.send("diffKnowledgeDraftEntry", path + "/diff/c", expect: 200)
            #expect(added["before"]?.isNull == true && added["fields"]?.arrayValue?.contains { $0.text("path") == "title" } == true)
            try await client.send("diffKnowledgeDraftEntry", path + "/diff/none", expect: 404)
            let shown = try await client.send("getKnowledgeDraft", path, expect: 200)["changes"]
            #expect(["added", "changed", "removed"].map { shown?[$0]?.integerValue } == [1, 1, 1])
        }
    }

    @Test("tasks of promotions and drafts are cancelled by whoever may do what they do")
    func cancelling() async throws {
        try await KnowledgeRoutes.with { routes in
            let client = routes.client, path = try await routes.draft("main", ["a": "1"])
            try await client.send("submitKnowledgeDraft", path + "/submit", expect: 200)
            let task = try await client.send("promoteKnowledgeDraft", path + "/promote", body: "{}", expect: 202)
            let renamed = try await client.send("updateKnowledgeDraft", path, body: #"{"name":"other"}"#, expect: 409)
            #expect(renamed["errors"]?.arrayValue?.first?.text("field") == "state")
            let cancel = "/api/v1/tasks/\(task.text("id"))/cancel"
            let runner = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .run, .write]))
            func holder(_ scopes: Set<Scope>) async throws -> RecordingClient {
                RecordingClient(routes.server, routes.contract, key: try await routes.installation.key(scopes))
            }
            let writer = try await holder([.read, .write]), promoter = try await holder([.read, .admin])
            try await runner.send("cancelTask", cancel, expect: 403)
            try await writer.send("cancelTask", cancel, expect: 403)
            #expect(try await promoter.send("cancelTask", cancel, expect: 200).text("state") == "cancelled")
            try await client.send("cancelTask", cancel, expect: 409)
            let draft = try await client.send("getKnowledgeDraft", path, expect: 200)
            #expect(draft.text("state") == "approved" && draft.text("promotion_id") == task.text("id"))
            try await promoter.send("cancelTask", "/api/v1/tasks/\(draft.text("id"))/cancel", expect: 403)
            let ended = try await writer.send("cancelTask", "/api/v1/tasks/\(draft.text("id"))/cancel", expect: 200)
            #expect(ended.text("state") == "cancelled")
            #expect(try await client.send("getKnowledgeDraft", path, expect: 200).text("state") == "discarded")
            try await runner.send("cancelTask", "/api/v1/tasks/\(draft.text("id"))/cancel", expect: 409)
        }
    }
}
