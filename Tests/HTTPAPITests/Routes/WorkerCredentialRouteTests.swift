import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

@Suite("Worker credentials over HTTP")
struct WorkerCredentialRouteTests {
    private static let path = "/api/v1/worker-credentials"

    @Test("a credential is made, shown once, listed without its token, and revoked")
    func life() async throws {
        try await TestInstallation.run { installation, server in
            let admin = try await installation.key([.admin], reachesOrganization: true)
            let client = RouteClient(server: server, credential: admin)
            let made = try await client.send("POST", Self.path, #"{"name":"machine-2"}"#, expect: 201)
            let token = try #require(made["token"]?.stringValue), id = try #require(made["id"]?.stringValue)
            #expect(WorkerToken(token) != nil)
            let listed = try await client.send("GET", Self.path, expect: 200)["data"]?.arrayValue ?? []
            #expect(listed.count == 1 && listed[0]["name"]?.stringValue == "machine-2" && listed[0]["token"] == nil)
            let revoked = try await client.send("DELETE", Self.path + "/" + id, expect: 200)
            #expect(revoked["revoked_at"]?.stringValue != nil)
            #expect(try await client.send("DELETE", Self.path + "/" + id, expect: 200) == revoked, "once is enough")
            try await client.send("DELETE", Self.path + "/" + WorkerCredentialID.make().uuid, expect: 404)
            for body in ["{}", #"{"name":""}"#, #"{"name":" x"}"#, #"{"name":"x","scopes":[]}"#] {
                try await client.send("POST", Self.path, body, expect: 422)
            }
        }
    }

    @Test("another organization's owner may not, and neither may a key that ends at its project")
    func rights() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation)
            let ending = try await installation.key(Set(Scope.allCases))
            for credential in [team.strangerToken, ending] {
                let client = RouteClient(server: server, credential: credential)
                try await client.send("POST", Self.path, #"{"name":"mine"}"#, expect: 403)
                try await client.send("GET", Self.path, expect: 403)
                try await client.send("DELETE", Self.path + "/" + WorkerCredentialID.make().uuid, expect: 403)
            }
        }
    }
}
