import Access
import ByteCoding
import HTTPTesting
import Metastore
import Testing
import TraceModel

/// Every route of `openapi/`, asked by everybody who may not.
@Suite("Permissions of routes")
struct RoutePermissionTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }

    /// A request to an operation, its path filled in with what the first organization has.
    private struct Attempt {
        let operation: Contract.Operation
        let path: String

        init(_ operation: Contract.Operation, project: ProjectID, organization: OrganizationID) {
            self.operation = operation
            path = operation.path.replacing("{project_id}", with: project.uuid).replacing("{organization_id}", with: organization.uuid)
                .replacing(/\{[a-z_]+\}/, with: "01a1fd22-0000-7000-8000-000000000000")
        }

        func send(_ server: LiveServer, _ credential: String?, project: ProjectID? = nil) async throws -> HTTPAnswer {
            var headers: [(String, String)] = []
            if let credential { headers.append(("authorization", "Bearer \(credential)")) }
            if let project { headers.append(("spandrel-project", project.uuid)) }
            let hasBody = operation.method != "get"
            if hasBody { headers.append(("content-type", "application/json")) }
            return try await server.send(
                operation.method.uppercased(), path, headers: headers, body: Array((hasBody ? "{}" : "").utf8))
        }
    }

    private struct Walk {
        let server: LiveServer
        let team: Team
        let attempts: [Attempt]

        func expect(
            _ status: Int, _ who: String, of attempt: Attempt, _ credential: String?, project: ProjectID? = nil,
            location: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await attempt.send(server, credential, project: project)
            #expect(answer.status == status, "\(attempt.operation.id) by \(who): \(answer.text)", sourceLocation: location)
            #expect(attempt.operation.statuses.contains(answer.status), "\(attempt.operation.id)", sourceLocation: location)
        }
    }

    private func walk(_ body: @Sendable (Walk) async throws -> Void) async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let first = installation.first
            try await body(
                Walk(
                    server: server, team: try await Team.make(installation),
                    attempts: contract.operations.map {
                        Attempt($0, project: first.projectID, organization: first.organizationID)
                    }))
        }
    }

    @Test("who shows nothing, nonsense, an expired or a revoked key is told 401, wherever that is not enough")
    func credentials() async throws {
        try await walk { walk in
            let installation = walk.team.installation, all = Set(Scope.allCases)
            let expired = APIKeySecret.generate(), revoked = APIKeySecret.generate()
            // A key that expires within the second: the schema lets none be made that has expired already.
            let expiry = UnixTime.now() + 1_000_000_000
            _ = try await installation.metastore.apiKeys.create(
                NewAPIKey(name: "Expired", secret: expired, scopes: all, expiryTimeUnixNano: expiry), in: installation.first.projectID)
            let record = try await installation.metastore.apiKeys.create(
                NewAPIKey(name: "Revoked", secret: revoked, scopes: all), in: installation.first.projectID)
            _ = try await installation.metastore.apiKeys.revoke(record.id, in: installation.first.projectID)
            while UnixTime.now() <= expiry { await Task.yield() }
            for attempt in walk.attempts where attempt.operation.access != "public" {
                try await walk.expect(401, "nobody", of: attempt, nil)
                try await walk.expect(401, "nonsense", of: attempt, "nonsense")
                try await walk.expect(401, "an unknown key", of: attempt, APIKeySecret.generate().text)
                try await walk.expect(401, "an expired key", of: attempt, expired.text)
                try await walk.expect(401, "a revoked key", of: attempt, revoked.text)
                try await walk.expect(401, "a changed token", of: attempt, (walk.team.tokens[.owner] ?? "") + "A")
            }
        }
    }

    @Test("a key without the scope is told 403, whatever other scopes it has")
    func scopes() async throws {
        try await walk { walk in
            var keys: [Scope?: String] = [nil: try await walk.team.installation.key(Set(Scope.allCases), reachesOrganization: true)]
            for scope in Scope.allCases {
                keys[scope] = try await walk.team.installation.key(
                    Set(Scope.allCases).subtracting([scope]), reachesOrganization: scope != .admin)
            }
            for attempt in walk.attempts where attempt.operation.access != "public" {
                let needed = Permission(rawValue: attempt.operation.access)?.requirement.scope
                try await walk.expect(
                    403, "a key without \(needed?.rawValue ?? "a user behind it")", of: attempt, keys[needed] ?? nil)
            }
        }
    }

    @Test("a user with less than the least role is told 403, and with it is not")
    func roles() async throws {
        try await walk { walk in
            let project = walk.team.installation.first.projectID
            // Archived once, a project is nobody's any more.
            let isLast = { (attempt: Attempt) in attempt.operation.id == "archiveProject" }
            for attempt in walk.attempts.filter({ !isLast($0) }) + walk.attempts.filter(isLast) {
                guard let needed = Permission(rawValue: attempt.operation.access)?.requirement else { continue }
                for role in Role.allCases {
                    let answer = try await attempt.send(walk.server, walk.team.tokens[role], project: project)
                    let isAllowed = role >= needed.leastRole
                    #expect((answer.status == 403) == !isAllowed, "\(attempt.operation.id) by \(role): \(answer.status) \(answer.text)")
                    #expect(attempt.operation.statuses.contains(answer.status), "\(attempt.operation.id) \(answer.status)")
                }
            }
        }
    }

    @Test("another organization's project and organization answer byte for byte like unknown ones")
    func strangers() async throws {
        try await walk { walk in
            let first = walk.team.installation.first
            for attempt in walk.attempts where Permission(rawValue: attempt.operation.access) != nil {
                let isInPath =
                    attempt.path != attempt.operation.path
                    && (attempt.path.contains(first.projectID.uuid) || attempt.path.contains(first.organizationID.uuid))
                let named: ProjectID? = isInPath ? nil : first.projectID
                for (who, credential) in [("a stranger's key", walk.team.strangerKey), ("a stranger", walk.team.strangerToken)] {
                    let answer = try await attempt.send(walk.server, credential, project: named)
                    let unknown = try await Attempt(attempt.operation, project: .make(), organization: .make())
                        .send(walk.server, credential, project: named == nil ? nil : .make())
                    #expect(answer.status == 404, "\(attempt.operation.id) by \(who): \(answer.text)")
                    #expect(Self.withoutRequestID(answer) == Self.withoutRequestID(unknown), "\(attempt.operation.id) by \(who)")
                }
            }
        }
    }

    private static func withoutRequestID(_ answer: HTTPAnswer) -> String {
        let headers = answer.headers.filter { !["x-request-id", "date"].contains($0.key.lowercased()) }.map { "\($0.key): \($0.value)" }
        return "\(answer.status) \(headers.sorted()) "
            + answer.text.replacing(/"request_id":"[^"]*"/, with: "").replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "ID")
    }
}
