import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

@Suite("Features over HTTP")
struct FeatureRouteTests {
    private struct Client {
        let server: LiveServer
        let credential: String

        func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> (status: Int, json: JSONValue) {
            var headers = [("authorization", "Bearer \(credential)")]
            if body != nil { headers.append(("content-type", "application/json")) }
            let answer = try await server.send(method, "/api/v1" + path, headers: headers, body: Array((body ?? "").utf8))
            return (answer.status, (try? JSONValue.parse(answer.body)) ?? .null)
        }
    }

    private static let window = #""start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z""#

    @Test("an analysis is ordered once for a window, shown as a task, and cancelled")
    func analyses() async throws {
        try await TestInstallation.run { installation, server in
            let client = Client(server: server, credential: installation.first.secret.text)
            let made = try await client.call("POST", "/feature-analyses", "{\(Self.window),\"filter\":{\"service\":\"shop\"}}")
            #expect(
                made.status == 202 && made.json["state"]?.stringValue == "collecting" && made.json["maximum_traces"]?.integerValue == 1_000)
            #expect(made.json["filter"]?["service"]?.stringValue == "shop" && made.json["spending_cap_usd"]?.doubleValue == 1)
            let id = made.json["id"]?.stringValue ?? ""
            let again = try await client.call("POST", "/feature-analyses", "{\(Self.window)}")
            #expect(again.status == 200 && again.json["id"] == made.json["id"])
            let task = try await client.call("GET", "/tasks/\(id)")
            #expect(task.json["kind"]?.stringValue == "feature_analysis" && task.json["state"]?.stringValue == "queued")
            let cancelled = try await client.call("POST", "/feature-analyses/\(id)/cancel")
            #expect(cancelled.status == 200 && cancelled.json["state"]?.stringValue == "cancelled")
            #expect(try await client.call("POST", "/feature-analyses/\(id)/cancel").status == 409)
            #expect(try await client.call("GET", "/feature-analyses/\(id)").json == cancelled.json)
            #expect(try await client.call("GET", "/feature-analyses").json["data"]?.arrayValue?.count == 1)
            #expect(try await client.call("GET", "/feature-analyses/\(FeatureID.make().uuid)").status == 404)
        }
    }

    @Test(
        "orders that mean nothing are refused by name",
        arguments: [
            (#"{"start":"2026-01-01T00:00:00Z"}"#, "end"), (#"{"start":"yesterday","end":"2026-01-02T00:00:00Z"}"#, "start"),
            (#"{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}"#, "end"),
            (#"{"start":"2026-01-01T00:00:00Z","end":"2261-01-01T00:00:00Z"}"#, "end"),
            (#"{"start":"2025-01-01T00:00:00Z","end":"2026-01-01T00:00:00Z"}"#, "end"),
            ("{\(window),\"maximum_traces\":9}", "maximum_traces"), ("{\(window),\"spending_cap_usd\":0}", "spending_cap_usd"),
            ("{\(window),\"filter\":{\"nothing\":1}}", "filter.nothing"), ("{\(window),\"filter\":[]}", "filter"),
            ("{\(window),\"x\":1}", "x"),
        ])
    func refused(_ body: String, _ field: String) async throws {
        try await TestInstallation.run { installation, server in
            let answer = try await Client(server: server, credential: installation.first.secret.text).call(
                "POST", "/feature-analyses", body)
            #expect(answer.status == 422 && answer.json["errors"]?.arrayValue?.first?["field"]?.stringValue == field, "\(answer.json)")
        }
    }

    @Test("the schedule of a project is read, replaced and kept")
    func schedule() async throws {
        try await TestInstallation.run { installation, server in
            let client = Client(server: server, credential: installation.first.secret.text)
            #expect(try await client.call("GET", "/feature-schedule").json["is_enabled"]?.boolValue == false)
            let put = try await client.call("PUT", "/feature-schedule", #"{"is_enabled":true,"period_hours":6,"spending_cap_usd":0.25}"#)
            #expect(put.status == 200 && put.json["next_window_start"]?.stringValue != nil && put.json["period_hours"]?.integerValue == 6)
            #expect(try await client.call("GET", "/feature-schedule").json == put.json)
            #expect(try await client.call("PUT", "/feature-schedule", "{}").status == 422)
        }
    }

    @Test("features are listed, shown with examples and traces, renamed and archived")
    func features() async throws {
        try await TestInstallation.run { installation, server in
            let client = Client(server: server, credential: installation.first.secret.text)
            let id = try await installation.makeFeature().uuid
            let listed = try await client.call("GET", "/trace-features?trend=new").json["data"]?.arrayValue
            #expect(listed?.first?["newest"]?["trace_count"]?.integerValue == 1 && listed?.first?["newest"]?["share"]?.doubleValue == 1)
            #expect(try await client.call("GET", "/trace-features?trend=growing").json["data"]?.arrayValue?.isEmpty == true)
            #expect(try await client.call("GET", "/trace-features?trend=odd").status == 400)
            let shown = try await client.call("GET", "/trace-features/\(id)").json
            #expect(shown["windows"]?.arrayValue?.first?["examples"]?.arrayValue?.first?["text"]?.stringValue == "Where is it?")
            let traces = try await client.call("GET", "/trace-features/\(id)/traces").json
            #expect(traces["trace_ids"]?.arrayValue?.first?.stringValue == "00000000000000010000000000000002")
            let changed = try await client.call("PATCH", "/trace-features/\(id)", #"{"name":"Find a parcel","is_archived":true}"#)
            #expect(changed.status == 200 && changed.json["name"]?.stringValue == "Find a parcel")
            #expect(try await client.call("GET", "/trace-features").json["data"]?.arrayValue?.isEmpty == true)
            #expect(try await client.call("GET", "/trace-features?include_archived=true").json["data"]?.arrayValue?.count == 1)
            #expect(try await client.call("PATCH", "/trace-features/\(id)", #"{"name":"a\nb"}"#).status == 422)
            #expect(try await client.call("GET", "/trace-features/\(FeatureID.make().uuid)/traces").status == 404)
        }
    }
}
