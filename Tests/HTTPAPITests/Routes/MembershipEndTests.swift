import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

/// What is left to somebody whose memberships end, and what others see of it.
@Suite("The end of memberships")
struct MembershipEndTests {
    @Test("who belongs to nothing keeps what is the user's own, accepts a new invitation, and signs out everywhere")
    func nothing() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation)
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]))
            let member = RouteClient(server: server, credential: try #require(team.tokens[.member]))
            let id = try #require(team.users[.member]).uuid
            let organization = "/api/v1/organizations/\(installation.first.organizationID.uuid)"
            try await member.send("GET", organization, expect: 200)
            try await owner.send("DELETE", organization + "/members/\(id)", expect: 204)
            // Everything else is refused as whoever has no credentials.
            for path in [organization, "/api/v1/projects", "/api/v1/projects/\(installation.first.projectID.uuid)", "/api/v1/traces"] {
                try await member.send("GET", path, expect: 401)
            }
            var there = member
            there.project = installation.first.projectID
            try await there.send("GET", "/api/v1/traces", expect: 401)
            try await member.send("DELETE", "/api/v1/users/me/organizations/\(installation.first.organizationID.uuid)", expect: 404)
            let me = try await member.send("GET", "/api/v1/users/me", expect: 200)
            #expect(me["organizations"]?.arrayValue?.isEmpty == true)
            try await member.send("GET", "/api/v1/users/me/sessions", expect: 200)
            let invitation = try await owner.send(
                "POST", organization + "/invitations", #"{"email":"member@team.example","role":"viewer"}"#, expect: 201)
            let token = invitation["token"]?.stringValue ?? ""
            #expect(invitation["created_by"]?.stringValue == team.users[.owner]?.uuid)
            try await member.send("POST", "/api/v1/users/me/invitations", #"{"token":"\#(token)"}"#, expect: 200)
            try await member.send("GET", organization, expect: 200)
            try await owner.send("DELETE", organization + "/members/\(id)", expect: 204)
            try await member.send("POST", "/api/v1/auth/sign-out-everywhere", expect: 204)
            try await member.send("GET", "/api/v1/users/me", expect: 401)
        }
    }

    @Test("somebody with a role in one project alone leaves the organization, or is removed from it")
    func projectOnly() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation)
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]))
            let organization = installation.first.organizationID.uuid, project = installation.first.projectID
            for isLeaving in [true, false] {
                let made = try await installation.accounts.invitations.invite(
                    email: "guest\(isLeaving)@team.example", role: .viewer, project: project,
                    by: try await installation.principal(owner.credential), audit: .system("createInvitation"))
                let (_, user) = try await installation.accounts.invitations.accept(
                    token: made.token.text, name: "Guest", password: Team.password, origin: RequestOrigin())
                let signedIn = try await installation.accounts.signIn.signIn(user.id, origin: RequestOrigin())
                let guest = RouteClient(server: server, credential: signedIn.accessToken, project: project)
                try await guest.send("GET", "/api/v1/traces", expect: 200)
                if isLeaving {
                    try await guest.send("DELETE", "/api/v1/users/me/organizations/\(organization)", expect: 204)
                } else {
                    try await owner.send("DELETE", "/api/v1/organizations/\(organization)/members/\(user.id.uuid)", expect: 204)
                }
                try await guest.send("GET", "/api/v1/traces", expect: 401)
            }
        }
    }

    @Test("with revoke_keys a removed member's keys end at once; without, the list says whose they are")
    func keys() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation), project = installation.first.projectID
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]), project: project)
            let admin = RouteClient(server: server, credential: try #require(team.tokens[.admin]), project: project)
            let id = try #require(team.users[.admin]).uuid
            let made = try await admin.send("POST", "/api/v1/api-keys", #"{"name":"k","scopes":["read","admin"]}"#, expect: 201)
            let key = RouteClient(server: server, credential: made["key"]?.stringValue ?? "")
            let child = try await key.send("POST", "/api/v1/api-keys", #"{"name":"k","scopes":["read"]}"#, expect: 201)
            let second = RouteClient(server: server, credential: child["key"]?.stringValue ?? "")
            for client in [key, second] { try await client.send("GET", "/api/v1/traces", expect: 200) }
            let listed = try await owner.send("GET", "/api/v1/api-keys", expect: 200)["data"]?.arrayValue ?? []
            #expect(listed.contains { $0["created_by"]?["name"]?.stringValue == "admin@team.example" })
            let members = "/api/v1/organizations/\(installation.first.organizationID.uuid)/members/\(id)"
            try await owner.send("DELETE", members + "?revoke_keys=true", expect: 204)
            for client in [key, second] { try await client.send("GET", "/api/v1/traces", expect: 401) }
        }
    }

    @Test("a role in a project counts for nothing in the organization: an admin there who owns a project makes no owners")
    func projectOwner() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation), project = installation.first.projectID
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]))
            let id = try #require(team.users[.admin]).uuid
            try await owner.send("PUT", "/api/v1/projects/\(project.uuid)/members/\(id)", #"{"role":"owner"}"#, expect: 200)
            let admin = RouteClient(server: server, credential: try #require(team.tokens[.admin]), project: project)
            let organization = "/api/v1/organizations/\(installation.first.organizationID.uuid)"
            try await admin.send("PUT", organization + "/members/\(id)", #"{"role":"owner"}"#, expect: 403)
            try await admin.send("POST", organization + "/invitations", #"{"email":"x@team.example","role":"owner"}"#, expect: 403)
            let made = try await owner.send(
                "POST", organization + "/invitations", #"{"email":"y@team.example","role":"owner"}"#, expect: 201)
            try await admin.send("DELETE", organization + "/invitations/\(made["id"]?.stringValue ?? "")", expect: 403)
        }
    }

    @Test("an organization's admins see their members' sign-ins, refused ones too, and nobody else's")
    func audit() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation), accounts = installation.accounts
            let owner = RouteClient(server: server, credential: try #require(team.tokens[.owner]))
            let stranger = RouteClient(server: server, credential: team.strangerToken)
            for email in ["member@team.example", "stranger@other.example", "nobody@nowhere.example"] {
                _ = try? await accounts.signIn.signIn(email: email, password: "not the password", origin: RequestOrigin())
            }
            _ = try await accounts.signIn.signIn(email: "member@team.example", password: Team.password, origin: RequestOrigin())
            let member = RouteClient(server: server, credential: try #require(team.tokens[.member]))
            try await member.send("POST", "/api/v1/users/me/feedback", #"{"message":"between us"}"#, expect: 201)
            func entries(_ client: RouteClient, _ query: String) async throws -> [JSONValue] {
                try await client.send("GET", "/api/v1/audit?\(query)", expect: 200)["data"]?.arrayValue ?? []
            }
            let seen = try await entries(owner, "action=signIn")
            let outcomes = seen.filter { $0["caller_name"]?.stringValue == "member@team.example" }.compactMap { $0["outcome"]?.stringValue }
            #expect(Set(outcomes) == ["succeeded", "refused"])
            #expect(!seen.contains { $0["caller_name"]?.stringValue == "stranger@other.example" })
            let theirs = try await entries(stranger, "action=signIn")
            #expect(theirs.contains { $0["outcome"]?.stringValue == "refused" })
            #expect(theirs.allSatisfy { $0["caller_name"]?.stringValue == "stranger@other.example" })
            let feedback = try await entries(owner, "action=sendFeedback")
            #expect(feedback.count == 1 && feedback[0]["after"]?.isNull == true, "that it was sent, not what")
            // By pages it is the same list.
            var pages: [String] = [], cursor = ""
            repeat {
                let page = try await owner.send("GET", "/api/v1/audit?limit=2\(cursor)", expect: 200)
                pages += (page["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
                cursor = page["next_cursor"]?.stringValue.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(
                pages == (try await entries(owner, "limit=500")).compactMap { $0["id"]?.stringValue } && Set(pages).count == pages.count)
        }
    }

    @Test("prices are the installation's: admins of its first organization write them, and keys that reach it")
    func prices() async throws {
        try await TestInstallation.run { installation, server in
            let team = try await Team.make(installation), project = installation.first.projectID
            let body =
                #"{"prices":[{"model_pattern":"m","input_per_million":1,"output_per_million":2,"effective_from":"2026-01-01T00:00:00Z"}]}"#
            func write(_ credential: String, _ project: ProjectID?, expect status: Int) async throws {
                try await RouteClient(server: server, credential: credential, project: project)
                    .send("POST", "/api/v1/prices", body, expect: status)
            }
            try await write(team.strangerToken, nil, expect: 403)
            try await write(team.strangerToken, team.strangerProject, expect: 403)
            let all = Set(Scope.allCases)
            try await write(try await installation.key(all, of: team.strangerProject, reachesOrganization: true), nil, expect: 403)
            try await write(try await installation.key(all), nil, expect: 403)
            try await write(try #require(team.tokens[.member]), project, expect: 403)
            try await write(try #require(team.tokens[.admin]), nil, expect: 201)
            try await write(try await installation.key([.admin], reachesOrganization: true), nil, expect: 201)
        }
    }
}
