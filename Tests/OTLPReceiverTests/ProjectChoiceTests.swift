import Access
import ByteCoding
import HTTPTesting
import Ingest
import Metastore
import SpanStore
import Testing
import TraceModel

/// Where the spans of a key with several projects go.
@Suite("Choosing the project of an export")
struct ProjectChoiceTests {
    fileprivate static let protobuf = ("content-type", "application/x-protobuf")

    private struct Setting {
        let installation: TestInstallation
        let server: LiveServer
        let own: ProjectID
        let staging: ProjectID
        let foreign: ProjectID
        let bound: (String, String)
        let single: (String, String)

        static func run(_ body: @escaping @Sendable (Setting) async throws -> Void) async throws {
            try await TestInstallation.run { installation, server in
                let staging = try await installation.makeProject("staging"), foreign = try await installation.makeProject("foreign")
                let secret = APIKeySecret.generate()
                _ = try await installation.metastore.apiKeys.create(
                    NewAPIKey(name: "bound", secret: secret, scopes: [.ingest], furtherProjects: [staging]),
                    in: installation.first.projectID)
                try await body(
                    Setting(
                        installation: installation, server: server, own: installation.first.projectID, staging: staging, foreign: foreign,
                        bound: ("authorization", "Bearer \(secret.text)"),
                        single: ("authorization", "Bearer \(try await installation.key([.ingest]))")))
            }
        }

        func counts() async throws -> [Int] {
            var counts: [Int] = []
            for project in [own, staging, foreign] { counts.append(try await installation.spanCount(of: project)) }
            return counts
        }

        func send(_ headers: [(String, String)], _ body: [UInt8]) async throws -> (status: Int, body: [UInt8]) {
            let answer = try await server.send("POST", "/v1/traces", headers: headers + [ProjectChoiceTests.protobuf], body: body)
            return (answer.status, answer.body)
        }
    }

    private static func resource(_ project: String) -> [UInt8] {
        let value = OTLPBodies.field(1, Array(project.utf8))
        return OTLPBodies.field(
            1, OTLPBodies.field(1, OTLPBodies.field(1, Array(ProjectSelector.resourceAttribute.utf8)) + OTLPBodies.field(2, value)))
    }

    private static func span(_ number: UInt8, project: String? = nil) -> [UInt8] {
        let resource = project.map { Self.resource($0) } ?? []
        return OTLPBodies.field(1, resource + OTLPBodies.field(2, OTLPBodies.field(2, OTLPBodies.span(number: number))))
    }

    @Test("a header chooses among the key's projects; without one it is the key's own; another is refused and says nothing of it")
    func headers() async throws {
        try await Setting.run { setting in
            #expect(try await setting.send([setting.bound], Self.span(1)).status == 200)
            #expect(try await setting.counts() == [1, 0, 0])
            #expect(try await setting.send([setting.bound, ("langsmith-project", "staging")], Self.span(2)).status == 200)
            #expect(try await setting.send([setting.bound, ("spandrel-project", setting.staging.uuid)], Self.span(3)).status == 200)
            #expect(try await setting.counts() == [1, 2, 0])
            let there = try await setting.send([setting.bound, ("x-bt-parent", "project_id:\(setting.foreign.uuid)")], Self.span(4))
            let nowhere = try await setting.send([setting.bound, ("x-bt-parent", "project_id:\(ProjectID.make().uuid)")], Self.span(4))
            #expect(there.status == 403 && there.body == nowhere.body)
            #expect(try await setting.send([setting.single, ("langsmith-project", "foreign")], Self.span(5)).status == 200)
            #expect(try await setting.send([setting.single], Self.span(6, project: "staging")).status == 200)
            #expect(try await setting.counts() == [3, 2, 0])
        }
    }

    @Test("each resource goes to the project it names, and what names none of the key's is refused alone")
    func resources() async throws {
        try await Setting.run { setting in
            let mixed =
                Self.span(1, project: "staging") + Self.span(2) + Self.span(3, project: "foreign")
                + Self.span(4, project: setting.own.uuid) + Self.span(5, project: "staging") + Self.span(6, project: "nowhere")
            let answer = try await setting.send([setting.bound], mixed)
            #expect(answer.status == 200)
            #expect(try await setting.counts() == [2, 2, 0])
            // partial_success: rejected_spans = 2, and a message.
            // partial_success of more than 127 bytes: rejected_spans = 2, error_message.
            #expect(answer.body.count > 130 && Array(answer.body[3...5]) == [1 << 3, 2, 2 << 3 | 2])
            // The same again is a repeat in both projects, and is told the same.
            #expect(try await setting.send([setting.bound], mixed).body == answer.body)
            #expect(try await setting.counts() == [2, 2, 0])
            // Of one project: as it came, compressed or not.
            #expect(try await setting.send([setting.bound], Self.span(7, project: "staging")).body == [])
            let gzip = TestCompression.compress(Self.span(8, project: "staging") + Self.span(9), .gzip)
            #expect(try await setting.send([setting.bound, ("content-encoding", "gzip")], gzip).body == [])
            #expect(try await setting.counts() == [3, 4, 0])
            #expect(try await setting.send([setting.bound], Self.span(10, project: "nowhere")).status == 403)
            // A header has chosen for all.
            #expect(
                try await setting.send([setting.bound, ("langsmith-project", "staging")], Self.span(11, project: "nowhere")).body == [])
            #expect(try await setting.counts() == [3, 5, 0])
        }
    }

    @Test("what names none of the key's projects is in the quarantine of its own one, once however often it comes, and in no other")
    func unchosen() async throws {
        try await Setting.run { setting in
            let mixed = Self.span(1) + Self.span(3, project: "foreign") + Self.span(6, project: "nowhere")
            for _ in 0..<2 { #expect(try await setting.send([setting.bound, ("user-agent", "test/1")], mixed).status == 200) }
            let quarantine = setting.installation.store.quarantine
            let kept = try quarantine.spans(of: setting.own, maximumCount: 10)
            #expect(kept.map(\.span.reason) == ["project_not_choosable", "project_not_choosable"])
            #expect(kept.allSatisfy { $0.span.isReplayable && $0.span.exporter == "test/1" })
            for project in [setting.staging, setting.foreign] { #expect(try quarantine.spans(of: project, maximumCount: 10).isEmpty) }
            // Refused as a whole: nothing is kept of it, as of any other request that is.
            #expect(try await setting.send([setting.bound], Self.span(7, project: "foreign")).status == 403)
            #expect(try quarantine.spans(of: setting.own, maximumCount: 10).count == 2)
            #expect(try await setting.counts() == [1, 0, 0])
        }
    }

    @Test("an answer's header names the receipts of as many projects as any proxy lets through")
    func receipts() async throws {
        try await Setting.run { setting in
            var projects: [ProjectID] = []
            for number in 0..<33 { projects.append(try await setting.installation.makeProject("further \(number)")) }
            let secret = APIKeySecret.generate()
            _ = try await setting.installation.metastore.apiKeys.create(
                NewAPIKey(name: "wide", secret: secret, scopes: [.ingest], furtherProjects: projects), in: setting.own)
            let body = projects.enumerated().flatMap { Self.span(UInt8($0 + 1), project: $1.uuid) }
            let answer = try await setting.server.send(
                "POST", "/v1/traces", headers: [("authorization", "Bearer \(secret.text)"), Self.protobuf], body: body)
            #expect(answer.status == 200 && answer.body == [])
            let header = try #require(answer.headers["x-spandrel-receipt"])
            let ids = header.split(separator: ", ").map { String($0) }
            #expect(Set(ids).count == 32 && ids.allSatisfy { $0.count == 64 } && header.utf8.count < 4 << 10)
            for project in projects { #expect(try await setting.installation.spanCount(of: project) == 1) }
        }
    }

    @Test("when one of the projects takes nothing now, or its part cannot be read, nothing of the request is stored")
    func wholes() async throws {
        try await Setting.run { setting in
            setting.installation.accounts.limiter.setIngestLimits(RequestLimits(requestsPerSecond: 1), of: setting.staging)
            let mixed = Self.span(1) + Self.span(2, project: "staging")
            let first = try await setting.send([setting.bound], mixed)
            #expect(first.status == 200)
            #expect(try await setting.send([setting.bound], Self.span(3) + Self.span(4, project: "staging")).status == 429)
            #expect(try await setting.counts() == [1, 1, 0])
            #expect(try await setting.send([setting.bound], Self.span(5)).status == 200, "the limit is the other project's")
            setting.installation.accounts.limiter.setIngestLimits(RequestLimits(), of: setting.staging)
            // A field of the scope's number that is no message.
            let broken = OTLPBodies.field(1, Self.resource("staging") + [2 << 3, 1])
            #expect(try await setting.send([setting.bound], Self.span(7) + broken).status == 400)
            #expect(try await setting.counts() == [2, 1, 0])
        }
    }

    @Test("a project that was archived, or renamed, is not chosen by that name any more")
    func changes() async throws {
        try await Setting.run { setting in
            let (metastore, first) = (setting.installation.metastore, setting.installation.first)
            let authenticator = setting.installation.accounts.authenticator
            let named = { (name: String) in [setting.bound, ("langsmith-project", name)] }
            #expect(try await setting.send(named("staging"), Self.span(1)).status == 200)
            let other = AuditDraft.system("updateProject")
            _ = try await metastore.projects.update(setting.staging, in: first.organizationID, ProjectChange(name: "next"), audit: other)
            authenticator.forget(choosersOf: setting.staging)
            #expect(try await setting.send(named("staging"), Self.span(2)).status == 403)
            #expect(try await setting.send(named("next"), Self.span(3)).status == 200)
            _ = try await metastore.projects.archive(setting.staging, in: first.organizationID, audit: .system("archiveProject"))
            authenticator.forget(projectKeys: setting.staging)
            // Its only further project is gone: a key with one project again.
            #expect(try await setting.send(named("next"), Self.span(4)).status == 200)
            #expect(try await setting.counts() == [1, 2, 0])
        }
    }
}
