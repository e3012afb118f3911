import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

/// How far keys go, and what keys and users may give to keys.
@Suite("The reach of keys")
struct KeyReachTests {
    private static let every = #""scopes":["ingest","read","write","run","admin"]"#

    @Test("an admin of one project makes no key that goes beyond it, and takes none over that does")
    func projectAdmin() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation), first = installation.first
            let small = try await installation.makeProject("Small")
            // A viewer of the organization, admin of two projects of it.
            let viewer = try #require(team.tokens[.viewer]), id = try #require(team.users[.viewer]).uuid
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]))
            for project in [small, first.projectID] {
                try await owner.send("PUT", "/api/v1/projects/\(project.uuid)/members/\(id)", #"{"role":"admin"}"#, expect: 200)
            }
            let admin = RouteClient(server: server, credential: viewer, project: small)
            try await admin.send(
                "POST", "/api/v1/api-keys", #"{"name":"k","scopes":["admin"],"reaches_organization":true}"#, expect: 403)
            let made = try await admin.send("POST", "/api/v1/api-keys", #"{"name":"k",\#(Self.every)}"#, expect: 201)
            #expect(made["reaches_organization"]?.boolValue == false && made["created_by"]?["id"]?.stringValue == id)
            let key = RouteClient(server: server, credential: made["key"]?.stringValue ?? "")
            let foreign = "/api/v1/projects/\(first.projectID.uuid)"
            try await key.send("GET", "/api/v1/projects", expect: 403)
            try await key.send("POST", "/api/v1/projects", #"{"name":"new"}"#, expect: 403)
            try await key.send("POST", foreign + "/api-keys", #"{"name":"evil",\#(Self.every)}"#, expect: 404)
            for (method, body) in [("PATCH", #"{"name":"mine"}"#), ("DELETE", nil), ("GET", nil)] {
                try await key.send(method, foreign, body, expect: 404)
            }
            // The first key reaches the organization: its secret's replacement would, too.
            let keys = try await owner.send("GET", foreign + "/api-keys", expect: 200)["data"]?.arrayValue ?? []
            let firstKey = try #require(keys.last?["id"]?.stringValue)
            #expect(keys.last?["reaches_organization"]?.boolValue == true && keys.last?["created_by"]?.isNull == true)
            let there = RouteClient(server: server, credential: viewer, project: first.projectID)
            try await there.send("POST", "/api/v1/api-keys/\(firstKey)/rotation", #"{"overlap_seconds":60}"#, expect: 403)
            let rotated = try await owner.send(
                "POST", foreign + "/api-keys/\(firstKey)/rotation", #"{"overlap_seconds":60}"#, expect: 201)
            #expect(rotated["reaches_organization"]?.boolValue == true)
            #expect(rotated["created_by"]?["name"]?.stringValue == FirstStart.ownerEmail)
        }
    }

    @Test("a key that reaches its organization manages the keys of other projects, not the projects")
    func otherProjects() async throws {
        try await TestInstallation.run { installation, server in
            let first = RouteClient(server: server, credential: installation.first.secret.text)
            let project = try await first.send("POST", "/api/v1/projects", #"{"name":"Second"}"#, expect: 201)
            let other = "/api/v1/projects/\(project["id"]?.stringValue ?? "")"
            try await first.send("GET", other, expect: 200)
            try await first.send("PATCH", other, #"{"name":"Renamed"}"#, expect: 403)
            try await first.send("DELETE", other, expect: 403)
            let made = try await first.send("POST", other + "/api-keys", #"{"name":"k",\#(Self.every)}"#, expect: 201)
            #expect(made["reaches_organization"]?.boolValue == false && made["created_by"]?["kind"]?.stringValue == "api_key")
            let wide = try await first.send(
                "POST", other + "/api-keys", #"{"name":"k","scopes":["admin"],"reaches_organization":true}"#, expect: 201)
            try await RouteClient(server: server, credential: wide["key"]?.stringValue ?? "").send("GET", "/api/v1/projects", expect: 200)
            try await first.send(
                "POST", other + "/api-keys", #"{"name":"k","scopes":["read"],"reaches_organization":true}"#, expect: 422)
        }
    }

    @Test("a key gives no more than it has itself, by making a key or by replacing one")
    func ownTerms() async throws {
        try await TestInstallation.run { installation, server in
            let first = RouteClient(server: server, credential: installation.first.secret.text)
            let terms = #""expires_at":"2100-01-01T00:00:00Z","requests_per_second":100,"allowed_networks":["127.0.0.0/8","::1/128"]"#
            let made = try await first.send("POST", "/api/v1/api-keys", #"{"name":"narrow","scopes":["admin"],\#(terms)}"#, expect: 201)
            let narrow = RouteClient(server: server, credential: made["key"]?.stringValue ?? "")
            for body in [
                #"{"name":"k","scopes":["admin","read"],\#(terms)}"#, #"{"name":"k","scopes":["admin"]}"#,
                #"{"name":"k","scopes":["admin"],"reaches_organization":true,\#(terms)}"#,
            ] {
                try await narrow.send("POST", "/api/v1/api-keys", body, expect: 403)
            }
            try await narrow.send("POST", "/api/v1/api-keys", #"{"name":"k","scopes":["admin"],\#(terms)}"#, expect: 201)
            let full = try await first.send("POST", "/api/v1/api-keys", #"{"name":"full",\#(Self.every)}"#, expect: 201)
            let path = "/api/v1/api-keys/\(full["id"]?.stringValue ?? "")"
            try await narrow.send("POST", path + "/rotation", #"{"overlap_seconds":0}"#, expect: 403)
            try await narrow.send("DELETE", path, expect: 200)
            // Its own replacement is like it.
            let own = "/api/v1/api-keys/\(made["id"]?.stringValue ?? "")/rotation"
            let rotated = try await narrow.send("POST", own, #"{"overlap_seconds":60}"#, expect: 201)
            #expect(rotated["expires_at"]?.stringValue == made["expires_at"]?.stringValue)
        }
    }
}
