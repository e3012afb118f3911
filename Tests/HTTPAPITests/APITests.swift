import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import Ingest
import Metastore
import SpanStore
import Testing
import TraceModel

/// Every operation through a real server, each answer held to the document.
@Suite("The JSON API")
struct APITests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }
    private static let trace = "0102030405060708090a0b0c0d0e0f10"

    private func contract() throws -> Contract { try #require(Self.contract) }

    private static let attributes = #"""
        [{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
        {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4.1-mini"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"1200"}},
        {"key":"gen_ai.conversation.id","value":{"stringValue":"talk/1"}},{"key":"list","value":{"arrayValue":{"values":[{"bytesValue":"AAE="}]}}}]
        """#

    private func export(_ server: LiveServer, _ key: String, _ body: String) async throws -> HTTPAnswer {
        try await server.send(
            "POST", "/v1/traces", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
            body: Array(body.utf8))
    }

    @Test("projects: created, listed by pages, fetched; names are unique; another organization's is unknown")
    func projects() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.admin], reachesOrganization: true))
            let made = try await client.send(
                "createProject", "/api/v1/projects", body: #"{"name":"Shop","retention_days":30}"#, expect: 201)
            #expect(made["retention_days"]?.integerValue == 30)
            try await client.send("createProject", "/api/v1/projects", body: #"{"name":"Shop"}"#, expect: 409)
            let id = made["id"]?.stringValue ?? ""
            #expect(try await client.send("getProject", "/api/v1/projects/\(id)", expect: 200) == made)
            try await client.send("getProject", "/api/v1/projects/0197c5a0-0000-7000-8000-000000000000", expect: 404)
            try await client.send("getProject", "/api/v1/projects/nonsense", expect: 404)
            let first = try await client.send("listProjects", "/api/v1/projects?limit=1", expect: 200)
            #expect(first["data"]?.arrayValue?.count == 1)
            let cursor = try #require(first["next_cursor"]?.stringValue)
            let second = try await client.send("listProjects", "/api/v1/projects?limit=1&cursor=\(cursor)", expect: 200)
            #expect(second["data"]?.arrayValue?.first != first["data"]?.arrayValue?.first)
            #expect(second["next_cursor"] == .null)
            try await client.send("listProjects", "/api/v1/projects?cursor=x", expect: 400)
        }
    }

    @Test("bodies and parameters: malformed is 400, meaningless 422, too large 413, of another type 415, each naming the field")
    func badRequests() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.admin, .read], reachesOrganization: true))
            let path = "/api/v1/projects"
            func field(_ problem: JSONValue) -> String? { problem["errors"]?.arrayValue?.first?["field"]?.stringValue }
            try await client.send("createProject", path, body: #"{"name":"#, expect: 400)
            try await client.send("createProject", path, body: "", expect: 400)
            #expect(field(try await client.send("createProject", path, body: "{}", expect: 422)) == "name")
            #expect(field(try await client.send("createProject", path, body: #"{"name":""}"#, expect: 422)) == "name")
            #expect(field(try await client.send("createProject", path, body: #"{"name":7}"#, expect: 422)) == "name")
            #expect(
                field(try await client.send("createProject", path, body: #"{"name":"a","retention_days":0}"#, expect: 422))
                    == "retention_days")
            #expect(field(try await client.send("createProject", path, body: #"{"name":"a","colour":"red"}"#, expect: 422)) == "colour")
            try await client.send("createProject", path, body: "[]", expect: 422)
            try await client.send("createProject", path, body: "name=a", headers: [("content-type", "text/plain")], expect: 415)
            let large = #"{"name":"\#(String(repeating: "n", count: 1 << 20))"}"#
            try await client.send("createProject", path, body: large, expect: 413)
            let spoilt = try await client.send("createProject", path, body: #"{"name":"a\u0000b"}"#, expect: 422)
            #expect(field(spoilt) == "name" && spoilt["detail"]?.stringValue == "name must not hold the character U+0000")
            let nested = #"{"redaction":{"patterns":[{"builtin":"ip"},{"name":"a\u0000","regex":"x"}]}}"#
            #expect(
                field(try await client.send("replaceSettings", "/api/v1/settings", body: nested, expect: 422))
                    == "redaction.patterns[1].name")
            let strange = "{" + (0..<5_000).map { #""member \#($0)":0"# }.joined(separator: ",") + "}"
            let refused = try await client.send("createProject", path, body: strange, expect: 422)
            #expect(refused["errors"]?.arrayValue?.count == 20)
            #expect(field(try await client.send("listProjects", path + "?limit=0", expect: 400)) == "limit")
            #expect(field(try await client.send("listProjects", path + "?limit=many", expect: 400)) == "limit")
            #expect(field(try await client.send("listProjects", path + "?colour=red", expect: 400)) == "colour")
            try await client.send("listProjects", path + "?limit=%zz", expect: 400)
            #expect(field(try await client.send("query", "/api/v1/query", body: #"{"select":["nonsense"]}"#, expect: 400)) == "select[0]")
            #expect(field(try await client.send("listTraces", "/api/v1/traces?filter[duration_ms][_nonsense]=1", expect: 400)) != nil)
        }
    }

    @Test("without credentials a body is short, and what strangers send takes no room from callers with a key")
    func publicBodies() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let stranger = RecordingClient(server, contract, key: nil)
            let long = #"{"email":"\#(String(repeating: "a", count: 16 << 10))","password":"x"}"#
            try await stranger.send("signIn", "/api/v1/auth/sign-in", body: long, expect: 413)
            let reader = RecordingClient(server, contract, key: try await installation.key([.read]))
            try await reader.send("query", "/api/v1/query", body: "{" + String(repeating: " ", count: 16 << 10) + "}", expect: 200)
        }
    }

    @Test("an invitation goes to an address that the mail server takes, or is refused")
    func unmailableInvitation() async throws {
        let contract = try contract()
        try await TestInstallation.run(deliversMails: true) { installation, server in
            let owner = RecordingClient(server, contract, key: try await Team.make(installation).tokens[.owner])
            let path = "/api/v1/organizations/\(installation.first.organizationID.uuid)/invitations"
            let refused = try await owner.send(
                "createInvitation", path, body: #"{"email":"<script>alert(1)</script>@x.example","role":"viewer"}"#, expect: 422)
            #expect(refused["errors"]?.arrayValue?.first?["field"]?.stringValue == "email")
            let made = try await owner.send("createInvitation", path, body: #"{"email":"ada@x.example","role":"viewer"}"#, expect: 201)
            #expect(made["is_mailed"]?.boolValue == true)
        }
    }

    @Test("keys: no key and a wrong one are 401, a missing scope 403, another organization's project 404, a revoked key 401 at once")
    func keys() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let path = "/api/v1/api-keys"
            let reader = RecordingClient(server, contract, key: try await installation.key([.read]))
            // A key gives others what it has itself.
            let admin = RecordingClient(
                server, contract, key: try await installation.key([.admin, .read, .ingest], reachesOrganization: true))
            for operation in contract.operations
            where operation.access != "public" && operation.path.hasPrefix("/api/v1/") {
                let path = operation.path.replacing(/\{[a-z_]+\}/, with: "x")
                for key in [nil, "nonsense", APIKeySecret.generate().text] {
                    try await RecordingClient(server, contract, key: key).send(
                        operation.id, path, body: operation.method == "get" ? nil : "{}", expect: 401)
                }
            }
            try await reader.send("createAPIKey", path, body: #"{"name":"a","scopes":["read"]}"#, expect: 403)
            try await RecordingClient(server, contract, key: try await installation.key([.admin])).send(
                "query", "/api/v1/query", body: "{}", expect: 403)
            let made = try await admin.send(
                "createAPIKey", path, body: #"{"name":"a","scopes":["read"],"expires_at":"2099-01-01T00:00:00Z"}"#, expect: 201)
            let secret = try #require(made["key"]?.stringValue), id = made["id"]?.stringValue ?? ""
            let new = RecordingClient(server, contract, key: secret)
            try await new.send("query", "/api/v1/query", body: "{}", expect: 200)
            let listed = try await admin.send("listAPIKeys", path, expect: 200)
            #expect(listed["data"]?.arrayValue?.contains { $0["id"]?.stringValue == id && $0["key"] == nil } == true)
            try await admin.send("revokeAPIKey", path + "/\(id)", expect: 200)
            try await new.send("query", "/api/v1/query", body: "{}", expect: 401)
            try await admin.send("revokeAPIKey", path + "/nonsense", expect: 404)
            for body in [
                #"{"name":"a","scopes":[]}"#, #"{"name":"a","scopes":["fly"]}"#,
                #"{"name":"a","scopes":["read"],"expires_at":"2001-01-01T00:00:00Z"}"#,
            ] {
                try await admin.send("createAPIKey", path, body: body, expect: 422)
            }
            let other = try await installation.makeProject("Other")
            let base = "/api/v1/projects/\(other.uuid)/api-keys"
            let theirs = try await admin.send("createProjectAPIKey", base, body: #"{"name":"b","scopes":["ingest","read"]}"#, expect: 201)
            #expect(theirs["project_id"]?.stringValue == other.uuid)
            #expect(try await admin.send("listProjectAPIKeys", base, expect: 200)["data"]?.arrayValue?.count == 1)
            try await admin.send("revokeProjectAPIKey", base + "/\(theirs["id"]?.stringValue ?? "")", expect: 200)
            let unknown = "/api/v1/projects/0197c5a0-0000-7000-8000-000000000000/api-keys"
            try await admin.send("createProjectAPIKey", unknown, body: #"{"name":"b","scopes":["read"]}"#, expect: 404)
            try await admin.send("listProjectAPIKeys", unknown, expect: 404)
            try await admin.send("revokeProjectAPIKey", unknown + "/\(id)", expect: 404)
        }
    }

    @Test("traces and sessions: what was exported is listed, fetched, asked for and sealed; another project does not see it")
    func traces() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read, .admin]))
            let stranger = RecordingClient(
                server, contract, key: try await installation.key([.read], of: try await installation.makeProject("Other")))
            let ingest = try await installation.key([.ingest])
            #expect(try await export(server, ingest, OTLPBodies.json([1, 2], attributes: Self.attributes)).text == "{}")
            for isSealed in [false, true] {
                if isSealed {
                    #expect(try await client.send("sealStore", "/api/v1/store/seal", expect: 200)["span_count"]?.integerValue == 2)
                    let files = try await client.send("listStoreFiles", "/api/v1/store/files", expect: 200)
                    #expect(files["data"]?.arrayValue?.first?["span_count"]?.integerValue == 2)
                }
                let list = try await client.send(
                    "listTraces", "/api/v1/traces?explain=true&sort=-duration_ms&filter[kind][_eq]=llm", expect: 200)
                #expect(list["data"]?.arrayValue?.first?["trace_id"]?.stringValue == Self.trace)
                #expect(list["data"]?.arrayValue?.first?["span_count"]?.integerValue == 2)
                try await client.send("listTraces", "/api/v1/traces?fields=trace_id,cost&limit=1", expect: 200)
                let trace = try await client.send("getTrace", "/api/v1/traces/\(Self.trace)", expect: 200)
                #expect(trace["spans"]?.arrayValue?.count == 2)
                #expect(trace["spans"]?.arrayValue?.first?["model"]?.stringValue == "gpt-4.1-mini")
                #expect(trace["spans"]?.arrayValue?.first?["cost"]?.doubleValue != nil)
                let otlp = try await client.send("getTrace", "/api/v1/traces/\(Self.trace)?format=otlp", expect: 200)
                #expect(otlp["resourceSpans"]?.arrayValue?.isEmpty == false)
                let sessions = try await client.send("listSessions", "/api/v1/sessions?explain=true", expect: 200)
                #expect(sessions["data"]?.arrayValue?.first?["session_id"]?.stringValue == "talk/1")
                let session = try await client.send("getSession", "/api/v1/sessions/talk%2F1", expect: 200)
                #expect(session["traces"]?.arrayValue?.count == 1)
                let groups = try await client.send(
                    "query", "/api/v1/query",
                    body:
                        #"{"group_by":["model"],"aggregates":["count","p95(duration_ms)",{"function":"sum","field":"cost","as":"cost"}],"explain":true}"#,
                    expect: 200)
                #expect(groups["data"]?.arrayValue?.first?["count"]?.integerValue == 2)
                try await client.send("query", "/api/v1/query", body: #"{"select":["span_id","start_time","tags"],"limit":1}"#, expect: 200)
            }
            #expect(try await stranger.send("listTraces", "/api/v1/traces", expect: 200)["data"]?.arrayValue?.isEmpty == true)
            try await stranger.send("getTrace", "/api/v1/traces/\(Self.trace)", expect: 404)
            try await stranger.send("getSession", "/api/v1/sessions/talk%2F1", expect: 404)
            try await client.send("getTrace", "/api/v1/traces/0102", expect: 400)
            try await client.send("getTrace", "/api/v1/traces/\(Self.trace)?format=xml", expect: 400)
        }
    }

    @Test("refused spans are listed with their bytes, by pages")
    func quarantine() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read]))
            let body = OTLPBodies.json([0, 1, 0])
            #expect(try await export(server, try await installation.key([.ingest]), body).status == 200)
            let first = try await client.send("listQuarantine", "/api/v1/quarantine?limit=1", expect: 200)
            #expect(first["data"]?.arrayValue?.first?["reason"]?.stringValue == "span_id_zero")
            #expect(first["counts_by_reason"]?["span_id_zero"]?.integerValue == 2)
            let cursor = try #require(first["next_cursor"]?.stringValue)
            let second = try await client.send("listQuarantine", "/api/v1/quarantine?limit=1&cursor=\(cursor)", expect: 200)
            #expect(second["data"]?.arrayValue?.count == 1)
            #expect(second["next_cursor"] == .null)
            try await client.send("listQuarantine", "/api/v1/quarantine?limit=1000", expect: 400)
            try await client.send("listQuarantine", "/api/v1/quarantine?reason=%27", expect: 400)
            let group = try #require(first["groups"]?.arrayValue?.first)
            #expect(group["count"]?.integerValue == 2 && group["sample"]?["reason"]?.stringValue == "span_id_zero")

            // Nothing has changed that would let them in.
            try await client.send("replayQuarantine", "/api/v1/quarantine/replay", body: "{}", expect: 403)
            let writer = RecordingClient(server, contract, key: try await installation.key([.write]))
            let report = try await writer.send("replayQuarantine", "/api/v1/quarantine/replay", body: "{}", expect: 200)
            #expect(report["refused_again_spans"]?.integerValue == 2 && report["stopped_because"] == .null)
            try await writer.send("replayQuarantine", "/api/v1/quarantine/replay", body: #"{"ids": []}"#, expect: 422)
            try await writer.send("replayQuarantine", "/api/v1/quarantine/replay", body: #"{"reason": "x y"}"#, expect: 422)
            try await writer.send("deleteQuarantine", "/api/v1/quarantine", expect: 403)
            let admin = RecordingClient(server, contract, key: try await installation.key([.admin]))
            #expect(
                try await admin.send("deleteQuarantine", "/api/v1/quarantine?reason=span_id_zero", expect: 200)["deleted_spans"]?
                    .integerValue == 2)
        }
    }

    @Test("a receipt says what became of an export: in part, again, without spans; to its own project alone, for as long as it is kept")
    func receipts() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read]))
            let exporter = try await installation.key([.ingest]), body = OTLPBodies.json([3, 0])
            func exported(_ body: String) async throws -> String {
                let answer = try await export(server, exporter, body)
                #expect(answer.status == 200)
                return try #require(answer.headers["x-spandrel-receipt"])
            }
            let first = try await exported(body), second = try await exported(body), empty = try await exported("{}")
            #expect(Set([first, second, empty]).count == 3)
            let receipt = try await client.send("getReceipt", "/api/v1/receipts/\(first)", expect: 200)
            #expect(receipt["status"]?.stringValue == "partially_stored" && receipt["duplicate_of"] == .null)
            #expect(receipt["stored_spans"]?.integerValue == 1 && receipt["rejected_spans"]?.integerValue == 1)
            #expect(receipt["message"]?.stringValue?.hasPrefix("1 span rejected: 1 span_id_zero") == true)
            let rejection = try #require(receipt["rejections"]?.arrayValue?.first)
            #expect(rejection["index"]?.integerValue == 1 && rejection["reason"]?.stringValue == "span_id_zero")
            #expect(rejection["span_id"]?.stringValue == "0000000000000000" && rejection["trace_id"]?.stringValue == Self.trace)
            let repeated = try await client.send("getReceipt", "/api/v1/receipts/\(second)", expect: 200)
            #expect(repeated["status"]?.stringValue == "duplicate" && repeated["duplicate_of"]?.stringValue == first)
            #expect(repeated["visible_since"] == receipt["visible_since"] && repeated["stored_spans"]?.integerValue == 1)
            let nothing = try await client.send("getReceipt", "/api/v1/receipts/\(empty)", expect: 200)
            #expect(nothing["status"]?.stringValue == "empty" && nothing["visible_since"] == .null)

            try await client.send("getReceipt", "/api/v1/receipts/\(String(repeating: "0", count: 64))", expect: 404)
            try await client.send("getReceipt", "/api/v1/receipts/%27", expect: 404)
            let other = try await installation.makeProject("Other receipts")
            let stranger = RecordingClient(server, contract, key: try await installation.key([.read], of: other))
            try await stranger.send("getReceipt", "/api/v1/receipts/\(first)", expect: 404)
            try await RecordingClient(server, contract, key: exporter).send("getReceipt", "/api/v1/receipts/\(first)", expect: 403)

            // One that was given out ten days ago, and one of a request that the ledger has let go of.
            let seal = ReceiptSeal(secret: installation.store.receiptKey), project = installation.first.projectID
            let now = WallClock.nowUnixNano()
            for id in [
                ReceiptID(.first, lsn: 1, receivedUnixNano: now - 10 * 86_400_000_000_000),
                ReceiptID(.first, lsn: 9_999, receivedUnixNano: now),
            ] {
                let gone = try await client.send("getReceipt", "/api/v1/receipts/\(seal.text(id, of: project))", expect: 410)
                #expect(gone["detail"]?.stringValue?.contains("7 days") == true)
            }
        }
    }

    @Test("prices are listed, and added ones price what comes in next")
    func prices() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read, .admin], reachesOrganization: true))
            #expect(try await client.send("listPrices", "/api/v1/prices", expect: 200)["data"]?.arrayValue?.isEmpty == false)
            let body = #"""
                {"prices":[{"provider":"openai","model_pattern":"gpt-4.1-mini","effective_from":"2026-01-01T00:00:00Z","input_per_million":1000,
                "output_per_million":0}]}
                """#
            let version = try await client.send("addPrices", "/api/v1/prices", body: body, expect: 201)
            #expect(version["count"]?.integerValue == 1)
            let listed = try await client.send("listPrices", "/api/v1/prices?provider=openai&model=gpt-4.1-mini", expect: 200)
            #expect(listed["data"]?.arrayValue?.contains { $0["input_per_million"]?.doubleValue == 1000 } == true)
            _ = try await export(server, try await installation.key([.ingest]), OTLPBodies.json([1], attributes: Self.attributes))
            let trace = try await client.send("getTrace", "/api/v1/traces/\(Self.trace)", expect: 200)
            #expect(trace["spans"]?.arrayValue?.first?["cost"]?.doubleValue == 1.2)
            for body in [
                #"{"prices":[]}"#, #"{"prices":[7]}"#, #"{"prices":[{"model_pattern":"a"}]}"#,
                #"{"prices":[{"model_pattern":"a","effective_from":"yesterday","input_per_million":1,"output_per_million":1}]}"#,
                #"{"prices":[{"model_pattern":"a","effective_from":"2026-01-01T00:00:00Z","input_per_million":-1,"output_per_million":1}]}"#,
            ] {
                try await client.send("addPrices", "/api/v1/prices", body: body, expect: 422)
            }
        }
    }

    @Test("an organization and a project have prices of their own, with tiers and expressions, which price what comes in next")
    func ownPrices() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read, .admin], reachesOrganization: true))
            let organization = "/api/v1/organizations/\(installation.first.organizationID.uuid)/prices"
            let project = "/api/v1/projects/\(installation.first.projectID.uuid)/prices"
            func body(_ input: Double) -> String {
                #"""
                {"prices":[{"provider":null,"model_pattern":"/GPT-4\\.1-(mini|nano)/","effective_from":"2026-01-01T00:00:00Z",
                "input_per_million":\#(input),"output_per_million":0,"audio_input_per_million":7,
                "tiers":[{"service_tier":"batch","input_per_million":1},{"above_input_tokens":200000,"output_per_million":9}]}]}
                """#
            }
            func cost() async throws -> Double? {
                _ = try await export(server, try await installation.key([.ingest]), OTLPBodies.json([1], attributes: Self.attributes))
                let explained = try await client.send(
                    "explainSpan", "/api/v1/traces/\(Self.trace)/spans/0000000000000001/explain", expect: 200)
                return explained["cost"]?["current_value"]?.doubleValue
            }
            #expect(
                try await client.send("replaceOrganizationPrices", organization, body: body(500), expect: 200)["count"]?.integerValue == 1)
            #expect(try await cost() == 0.6)
            try await client.send("replaceProjectPrices", project, body: body(1000), expect: 200)
            #expect(try await cost() == 1.2)
            let listed = try await client.send("getProjectPrices", project, expect: 200)["data"]?.arrayValue
            #expect(listed?.first?["tiers"]?.arrayValue?.count == 2 && listed?.first?["audio_input_per_million"]?.doubleValue == 7)
            #expect(try await client.send("getOrganizationPrices", organization, expect: 200)["data"]?.arrayValue?.count == 1)
            try await client.send("replaceProjectPrices", project, body: #"{"prices":[]}"#, expect: 200)
            #expect(try await cost() == 0.6)
            try await client.send(
                "replaceProjectPrices", project,
                body:
                    #"{"prices":[{"model_pattern":"/(/","effective_from":"2026-01-01T00:00:00Z","input_per_million":1,"output_per_million":1}]}"#,
                expect: 422)
            let reader = RecordingClient(server, contract, key: try await installation.key([.read]))
            try await reader.send("getProjectPrices", project, expect: 200)
            try await reader.send("replaceProjectPrices", project, body: #"{"prices":[]}"#, expect: 403)
        }
    }

    @Test("a task is shown in every state, to its own project only")
    func tasks() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read]))
            let tasks = installation.metastore.tasks
            let queued = try await tasks.create(kind: "seal", project: installation.first.projectID)
            #expect(try await client.send("getTask", "/api/v1/tasks/\(queued.id.uuid)", expect: 200)["state"]?.stringValue == "queued")
            try await tasks.start(queued.id)
            try await tasks.reportProgress(queued.id, done: 1, total: 2)
            #expect(
                try await client.send("getTask", "/api/v1/tasks/\(queued.id.uuid)", expect: 200)["progress"]?["total"]?.integerValue == 2)
            try await tasks.succeed(queued.id, result: Array(#"{"segments":3}"#.utf8))
            let done = try await client.send("getTask", "/api/v1/tasks/\(queued.id.uuid)", expect: 200)
            #expect(done["result"]?["segments"]?.integerValue == 3)
            let foreign = try await tasks.create(kind: "seal", project: try await installation.makeProject("Other"))
            try await client.send("getTask", "/api/v1/tasks/\(foreign.id.uuid)", expect: 404)
            try await client.send("getTask", "/api/v1/tasks/nonsense", expect: 404)
        }
    }

    @Test("health, metrics and the document need no key; readiness names what is wrong")
    func operations() async throws {
        let contract = try contract()
        let checks = [ReadinessCheck("postgres") { nil }, ReadinessCheck("disk") { "is full" }]
        try await TestInstallation.run { _, server in
            let client = RecordingClient(server, contract, key: nil)
            try await client.send("getLiveness", "/health/live", expect: 200)
            try await client.send("getReadiness", "/health/ready", expect: 200)
            let document = try await client.send("getOpenAPI", "/openapi.json", expect: 200)
            #expect(document == contract.document)
            let metrics = try await client.send("getMetrics", "/metrics", expect: 200)
            #expect(
                metrics.stringValue?.contains(#"spandrel_http_requests_total{method="GET",route="/health/live",status="200"} 1"#) == true)
        }
        try await TestInstallation.run(readinessChecks: checks) { _, server in
            let client = RecordingClient(server, contract, key: nil)
            let readiness = try await client.send("getReadiness", "/health/ready", expect: 503)
            #expect(readiness["checks"]?["disk"]?.stringValue == "is full")
            #expect(readiness["checks"]?["postgres"]?.stringValue == "ok")
        }
    }

    @Test("without PostgreSQL known keys go on and everything else is a 503")
    func closedDatabase() async throws {
        let contract = try contract()
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read, .admin], reachesOrganization: true))
            try await client.send("query", "/api/v1/query", body: "{}", expect: 200)
            await installation.metastore.close()
            try await client.send("query", "/api/v1/query", body: "{}", expect: 200)
            try await client.send("listProjects", "/api/v1/projects", expect: 503)
            try await RecordingClient(server, contract, key: APIKeySecret.generate().text).send(
                "query", "/api/v1/query", body: "{}", expect: 503)
        }
    }
}
