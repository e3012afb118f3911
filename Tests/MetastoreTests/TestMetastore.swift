import MetastoreTesting
import PostgresClient
import PostgresTesting

@testable import Metastore

/// A metastore on a database of its own, with an organization and a project in it.
struct TestMetastore {
    let metastore: Metastore
    let connection: PostgresConnection
    let organization: Organization
    let project: Project

    static func open(connections: Int = 2) async throws -> TestMetastore {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, maximumConnectionCount: connections, logger: TestServer.logger))
        let organization = try await metastore.organizations.create(name: "Acme")
        let project = try await metastore.projects.create(name: "Shop", retentionDays: 30, in: organization.id)
        let connection = try await PostgresConnection.connect(database)
        return TestMetastore(metastore: metastore, connection: connection, organization: organization, project: project)
    }

    /// An account, a member of the organization if it has a role there.
    func makeUser(_ email: String, role: String? = nil) async throws -> UserID {
        let id = UserID.make()
        try await connection.query("INSERT INTO users (id, email, name) VALUES ($1, $2, 'Test')", [id.value, .text(email)])
        if let role {
            try await connection.query(
                "INSERT INTO organization_memberships (organization_id, user_id, role) VALUES ($1, $2, $3)",
                [organization.id.value, id.value, .text(role)])
        }
        return id
    }

    /// Somebody who may manage these roles, whoever it is.
    func authority(_ roles: [String] = ["owner", "admin", "member", "viewer"], user: UserID = .make()) -> MembershipAuthority {
        MembershipAuthority(user: user) { _, _ in roles }
    }

    /// Who does what in tests.
    let audit = AuditDraft(
        caller: .apiKey(APIKeyID(high: 1, low: 2)), callerName: "spdrl_abc", address: "192.0.2.1", requestID: "request-1",
        action: "testAction")

    func makeKey(_ name: String = "key", hash: UInt8 = 1, scopes: [String] = ["read"]) -> NewAPIKey {
        NewAPIKey(name: name, prefix: "spdrl_abc", hash: [UInt8](repeating: hash, count: 32), scopes: scopes)
    }
}

/// The error a call ends with; nil if it does not fail.
func failure<T>(of body: () async throws -> T) async -> MetastoreError? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? MetastoreError }
}
