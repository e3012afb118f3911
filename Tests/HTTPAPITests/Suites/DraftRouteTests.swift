import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing

@Suite("Drafts of test cases over HTTP")
struct DraftRouteTests {
    private static let trace = "0102030405060708090a0b0c0d0e0f10"

    @Test("drafts are asked for, listed, accepted with edits, dropped; each once, and by whoever may")
    func drafts() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client
            try await SpanTestCaseRouteTests.export(routes.server, try await routes.installation.key([.ingest]))
            let suite = try await routes.suite("suite", cases: [RunRoutes.testCase("a")]), path = suite + "/drafts"
            let body = #"{"trace_ids":["\#(Self.trace)","\#(Self.trace)"],"instruction":"Hard ones.","maximum_drafts":3}"#
            let task = try await client.send("requestDrafts", path, body: body, expect: 202)
            #expect(task.text("kind") == "test_case_drafts" && task["progress"]?["total"]?.integerValue == 1, "a trace is read once")
            let ids = try await routes.installation.writeDrafts(["peru", "a", "chile", "gone"]).map(\.uuid)

            let listed = try await client.send("listDrafts", path + "?state=proposed&limit=3", expect: 200)
            #expect(listed["data"]?.arrayValue?.count == 3 && listed["next_cursor"] != .null)
            let first = listed["data"]?.arrayValue?.first ?? .null
            #expect(first.text("state") == "proposed" && first.text("trace_id") == Self.trace)
            #expect(first.text("span_id") == "0000000000000001", "the first span that says what was asked and answered")

            let plain = try await client.send("acceptDraft", "\(path)/\(ids[0])/accept", body: "{}", expect: 200)
            #expect(plain["draft"]?.text("state") == "accepted" && plain["version"]?.text("source") == "draft")
            #expect(plain["version"]?["version"]?.integerValue == 2 && plain["draft"]?["accepted_version"]?.integerValue == 2)
            try await client.send("acceptDraft", "\(path)/\(ids[0])/accept", body: "{}", expect: 409)
            try await client.send("acceptDraft", "\(path)/\(ids[1])/accept", body: "{}", expect: 409)
            let renamed = try await client.send("acceptDraft", "\(path)/\(ids[1])/accept", body: #"{"key":"other"}"#, expect: 200)
            #expect(renamed["draft"]?.text("key") == "other" && renamed["draft"]?["content"]?.text("key") == "other")
            let edits = #"{"content":{"input":"Capital of Chile?","expected":"Santiago","scorers":[{"kind":"contains"}]}}"#
            let edited = try await client.send("acceptDraft", "\(path)/\(ids[2])/accept", body: edits, expect: 200)
            #expect(edited["draft"]?.text("key") == "chile" && edited["draft"]?["content"]?.text("expected") == "Santiago")
            #expect(edited["draft"]?["content"]?["source"]?.text("trace_id") == Self.trace, "the source stays")
            let dropped = try await client.send("dropDraft", "\(path)/\(ids[3])/drop", expect: 200)
            #expect(dropped["draft"]?.text("state") == "dropped" && dropped["version"] == .null)
            try await client.send("dropDraft", "\(path)/\(ids[3])/drop", expect: 409)
            #expect(try await client.send("listDrafts", path + "?state=proposed", expect: 200)["data"]?.arrayValue?.isEmpty == true)
            let stranger = try await routes.stranger()
            try await stranger.send("listDrafts", path, expect: 404)
            try await stranger.send("acceptDraft", "\(path)/\(ids[3])/accept", body: "{}", expect: 404)
        }
    }

    @Test("what cannot be drafted from is refused by its name")
    func refused() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client
            let suite = try await routes.suite("suite", cases: [RunRoutes.testCase("a")]), path = suite + "/drafts"
            for (wrong, field) in [
                ("{}", "trace_ids"), (#"{"trace_ids":[]}"#, "trace_ids"), (#"{"trace_ids":["x"]}"#, "trace_ids[0]"),
                (#"{"trace_ids":["\#(Self.trace)"]}"#, "trace_ids[0]"), (#"{"trace_ids":["\#(Self.trace)"],"model":"gpt"}"#, "model"),
                (#"{"trace_ids":["\#(Self.trace)"],"maximum_drafts":101}"#, "maximum_drafts"),
                (#"{"trace_ids":["\#(Self.trace)"],"spending_cap_usd":0}"#, "spending_cap_usd"),
            ] {
                let refused = try await client.send("requestDrafts", path, body: wrong, expect: 422)
                #expect(refused["errors"]?.arrayValue?.first?.text("field") == field, "\(wrong)")
            }
            try await client.send("listDrafts", path + "?state=lost", expect: 400)
        }
    }
}
