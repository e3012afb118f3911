/// A PostgreSQL server of Spandrel's own, for installations without a database URL: made on first use under
/// DATA_DIR/postgres, reachable through a Unix socket only, ended with this process however that ends, started again when
/// it ends alone.

import Glibc
import Logging

package final class PrivateCluster: Sendable {
    /// How to reach the database.
    package let configuration: PostgresConfiguration
    private let warden: ServerWarden

    private init(configuration: PostgresConfiguration, warden: ServerWarden) {
        self.configuration = configuration
        self.warden = warden
    }

    /// Makes the cluster in `directory` if there is none and starts its server; returns when it accepts connections.
    /// The caller owns the data directory: a server of an earlier run that still works there is ended. Errors: `cluster`
    /// (programs missing: names the package), `connection`.
    package static func start(
        directory: String, maximumConnectionCount: Int = PostgresLimits.maximumClusterConnectionCount, logger: Logger
    ) async throws(PostgresError) -> PrivateCluster {
        let warden = ServerWarden(
            directory: try ClusterDirectory(directory), maximumConnectionCount: maximumConnectionCount, logger: logger)
        let socketDirectory = try await warden.start()
        do throws(PostgresError) {
            let maintenance = try PostgresConfiguration(
                socketDirectory: socketDirectory, database: "postgres", user: ServerCommand.user)
            let connection = try await PostgresConnection.connect(maintenance)
            let known = try await connection.query("SELECT 1 FROM pg_database WHERE datname = $1", [.text(ServerCommand.database)])
            if known.isEmpty { _ = try await connection.script("CREATE DATABASE \(ServerCommand.database)") }
            try await makeEverydayRole(on: connection)
            var configuration = maintenance.with(database: ServerCommand.database)
            configuration.everydayLogin = EverydayRole.name
            return PrivateCluster(configuration: configuration, warden: warden)
        } catch {
            await warden.stop()
            throw error
        }
    }

    /// How to reach the database of a cluster that another process runs in `directory`. Nothing is started, and whether it answers is
    /// found out by connecting. Errors: `cluster`.
    package static func configuration(ofRunning directory: String) throws(PostgresError) -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(
            socketDirectory: try ClusterDirectory(directory).currentSocketDirectory, database: ServerCommand.database,
            user: ServerCommand.user)
        configuration.everydayLogin = EverydayRole.name
        return configuration
    }

    /// The role the server works as; what it may do is the schema's to say. It logs in by itself, so that a session has no way
    /// back to the superuser.
    private static func makeEverydayRole(on connection: PostgresConnection) async throws(PostgresError) {
        let role = try await connection.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", [.text(EverydayRole.name)])
        if role.isEmpty {
            _ = try await connection.script("CREATE ROLE \(EverydayRole.name) LOGIN")
        } else if try role[0].decode("rolcanlogin", as: Bool.self) == false {
            _ = try await connection.script("ALTER ROLE \(EverydayRole.name) LOGIN")
        }
    }

    /// Ends the server gracefully; returns when it is gone.
    package func stop() async { await warden.stop() }

    /// The server's process id; nil while it is being started again.
    package var processID: Int32? { warden.processID }
}
