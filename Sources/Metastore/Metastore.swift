/// The control plane's data in PostgreSQL: one repository per noun over one pool.

import GenAIConventions
import PostgresClient

package final class Metastore: Sendable {
    private let pool: PostgresPool
    package let organizations: OrganizationRepository
    package let projects: ProjectRepository
    package let apiKeys: APIKeyRepository
    package let tasks: TaskRepository
    package let prices: PriceRepository

    private init(_ pool: PostgresPool) {
        self.pool = pool
        organizations = OrganizationRepository(pool: pool)
        projects = ProjectRepository(pool: pool)
        apiKeys = APIKeyRepository(pool: pool)
        tasks = TaskRepository(pool: pool)
        prices = PriceRepository(pool: pool)
    }

    /// Brings the database to this program's schema and price table, then serves from `pool`, which it owns from here on.
    /// Errors: `schema` (made by a newer program, or tampered with), `unavailable`.
    package static func open(_ pool: PostgresPool) async throws(MetastoreError) -> Metastore {
        try await translatingErrors { () throws(PostgresError) in try await pool.migrate(SchemaMigrations.all) }
        let metastore = Metastore(pool)
        _ = try await metastore.prices.seed(ShippedPrices.all, shippedVersion: ShippedPrices.version)
        return metastore
    }

    /// Asks PostgreSQL for a sign of life; for readiness. Errors: `unavailable`.
    package func ping() async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in try await pool.ping() }
    }

    /// For /metrics.
    package var poolStatistics: PostgresPool.Statistics { pool.statistics }

    /// Refuses new work, lets running statements end, closes the connections.
    package func close() async { await pool.shutDown() }

    /// On a database without any organization: makes one, a project in it and a key for that, all or nothing. nil if there
    /// is one already, however many servers ask at once. Errors: `invalid`, `unavailable`.
    package func createFirst(
        organization organizationName: String, project projectName: String, key: NewAPIKey
    ) async throws(MetastoreError) -> FirstRecords? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await connection.query("LOCK TABLE organizations IN EXCLUSIVE MODE")
                guard try await connection.query("SELECT 1 FROM organizations LIMIT 1").isEmpty else { return nil }
                let organization = try await OrganizationRepository.insert(name: organizationName, on: connection)
                let project = try await ProjectRepository.insert(
                    name: projectName, retentionDays: nil, in: organization.id, on: connection)
                let key = try await APIKeyRepository.insert(key, in: project.id, on: connection)
                return FirstRecords(organization: organization, project: project, key: key)
            }
        }
    }
}

/// What an empty database begins with.
package struct FirstRecords: Sendable, Equatable {
    package let organization: Organization
    package let project: Project
    package let key: APIKeyRecord
}
