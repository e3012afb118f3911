import Access
import ByteCoding
import EvaluationModel
import HTTPTesting
import Metastore
import Testing

@Suite("Routes of scores")
struct ScoreRouteTests {
    private static let trace = "0102030405060708090a0b0c0d0e0f10"

    @Test("people and applications score traces, spans and outcomes; lists show all sources, filtered and paged")
    func scores() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, path = "/api/v1/scores", team = try await Team.make(routes.installation)
            let person = RouteClient(
                server: routes.server, credential: try #require(team.tokens[.member]), project: routes.installation.first.projectID)
            let application = try await client.send(
                "createScore", path, body: #"{"name":"thumbs","passed":true,"trace_id":"\#(Self.trace)"}"#, expect: 201)
            #expect(application.text("source") == "application" && application["span_id"]?.isNull == true && application.text("reason") == "")
            let made = try await person.send(
                "POST", path,
                #"{"name":"tone","value":4.5,"label":"kind","reason":"Warm.","trace_id":"\#(Self.trace)","span_id":"0000000000000007"}"#,
                expect: 201)
            #expect(made.text("source") == "person" && made.text("author") == "member@team.example" && made["value"]?.doubleValue == 4.5)

            let run = try await routes.run(caseCount: 1)
            try await routes.installation.work(scores: [Score(name: "exact", origin: .scorer(.exact), value: 0, passed: false, reason: "no")])
            let outcome = try #require(try await client.send("listOutcomes", run + "/outcomes", expect: 200).data.first)
            let body = #"{"name":"review","passed":true,"outcome_id":"\#(outcome.text("id"))"}"#
            let reviewed = try await client.send("createScore", path, body: body, expect: 201)
            #expect(reviewed.text("trace_id") == outcome.text("trace_id") && reviewed.text("span_id") == outcome.text("span_id"))
            let shown = try await client.send("getOutcome", run + "/outcomes/" + outcome.text("id"), expect: 200)
            #expect(shown["scores"]?.arrayValue?.map { $0.text("name") } == ["exact", "review"])

            func names(_ query: String) async throws -> [String] {
                try await client.send("listScores", path + query, expect: 200).data.map { $0.text("name") }
            }
            #expect(try await names("") == ["review", "exact", "tone", "thumbs"])
            #expect(try await names("?trace_id=\(Self.trace)") == ["tone", "thumbs"])
            #expect(try await names("?trace_id=\(Self.trace)&span_id=0000000000000007") == ["tone"])
            #expect(try await names("?outcome_id=\(outcome.text("id"))&source=scorer") == ["exact"])
            #expect(try await names("?name=thumbs&source=application") == ["thumbs"])
            let first = try await client.send("listScores", path + "?limit=3", expect: 200)
            let cursor = try #require(first["next_cursor"]?.stringValue)
            #expect(try await names("?limit=3&cursor=\(cursor)") == ["thumbs"])
            for wrong in ["?trace_id=1", "?span_id=0000000000000007", "?outcome_id=x", "?source=dog", "?cursor=x", "?name=%00"] {
                try await client.send("listScores", path + wrong, expect: 400)
            }
            let stranger = try await routes.stranger()
            #expect(try await stranger.send("listScores", path, expect: 200).data.isEmpty)
            try await stranger.send("createScore", path, body: body, expect: 422)
        }
    }

    @Test("a score that says nothing, of nothing or of two things, is refused with its field")
    func refusals() async throws {
        try await RunRoutes.with { routes in
            let trace = #""trace_id":"\#(Self.trace)""#
            for (body, field) in [
                (#"{"passed":true,\#(trace)}"#, "name"), (#"{"name":"n",\#(trace)}"#, "value"), (#"{"name":"n","passed":true}"#, "trace_id"),
                (#"{"name":"n","passed":true,\#(trace),"outcome_id":"01a1fe1c-0000-7000-8000-000000000000"}"#, "outcome_id"),
                (#"{"name":"n","passed":true,"outcome_id":"x"}"#, "outcome_id"), (#"{"name":"n","passed":true,"trace_id":"0"}"#, "trace_id"),
                (#"{"name":"n","passed":true,"span_id":"0000000000000007"}"#, "trace_id"),
                (#"{"name":"n","value":1e300,\#(trace)}"#, "value"), (#"{"name":"n","value":"1",\#(trace)}"#, "value"),
                (#"{"name":"a\tb","passed":true,\#(trace)}"#, "name"), (#"{"name":"n","passed":true,"score":1,\#(trace)}"#, "score"),
            ] {
                let refused = try await routes.client.send("createScore", "/api/v1/scores", body: body, expect: 422)
                #expect(refused["errors"]?.arrayValue?.first?["field"]?.stringValue == field, "\(body)")
            }
        }
    }
}
