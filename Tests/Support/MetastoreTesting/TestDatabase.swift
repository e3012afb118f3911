import Metastore
import PostgresClient
import PostgresTesting

/// Databases as a server finds them at its second start: every migration applied, the shipped prices stored.
package enum TestDatabase {
    /// One of this test's own.
    package static func make() async throws -> PostgresConfiguration {
        try await TestServer.makeDatabase(copyOf: "metastore") { database in
            try await Metastore.open(PostgresPool(database, maximumConnectionCount: 1, logger: TestServer.logger)).close()
        }
    }
}
