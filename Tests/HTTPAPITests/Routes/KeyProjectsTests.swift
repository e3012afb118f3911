import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

/// What keys are bound to beside their own project: who may bind them, and what it gives.
@Suite("The further projects of keys")
struct KeyProjectsTests {
    private static func body(_ projects: [String], scopes: String = #""ingest","write""#) -> String {
        #"{"name":"k","scopes":[\#(scopes)],"further_projects":[\#(projects.map { "\"\($0)\"" }.joined(separator: ","))]}"#
    }

    @Test("who manages the keys of a project binds a key to it; others are told as if it were not there")
    func binding() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation), first = installation.first
            let staging = try await installation.makeProject("staging"), secret = try await installation.makeProject("secret")
            let viewer = try #require(team.tokens[.viewer]), id = try #require(team.users[.viewer]).uuid
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]), project: first.projectID)
            for project in [staging, first.projectID] {
                try await owner.send("PUT", "/api/v1/projects/\(project.uuid)/members/\(id)", #"{"role":"admin"}"#, expect: 200)
            }
            let admin = RouteClient(server: server, credential: viewer, project: first.projectID), path = "/api/v1/api-keys"
            let made = try await admin.send("POST", path, Self.body([staging.uuid]), expect: 201)
            #expect(made["further_projects"]?.arrayValue?.map { $0["name"]?.stringValue } == ["staging"])
            #expect(made["further_projects"]?.arrayValue?.first?["id"]?.stringValue == staging.uuid)
            for projects in [[secret.uuid], [ProjectID.make().uuid], [first.projectID.uuid], [staging.uuid, staging.uuid], ["staging"]] {
                let refused = try await admin.send("POST", path, Self.body(projects), expect: 422)
                #expect(refused["errors"]?.arrayValue?.first?["field"]?.stringValue?.hasPrefix("further_projects") == true, "\(projects)")
            }
            let unknown = [secret.uuid, ProjectID.make().uuid]
            var words: [String?] = []
            for project in unknown {
                words.append(try await admin.send("POST", path, Self.body([project]), expect: 422)["detail"]?.stringValue)
            }
            #expect(words[0] == words[1])
            // Whoever takes a key over has what it has.
            let wide = try await owner.send("POST", path, Self.body([secret.uuid]), expect: 201)["id"]?.stringValue ?? ""
            try await admin.send("POST", path + "/\(wide)/rotation", #"{"overlap_seconds":60}"#, expect: 403)
            let rotated = try await owner.send("POST", path + "/\(wide)/rotation", #"{"overlap_seconds":60}"#, expect: 201)
            #expect(rotated["further_projects"]?.arrayValue?.count == 1)
            let log = try await owner.send("GET", "/api/v1/audit?action=createAPIKey", expect: 200)["data"]?.arrayValue ?? []
            #expect(log.contains { $0["after"]?["further_projects"]?.arrayValue?.map(\.stringValue) == [staging.uuid] })
        }
    }

    @Test("a key gives a key no more projects than it sends to itself")
    func givenByKeys() async throws {
        try await TestInstallation.run { installation, server in
            let staging = try await installation.makeProject("staging"), other = try await installation.makeProject("other")
            let first = RouteClient(server: server, credential: installation.first.secret.text), path = "/api/v1/api-keys"
            let made = try await first.send("POST", path, Self.body([staging.uuid], scopes: #""admin","ingest""#), expect: 201)
            let key = RouteClient(server: server, credential: made["key"]?.stringValue ?? "")
            try await key.send("POST", path, Self.body([staging.uuid], scopes: #""ingest""#), expect: 201)
            let refused = try await key.send("POST", path, Self.body([other.uuid], scopes: #""ingest""#), expect: 403)
            #expect(refused["detail"]?.stringValue?.contains("further_projects") == true)
        }
    }

    @Test("in a further project a key sends scores, and reads nothing; another is not there")
    func scores() async throws {
        try await TestInstallation.run { installation, server in
            let staging = try await installation.makeProject("staging"), other = try await installation.makeProject("other")
            let secret = APIKeySecret.generate()
            _ = try await installation.metastore.apiKeys.create(
                NewAPIKey(name: "k", secret: secret, scopes: Set(Scope.allCases), furtherProjects: [staging]),
                in: installation.first.projectID)
            let score = #"{"name":"helpful","passed":true,"trace_id":"0af7651916cd43dd8448eb211c80319c"}"#
            let there = RouteClient(server: server, credential: secret.text, project: staging)
            try await there.send("POST", "/api/v1/scores", score, expect: 201)
            for path in ["/api/v1/scores", "/api/v1/traces", "/api/v1/api-keys", "/api/v1/settings"] {
                try await there.send("GET", path, expect: 403)
            }
            try await there.send("GET", "/api/v1/projects/\(installation.first.projectID.uuid)", expect: 404)
            try await RouteClient(server: server, credential: secret.text, project: other).send(
                "POST", "/api/v1/scores", score, expect: 404)
            let own = RouteClient(server: server, credential: secret.text)
            #expect(try await own.send("GET", "/api/v1/scores", expect: 200)["data"]?.arrayValue?.isEmpty == true)
            #expect(try await installation.metastore.scores.list(in: staging, page: PageRequest()).items.count == 1)
        }
    }
}
