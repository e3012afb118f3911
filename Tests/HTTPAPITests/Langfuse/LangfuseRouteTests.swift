import Access
import ByteCoding
import HTTPTesting
import Ingest
import Metastore
import PostgresClient
import SpanStore
import Testing
import TraceModel
import TraceQuery

@testable import HTTPAPI

/// `/api/public` as Langfuse's SDKs use it.
@Suite("Langfuse's public API")
struct LangfuseRouteTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"

    private struct Client {
        let server: LiveServer
        let credential: String

        func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> (status: Int, json: JSONValue) {
            let basic = Base64Test.encode(Array("pk-lf-anything:\(credential)".utf8))
            var headers = [("authorization", "Basic \(basic)")]
            if body != nil { headers.append(("content-type", "application/json")) }
            let answer = try await server.send(method, path, headers: headers, body: Array((body ?? "").utf8))
            return (answer.status, (try? JSONValue.parse(answer.body)) ?? .null)
        }

        /// Sends a batch; answers the ids under `successes` and the statuses by id under `errors`.
        func ingest(_ events: [String]) async throws -> (successes: [String], errors: [String: Int64]) {
            let (status, json) = try await send("POST", "/api/public/ingestion", #"{"batch":[\#(events.joined(separator: ","))]}"#)
            #expect(status == 207, "\(json)")
            var errors: [String: Int64] = [:]
            for error in json["errors"]?.arrayValue ?? [] { errors[error["id"]?.stringValue ?? ""] = error["status"]?.integerValue }
            return ((json["successes"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }, errors)
        }
    }

    private static func event(_ id: String, _ type: String, _ body: String) -> String {
        #"{"id":"\#(id)","type":"\#(type)","timestamp":"2026-11-22T10:00:00.000Z","body":\#(body)}"#
    }

    private static func run(
        _ scopes: Set<Scope> = [.ingest, .read, .write], _ body: @escaping @Sendable (TestInstallation, Client) async throws -> Void
    ) async throws {
        try await TestInstallation.run { installation, server in
            try await body(installation, Client(server: server, credential: try await installation.key(scopes)))
        }
    }

    private static func spans(_ installation: TestInstallation, _ trace: String = trace) async throws -> [String: SpanRecord] {
        let snapshot = installation.store.snapshot(of: installation.first.projectID)
        let found = try await TraceReader(threads: ScanThreads(count: 1)).trace(try #require(TraceID(hex: trace)), in: snapshot)
        return Dictionary((found?.spans ?? []).map { ($0.name, $0) }) { first, _ in first }
    }

    @Test("a key is found good, and its project named")
    func authCheck() async throws {
        try await Self.run([.ingest]) { installation, client in
            let (status, json) = try await client.send("GET", "/api/public/projects")
            let project = json["data"]?.arrayValue?.first
            #expect(
                status == 200 && project?["id"]?.stringValue == installation.first.projectID.uuid && project?["metadata"] == .object([]))
            #expect(project?["organization"]?["id"]?.stringValue == installation.first.organizationID.uuid)
            let health = try await client.server.send("GET", "/api/public/health")
            #expect(health.status == 200)
            #expect(try JSONValue.parse(health.body)["status"]?.stringValue == "OK")
            #expect(try await Client(server: client.server, credential: "wrong").send("GET", "/api/public/projects").status == 401)
        }
    }

    @Test("what is said of an observation in several requests is one span with all of it, before and after it is sealed")
    func pieces() async throws {
        try await Self.run { installation, client in
            let created = [
                Self.event("1", "trace-create", #"{"id":"\#(Self.trace)","name":"ask","userId":"ada","timestamp":"2026-11-22T10:00:00Z"}"#),
                Self.event(
                    "2", "generation-create",
                    #"{"id":"g","traceId":"\#(Self.trace)","name":"call","startTime":"2026-11-22T10:00:00Z","#
                        + #""input":"question","model":"gpt-4o"}"#
                ),
            ]
            #expect(try await client.ingest(created).successes == ["1", "2"])
            #expect(try await Self.spans(installation)["call"]?.durationNano == 0)
            _ = try await installation.store.seal()
            let updated = Self.event(
                "3", "generation-update",
                #"{"id":"g","traceId":"\#(Self.trace)","endTime":"2026-11-22T10:00:02Z","output":"answer","usage":{"input":3,"output":4}}"#)
            #expect(try await client.ingest([updated]).successes == ["3"])
            for isSealed in [false, true] {
                if isSealed { _ = try await installation.store.seal() }
                let spans = try await Self.spans(installation), call = try #require(spans["call"])
                #expect(spans.count == 2 && call.durationNano == 2_000_000_000 && call.parentSpanID == spans["ask"]?.spanID)
                #expect(call.llm.inputTokens == 3 && call.llm.outputTokens == 4 && call.llm.model == "gpt-4o" && call.llm.kind == .llm)
                #expect(call.attributes.contains(KeyValue("langfuse.observation.input", .string("question"))))
                #expect(call.attributes.contains(KeyValue("langfuse.observation.output", .string("answer"))))
                #expect(spans["ask"]?.llm.userID == "ada")
            }
            // The SDK sends all of it again, not knowing that it arrived.
            let before = installation.store.statistics.appendedSpanCount
            #expect(try await client.ingest(created + [updated]).successes == ["1", "2", "3"])
            #expect(installation.store.statistics.appendedSpanCount == before, "nothing new is stored")
        }
    }

    @Test("updates at the same time, each of another member, are all there")
    func concurrent() async throws {
        try await Self.run { installation, client in
            let body = #"{"id":"g","traceId":"\#(Self.trace)","name":"call","startTime":"2026-11-22T10:00:00Z"}"#
            _ = try await client.ingest([Self.event("0", "span-create", body)])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    group.addTask {
                        let body = #"{"id":"g","traceId":"\#(Self.trace)","metadata":{"k\#(number)":"v"}}"#
                        let answer = try await client.ingest([Self.event("\(number)", "span-update", body)])
                        #expect(answer.errors.isEmpty)
                    }
                }
                try await group.waitForAll()
            }
            let call = try #require(try await Self.spans(installation)["call"])
            #expect(call.attributes.filter { $0.key.hasPrefix("langfuse.observation.metadata.k") }.count == 20)
            #expect(try await installation.spanCount() == 1)
        }
    }

    @Test("each event is answered for itself, and what is said to be taken is stored")
    func answers() async throws {
        try await Self.run { installation, client in
            let long = String(repeating: "k", count: 70)
            let keys = (0..<60).map { #""\#(long)\#($0)":"v""# }.joined(separator: ",")
            var events = [
                Self.event("good", "span-create", #"{"id":"a","traceId":"\#(Self.trace)","name":"good"}"#),
                Self.event("bad", "span-create", #"{"id":"b","traceId":"\#(Self.trace)","startTime":"then"}"#),
                Self.event("log", "sdk-log", "{}"), "[]",
                Self.event("score", "score-create", #"{"id":"s","traceId":"\#(Self.trace)","name":"n","value":1}"#),
                Self.event("session", "score-create", #"{"id":"x","sessionId":"s","name":"n","value":1}"#),
            ]
            let answer = try await client.ingest(events)
            #expect(answer.successes == ["good", "log", "score"] && answer.errors == ["bad": 400, "": 400, "session": 400])
            // More attributes than a span may have, in pieces that each have few.
            events = (0..<20).map { number in
                let body = #"{"id":"a","traceId":"\#(Self.trace)","metadata":{\#(keys.replacing(long, with: "\(number)-"))}}"#
                return Self.event("\(number)", "span-update", body)
            }
            var refused = 0
            for event in events where try await client.ingest([event]).errors.isEmpty == false { refused += 1 }
            #expect(refused == 3, "the last three")
            let attributes = try #require(try await Self.spans(installation)["good"]).attributes
            // Its type and its id, and seventeen of the pieces.
            #expect(attributes.count == 1_022)
            for (body, status) in [
                (#"{"batch":{}}"#, 400), ("{}", 400), ("[]", 400), (#"{"batch":["#, 400), (#"{"batch":[]}"#, 207),
                (#"{"batch":[\#(Array(repeating: "1", count: 1_001).joined(separator: ","))]}"#, 413),
                (#"{"batch":["\#(String(repeating: "x", count: 3_500_000))"]}"#, 413),
            ] { #expect(try await client.send("POST", "/api/public/ingestion", body).status == status, "\(body.prefix(40))") }
        }
    }

    @Test("a key without the scope write sends traces and no scores; one without ingest, none of it")
    func scopes() async throws {
        try await Self.run([.ingest]) { installation, client in
            let events = [
                Self.event("t", "trace-create", #"{"id":"\#(Self.trace)","name":"ask"}"#),
                Self.event("s", "score-create", #"{"id":"s","traceId":"\#(Self.trace)","name":"n","value":1}"#),
            ]
            let answer = try await client.ingest(events)
            #expect(answer.successes == ["t"] && answer.errors == ["s": 403])
            #expect(try await client.send("POST", "/api/public/scores", #"{"traceId":"t","name":"n","value":1}"#).status == 403)
            let reader = Client(server: client.server, credential: try await installation.key([.read, .write]))
            #expect(try await reader.send("POST", "/api/public/ingestion", #"{"batch":[]}"#).status == 403)
            #expect(try await reader.send("GET", "/api/public/projects").status == 403)
        }
    }

    @Test("what the project's rules take out of a score is neither stored nor in the audit log, whichever way it comes")
    func redaction() async throws {
        let book = RedactionRulebook()
        try await TestInstallation.run(redaction: book) { installation, server in
            let rules = #"{"patterns":[{"builtin":"email"}],"keys":[{"glob":"gen_ai.evaluation.score.label","action":"hash"}]}"#
            let project = installation.first.projectID
            book.replace(try RedactionRules(json: Array(rules.utf8)), salt: Array("a salt of sixteen".utf8), of: project, version: 1)
            let client = Client(server: server, credential: try await installation.key([.ingest, .read, .write]))
            func score(_ id: String) -> String {
                #"{"id":"\#(id)","traceId":"\#(Self.trace)","name":"of ada@example.com","value":"secret label","comment":"ada@example.com"}"#
            }
            for _ in 0..<2 {
                let single = try await client.send("POST", "/api/public/scores", score("a"))
                let list = try await client.send("POST", "/api/public/scores", "[\(score("b")),\(score("c@example.com"))]")
                #expect(single.status == 200 && list.status == 200)
                #expect(try await client.ingest([Self.event("e", "score-create", score("d"))]).successes == ["e"])
            }
            let own = #"{"name":"of ada@example.com","label":"secret label","reason":"ada@example.com","trace_id":"\#(Self.trace)"}"#
            let answer = try await client.send("POST", "/api/v1/scores", own)
            #expect(answer.status == 201 && answer.json["reason"]?.stringValue == "[email]")
            let stored = try await installation.metastore.scores.list(in: project, page: PageRequest()).items
            #expect(stored.count == 5 && stored.allSatisfy { $0.name == "of [email]" && $0.reason == "[email]" })
            #expect(Set(stored.map(\.label)).count == 1 && stored[0].label?.hasPrefix("hash:") == true)
            let entries = try await PostgresConnection.connect(installation.database).query(
                "SELECT after::text AS after FROM audit_entries WHERE resource_kind = 'score'")
            var count = 0
            for entry in entries {
                count += 1
                let text: String = try entry.decode("after")
                #expect(text.contains("[email]") && !text.contains("example.com") && !text.contains("secret label"), "\(text)")
            }
            #expect(count == 5)
        }
    }

    @Test("a score is stored once however often it is sent, and never as another one")
    func scores() async throws {
        try await Self.run { installation, client in
            func score(_ id: String, _ members: String) -> String {
                #"{"id":"\#(id)","traceId":"\#(Self.trace)","name":"n",\#(members)}"#
            }
            let path = "/api/public/scores"
            for _ in 0..<2 {
                let (status, json) = try await client.send(
                    "POST", path, score("a", #""value":0.5,"comment":"c","observationId":"b7ad6b7169203331""#))
                #expect(status == 200 && json["id"]?.stringValue == "a")
                #expect(
                    try await client.send(
                        "POST", path, "[\(score("b", #""value":1,"dataType":"BOOLEAN""#)),\(score("c", #""value":"good""#))]"
                    ).status == 200)
                #expect(try await client.ingest([Self.event("e", "score-create", score("d", #""value":1"#))]).successes == ["e"])
            }
            #expect(try await client.send("POST", path, score("a", #""value":0.6"#)).status == 409)
            #expect(try await client.ingest([Self.event("e", "score-create", score("b", #""value":1"#))]).errors == ["e": 409])
            let (status, mixed) = try await client.send(
                "POST", path, "[\(score("b", #""value":0,"dataType":"BOOLEAN""#)),\(score("f", #""value":2"#)),{}]")
            #expect(status == 207 && mixed["accepted"]?.integerValue == 1 && mixed["rejected"]?.integerValue == 2)
            #expect(mixed["errors"]?.arrayValue?.count == 2)
            let stored = try await installation.metastore.scores.list(in: installation.first.projectID, page: PageRequest()).items
            #expect(stored.map(\.source) == Array(repeating: .application, count: 5) && stored.allSatisfy { $0.traceID?.hex == Self.trace })
            #expect(stored.compactMap(\.value).sorted() == [0.5, 1, 1, 2] && stored.compactMap(\.passed) == [true])
            #expect(stored.compactMap(\.label) == ["good"] && stored.last?.spanID?.hex == "b7ad6b7169203331" && stored.last?.reason == "c")
            let entries = try await installation.auditEntries().filter {
                ["createLangfuseScores", "ingestLangfuseEvents"].contains($0.action)
            }
            #expect(entries.count == 5, "a repeat is no change")
            for (body, expected) in [("1", 400), ("{}", 400), (#"{"traceId":"t","name":"n"}"#, 400), ("[1]", 207), ("[]", 200)] {
                #expect(try await client.send("POST", path, body).status == expected, "\(body)")
            }
        }
    }

    @Test("exports into a project count towards its rates, whichever way they come")
    func rates() async throws {
        try await Self.run { installation, client in
            installation.accounts.limiter.setIngestLimits(RequestLimits(requestsPerSecond: 1), of: installation.first.projectID)
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await client.send("POST", "/api/public/ingestion", #"{"batch":[]}"#).status) }
            #expect(statuses.contains(429) && statuses[0] == 207)
        }
    }
}
