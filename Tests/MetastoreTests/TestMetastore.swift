import Metastore
import PostgresClient
import PostgresTesting

/// A metastore on a database of its own, with an organization and a project in it.
struct TestMetastore {
    let metastore: Metastore
    let connection: PostgresConnection
    let organization: Organization
    let project: Project

    static func open() async throws -> TestMetastore {
        let database = try await TestServer.makeDatabase()
        let metastore = try await Metastore.open(PostgresPool(database, maximumConnectionCount: 2, logger: TestServer.logger))
        let organization = try await metastore.organizations.create(name: "Acme")
        let project = try await metastore.projects.create(name: "Shop", retentionDays: 30, in: organization.id)
        let connection = try await PostgresConnection.connect(database)
        return TestMetastore(metastore: metastore, connection: connection, organization: organization, project: project)
    }

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
