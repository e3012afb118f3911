import Access
import ByteCoding
import CurlClient
import HTTPTesting
import IPAddresses
import Metastore
import Testing
import TraceModel

/// Every operation that changes something, once with success: each leaves exactly one entry, under its own name and caller.
@Suite("The audit log over all routes")
struct AuditWalkTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }

    /// Operations other than GET that change nothing the log is about: questions, tickets, exports of spans, and the work on a run's cells.
    private static let unaudited: Set<String> = [
        "query", "estimateRun", "searchKnowledge", "previewRedaction", "createTicket", "exportTraces", "exportTracesUnderOTel",
        "exportTracesUnderAPIPublic", "exportLogs", "exportLogsUnderOTel", "exportLogsUnderAPIPublic", "exportMetrics",
        "exportMetricsUnderOTel", "exportMetricsUnderAPIPublic", "leaseExecCells", "extendExecLeases", "submitExecOutputs",
        "releaseExecCells",
    ]

    /// Sends requests and counts the entries each leaves.
    private final class Walk {
        let installation: TestInstallation
        let server: LiveServer
        let contract: Contract
        private(set) var walked: Set<String> = []

        init(_ installation: TestInstallation, _ server: LiveServer, _ contract: Contract) {
            self.installation = installation
            self.server = server
            self.contract = contract
        }

        private func entries() async throws -> [(action: String, kind: String, requestID: String)] {
            try await installation.auditEntries()
        }

        /// - Parameter credential: nil for public operations.
        @discardableResult
        func change(
            _ operation: String, _ path: String, _ body: String? = nil, type: String = "application/json", as credential: String?,
            project: ProjectID? = nil, headers more: [(String, String)] = [],
            callerKind: String, expect status: Int, location: SourceLocation = #_sourceLocation
        ) async throws -> JSONValue {
            walked.insert(operation)
            let before = try await entries().count
            var headers = more + [("x-request-id", "walk-\(operation)")]
            if let credential { headers.append(("authorization", "Bearer \(credential)")) }
            if let project { headers.append(("spandrel-project", project.uuid)) }
            if body != nil { headers.append(("content-type", type)) }
            let method = contract.operations.first { $0.id == operation }?.method.uppercased() ?? ""
            let answer = try await server.send(method, path, headers: headers, body: Array((body ?? "").utf8))
            #expect(answer.status == status, "\(operation): \(answer.text)", sourceLocation: location)
            var new = Array(try await entries().dropFirst(before))
            // What a mail carries is made after the answer.
            while status == 202, new.isEmpty { new = Array(try await entries().dropFirst(before)) }
            #expect(new.count == 1, "\(operation) left \(new)", sourceLocation: location)
            if let entry = new.first {
                #expect(entry.kind == callerKind, "\(operation)", sourceLocation: location)
                #expect(entry.requestID == "walk-\(operation)", "\(operation)", sourceLocation: location)
                #expect(entry.action == operation, sourceLocation: location)
            }
            return (try? JSONValue.parse(answer.body)) ?? .null
        }
    }

    private func suitesAndRuns(_ walk: Walk, _ owner: String, _ project: ProjectID) async throws {
        func change(_ operation: String, _ path: String, _ body: String? = nil, expect status: Int = 200) async throws -> JSONValue {
            try await walk.change(operation, path, body, as: owner, project: project, callerKind: "user", expect: status)
        }
        func send(_ operation: String, _ path: String, file: String) async throws {
            try await walk.change(operation, path, file, type: "text/plain", as: owner, project: project, callerKind: "user", expect: 200)
        }
        let suite = try await change("createSuite", "/api/v1/suites", #"{"name":"geography"}"#, expect: 201)
        let one = "/api/v1/suites/\(suite["id"]?.stringValue ?? "")"
        _ = try await change("updateSuite", one, #"{"description":"Capitals."}"#)
        _ = try await change("editTestCases", one + "/test-cases", #"{"put":[{"key":"france","input":"Capital of France?"}]}"#)
        try await send("importTestCases", one + "/import", file: #"{"key":"spain","input":"Capital of Spain?"}"#)
        try await send("syncSuiteFile", "/api/v1/suites/sync", file: "name: rivers\ncases:\n  - {key: nile, input: Longest?}\n")
        _ = try await change("sendDemoTraces", "/api/v1/projects/\(project.uuid)/demo-traces", "{}", expect: 201)
        let key = try await walk.installation.key([.ingest])
        try await SpanTestCaseRouteTests.export(walk.server, key)
        _ = try await change(
            "createTestCaseFromSpan", one + "/test-cases/from-span",
            #"{"trace_id":"0102030405060708090a0b0c0d0e0f10","span_id":"0000000000000001"}"#)
        _ = try await change(
            "requestDrafts", one + "/drafts", #"{"trace_ids":["0102030405060708090a0b0c0d0e0f10"]}"#, expect: 202)
        let drafts = try await walk.installation.writeDrafts(["a", "b"])
        _ = try await change("acceptDraft", one + "/drafts/\(drafts[0].uuid)/accept", "{}")
        _ = try await change("dropDraft", one + "/drafts/\(drafts[1].uuid)/drop")
        let run = try await change(
            "startRun", "/api/v1/runs", #"{"suite":"geography","targets":[{"name":"code","kind":"exec"}]}"#, expect: 202)
        let id = run["id"]?.stringValue ?? "", path = "/api/v1/runs/\(id)"
        try await walk.installation.plan(id)
        _ = try await change("updateRun", path, #"{"concurrency":7}"#)
        for command in ["pause", "resume", "cancel"] { _ = try await change(command + "Run", path + "/" + command) }
        let second = try await change(
            "startRun", "/api/v1/runs", #"{"suite":"geography","repetitions":2,"targets":[\#(RunRoutes.httpTarget)]}"#, expect: 202)
        try await walk.installation.plan(second.text("id"))
        // One of the two stays under way, so that the run does not end.
        _ = try await walk.installation.metastore.runs.leaseCells(worker: "slow", capacity: 1)
        try await walk.installation.work()
        _ = try await change("requeueTestCase", "/api/v1/runs/\(second.text("id"))/requeue", #"{"key":"france"}"#)
        _ = try await change(
            "createScore", "/api/v1/scores", #"{"name":"helpful","passed":true,"trace_id":"0102030405060708090a0b0c0d0e0f10"}"#, expect: 201
        )
        let score = #"{"id":"a","name":"helpful","value":1,"traceId":"0102030405060708090a0b0c0d0e0f10"}"#
        _ = try await change("createLangfuseScores", "/api/public/scores", score)
        _ = try await change(
            "ingestLangfuseEvents", "/api/public/ingestion",
            #"{"batch":[{"id":"e","type":"score-create","body":\#(score.replacing(#""a""#, with: #""b""#))}]}"#, expect: 207)
        _ = try await change("archiveSuite", one, expect: 204)
    }

    /// `reviewer`: another user. `database`: the connection string of one with a table.
    private func knowledge(_ walk: Walk, _ owner: String, reviewer: String, _ project: ProjectID, database: String) async throws {
        func change(
            _ operation: String, _ path: String, _ body: String? = nil, type: String = "application/json", as user: String? = nil,
            headers: [(String, String)] = [], expect status: Int = 200
        ) async throws -> JSONValue {
            try await walk.change(
                operation, path, body, type: type, as: user ?? owner, project: project, headers: headers, callerKind: "user", expect: status
            )
        }
        func promote(_ name: String) async throws {
            let path = KnowledgeRoutes.drafts + "/" + name
            let submitted = try await change("submitKnowledgeDraft", path + "/submit")
            let version = submitted["version"]?.integerValue ?? 0
            _ = try await change(
                "reviewKnowledgeDraft", path + "/review", #"{"version":\#(version),"decision":"approve"}"#, as: reviewer)
            _ = try await change("promoteKnowledgeDraft", path + "/promote", "{}", expect: 202)
            let promotions = walk.installation.metastore.knowledgePromotions
            _ = try await promotions.publish(try #require(try await promotions.lease(worker: "walk")))
        }
        func put(_ draft: String) async throws {
            _ = try await change(
                "putKnowledgeDraftEntry", "\(KnowledgeRoutes.drafts)/\(draft)/entries/a", KnowledgeRoutes.article("A", draft),
                headers: [("if-none-match", "*")], expect: 201)
        }
        let drafts = KnowledgeRoutes.drafts, main = drafts + "/main"
        _ = try await change("replaceKnowledgeSettings", KnowledgeRoutes.root + "/settings", #"{"required_approvals":1}"#)
        for name in ["first", "second"] { _ = try await change("createKnowledgeDraft", drafts, #"{"name":"\#(name)"}"#, expect: 201) }
        _ = try await change("updateKnowledgeDraft", drafts + "/first", #"{"name":"main"}"#)
        try await put("main")
        _ = try await change("deleteKnowledgeDraftEntry", main + "/entries/a", headers: [("if-match", "*")], expect: 204)
        _ = try await change("importKnowledgeTables", main + "/tables", "CREATE TABLE t (id int);", type: "application/sql")
        _ = try await change(
            "importKnowledgeTablesFromPostgreSQL", main + "/tables/postgresql", #"{"connection_string":"\#(database)"}"#)
        _ = try await change("uploadKnowledgeOpenAPI", main + "/openapi?document=d", "{}", expect: 202)
        _ = try await change("uploadKnowledgeMarkdown", main + "/markdown", "PK", type: "application/zip", expect: 202)
        _ = try await change("submitKnowledgeDraft", main + "/submit")
        _ = try await change("withdrawKnowledgeDraft", main + "/withdraw")
        try await promote("main")
        _ = try await change("rebaseKnowledgeDraft", drafts + "/second/rebase", "{}")
        try await put("second")
        try await promote("second")
        _ = try await change("restoreKnowledgeRevision", KnowledgeRoutes.revisions + "/1/restore", "{}", expect: 202)
        _ = try await change("createKnowledgeDraft", drafts, #"{"name":"third"}"#, expect: 201)
        _ = try await change("discardKnowledgeDraft", drafts + "/third", expect: 204)
    }

    private func features(_ walk: Walk, _ owner: String, _ project: ProjectID) async throws {
        func change(_ operation: String, _ path: String, _ body: String? = nil, expect status: Int = 200) async throws -> JSONValue {
            try await walk.change(operation, path, body, as: owner, project: project, callerKind: "user", expect: status)
        }
        let feature = try await walk.installation.makeFeature().uuid, analyses = "/api/v1/feature-analyses"
        let window = #"{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"}"#
        let analysis = try await change("startFeatureAnalysis", analyses, window, expect: 202)
        _ = try await change("cancelFeatureAnalysis", analyses + "/\(analysis["id"]?.stringValue ?? "")/cancel")
        _ = try await change("replaceFeatureSchedule", "/api/v1/feature-schedule", #"{"is_enabled":true}"#)
        _ = try await change("updateTraceFeature", "/api/v1/trace-features/\(feature)", #"{"name":"Find a parcel"}"#)
    }

    private func scoring(_ walk: Walk, _ owner: String, _ project: ProjectID) async throws {
        func change(_ operation: String, _ path: String, _ body: String? = nil, expect status: Int = 200) async throws -> JSONValue {
            try await walk.change(operation, path, body, as: owner, project: project, callerKind: "user", expect: status)
        }
        let scorers = #""scorers":[{"kind":"latency","maximum_ms":100}]"#
        let rule = try await change("createScoreRule", "/api/v1/score-rules", #"{"name":"quick",\#(scorers)}"#, expect: 201)
        let path = "/api/v1/score-rules/\(rule["id"]?.stringValue ?? "")"
        _ = try await change("updateScoreRule", path, #"{"sampling_rate":0.5}"#)
        _ = try await change("archiveScoreRule", path, expect: 204)
        let task = try await change("startBackfill", "/api/v1/scores/backfill", "{\(scorers)}", expect: 202)
        _ = try await change("cancelTask", "/api/v1/tasks/\(task["id"]?.stringValue ?? "")/cancel")
        for (operation, path) in [("reapplyMapping", "/api/v1/mappings/reapply"), ("reapplyPrices", "/api/v1/prices/reapply")] {
            let task = try await change(operation, path, #"{"dry_run":true}"#, expect: 202)
            _ = try await change("cancelTask", "/api/v1/tasks/\(task["id"]?.stringValue ?? "")/cancel")
        }
    }

    @Test("every mutating operation leaves exactly one entry; who may only read the log cannot change it")
    func walk() async throws {
        let contract = try #require(Self.contract)
        let loopback = OutboundAddressPolicy(allowing: [try #require(IPNetwork("127.0.0.0/8"))])
        try await TestInstallation.run(outbound: loopback) { installation, server in
            let team = try await Team.make(installation), walk = Walk(installation, server, contract)
            let owner = try #require(team.tokens[.owner]), project = installation.first.projectID
            let organization = "/api/v1/organizations/\(installation.first.organizationID.uuid)"
            let email = FirstStart.ownerEmail, password = installation.first.password.text

            // Sessions.
            let signedIn = try await walk.change(
                "signIn", "/api/v1/auth/sign-in", #"{"email":"\#(email)","password":"\#(password)"}"#, as: nil, callerKind: "user",
                expect: 200)
            let renewed = try await walk.change(
                "refreshSession", "/api/v1/auth/refresh", #"{"refresh_token":"\#(signedIn["refresh_token"]?.stringValue ?? "")"}"#,
                as: nil, callerKind: "user", expect: 200)
            let session = renewed["access_token"]?.stringValue ?? ""
            try await walk.change("signOut", "/api/v1/auth/sign-out", as: session, callerKind: "user", expect: 204)
            let viewer = try #require(team.tokens[.viewer])
            let other = try await installation.accounts.signIn.signIn(try #require(team.users[.viewer]), origin: RequestOrigin())
            try await walk.change(
                "endMySession", "/api/v1/users/me/sessions/\(other.sessionID.uuid)", as: viewer, callerKind: "user", expect: 204)
            try await walk.change(
                "updateMe", "/api/v1/users/me", #"{"name":"Vi","settings":{"theme":"dark"}}"#, as: viewer, callerKind: "user", expect: 200)
            try await walk.change(
                "sendFeedback", "/api/v1/users/me/feedback", #"{"message":"Good."}"#, as: viewer, callerKind: "user", expect: 201)
            try await walk.change(
                "changePassword", "/api/v1/users/me/password",
                #"{"current_password":"\#(Team.password)","new_password":"another long password"}"#, as: viewer, callerKind: "user",
                expect: 204)
            try await walk.change(
                "requestPasswordReset", "/api/v1/auth/password-resets", #"{"email":"member@team.example"}"#, as: nil,
                callerKind: "anonymous", expect: 202)
            let link = try await installation.outbox.token(after: "/password-reset#")
            try await walk.change(
                "resetPassword", "/api/v1/auth/password-resets/confirm", #"{"token":"\#(link)","password":"yet another password"}"#,
                as: nil, callerKind: "anonymous", expect: 204)

            // Members.
            let invited = try await walk.change(
                "createInvitation", organization + "/invitations", #"{"email":"new@team.example","role":"viewer"}"#, as: owner,
                callerKind: "user", expect: 201)
            try await walk.change(
                "acceptInvitation", "/api/v1/auth/invitations/accept",
                #"{"token":"\#(invited["token"]?.stringValue ?? "")","name":"New","password":"\#(Team.password)"}"#, as: nil,
                callerKind: "anonymous", expect: 201)
            let mine = try await installation.accounts.invitations.invite(
                email: "stranger@other.example", role: .viewer, project: nil, by: try await installation.principal(owner),
                audit: .system("createInvitation"))
            try await walk.change(
                "acceptInvitationAsMe", "/api/v1/users/me/invitations", #"{"token":"\#(mine.token.text)"}"#, as: team.strangerToken,
                callerKind: "user", expect: 200)
            try await walk.change(
                "leaveOrganization", "/api/v1/users/me/organizations/\(installation.first.organizationID.uuid)", as: team.strangerToken,
                callerKind: "user", expect: 204)
            let taken = try await installation.accounts.invitations.invite(
                email: "late@team.example", role: .viewer, project: nil, by: try await installation.principal(owner),
                audit: .system("createInvitation"))
            try await walk.change(
                "revokeInvitation", organization + "/invitations/\(taken.invitation.id.uuid)", as: owner, callerKind: "user", expect: 200)
            let member = try #require(team.users[.member]).uuid
            try await walk.change(
                "setMemberRole", organization + "/members/\(member)", #"{"role":"viewer"}"#, as: owner, callerKind: "user", expect: 200)
            let projectMembers = "/api/v1/projects/\(project.uuid)/members/\(member)"
            try await walk.change("setProjectMemberRole", projectMembers, #"{"role":"admin"}"#, as: owner, callerKind: "user", expect: 200)
            try await walk.change("removeProjectMember", projectMembers, as: owner, callerKind: "user", expect: 204)
            try await walk.change("removeMember", organization + "/members/\(member)", as: owner, callerKind: "user", expect: 204)

            // The organization.
            try await walk.change(
                "createOrganization", "/api/v1/organizations", #"{"name":"Research"}"#, as: owner, callerKind: "user", expect: 201)
            try await walk.change("updateOrganization", organization, #"{"name":"Renamed"}"#, as: owner, callerKind: "user", expect: 200)
            try await walk.change(
                "setFeatureFlag", organization + "/features/new-view", #"{"percentage":10}"#, as: owner, callerKind: "user", expect: 200)
            try await walk.change("removeFeatureFlag", organization + "/features/new-view", as: owner, callerKind: "user", expect: 204)
            let credential = try await walk.change(
                "createProviderCredential", organization + "/provider-credentials",
                #"{"provider":"openai","name":"Main","secret":"sk-0123456789"}"#, as: owner, callerKind: "user", expect: 201)
            let credentialPath = organization + "/provider-credentials/\(credential["id"]?.stringValue ?? "")"
            try await walk.change(
                "replaceProviderCredential", credentialPath, #"{"secret":"sk-9876543210"}"#, as: owner, callerKind: "user", expect: 200)
            try await walk.change("deleteProviderCredential", credentialPath, as: owner, callerKind: "user", expect: 204)

            // Projects and their keys, by a key and by a user.
            let admin = try await installation.key([.admin, .read], reachesOrganization: true)
            let made = try await walk.change(
                "createProject", "/api/v1/projects", #"{"name":"Shop"}"#, as: admin, callerKind: "api_key", expect: 201)
            try await walk.change(
                "createOrganizationProject", organization + "/projects", #"{"name":"Second"}"#, as: owner, callerKind: "user", expect: 201)
            let one = "/api/v1/projects/\(made["id"]?.stringValue ?? "")"
            try await walk.change("updateProject", one, #"{"name":"Store"}"#, as: owner, callerKind: "user", expect: 200)
            for (infix, root) in [("", "/api/v1/api-keys"), ("Project", one + "/api-keys")] {
                let key = try await walk.change(
                    "create\(infix)APIKey", root, #"{"name":"k","scopes":["read"]}"#, as: admin, callerKind: "api_key", expect: 201)
                let path = root + "/\(key["id"]?.stringValue ?? "")"
                let new = try await walk.change(
                    "rotate\(infix)APIKey", path + "/rotation", #"{"overlap_seconds":60}"#, as: admin, callerKind: "api_key", expect: 201)
                try await walk.change(
                    "revoke\(infix)APIKey", root + "/\(new["id"]?.stringValue ?? "")", as: admin, callerKind: "api_key", expect: 200)
            }
            try await suitesAndRuns(walk, owner, project)
            let reviewer = try #require(team.tokens[.admin])
            try await SocketRelay.run(to: installation.database) { relay in
                try await knowledge(walk, owner, reviewer: reviewer, project, database: relay.url + "?sslmode=disable")
            }
            try await features(walk, owner, project)
            try await scoring(walk, owner, project)
            try await walk.change("archiveProject", one, as: owner, callerKind: "user", expect: 200)
            try await walk.change(
                "replaceSettings", "/api/v1/settings", #"{"retention_days":30}"#, as: owner, project: project, callerKind: "user",
                expect: 200)
            try await walk.change(
                "addPrices", "/api/v1/prices",
                #"{"prices":[{"model_pattern":"m","input_per_million":1,"output_per_million":2,"effective_from":"2026-01-01T00:00:00Z"}]}"#,
                as: admin, callerKind: "api_key", expect: 201)
            for (infix, owner) in [
                ("Organization", "organizations/\(installation.first.organizationID.uuid)"),
                ("Project", "projects/\(installation.first.projectID.uuid)"),
            ] {
                try await walk.change(
                    "replace\(infix)Prices", "/api/v1/\(owner)/prices",
                    #"{"prices":[{"model_pattern":"m","input_per_million":1,"output_per_million":2,"effective_from":"2026-01-01T00:00:00Z"}]}"#,
                    as: admin, callerKind: "api_key", expect: 200)
            }
            let worker = try await walk.change(
                "createWorkerCredential", "/api/v1/worker-credentials", #"{"name":"machine-2"}"#, as: admin, callerKind: "api_key",
                expect: 201)
            try await walk.change(
                "revokeWorkerCredential", "/api/v1/worker-credentials/\(worker["id"]?.stringValue ?? "")", as: owner, callerKind: "user",
                expect: 200)
            try await walk.change(
                "createDeletion", "/api/v1/deletions", #"{"trace_id":"0123456789abcdef0123456789abcdef"}"#, as: admin,
                callerKind: "api_key", expect: 202)
            try await walk.change("sealStore", "/api/v1/store/seal", as: admin, callerKind: "api_key", expect: 200)
            try await walk.change(
                "replayQuarantine", "/api/v1/quarantine/replay", "{}", as: owner, project: project, callerKind: "user", expect: 200)
            try await walk.change("deleteQuarantine", "/api/v1/quarantine", as: admin, callerKind: "api_key", expect: 200)
            try await walk.change("signOutEverywhere", "/api/v1/auth/sign-out-everywhere", as: owner, callerKind: "user", expect: 204)

            let mutating = contract.operations.filter { $0.method != "get" }.map(\.id)
            #expect(walk.walked == Set(mutating).subtracting(Self.unaudited), "an operation is missing in this walk")
        }
    }
}
