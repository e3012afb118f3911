/// Bringing a schema up to date through the pool.

extension PostgresPool {
    /// Brings the pool's database to the schema of `migrations`, on a connection of its own; see Migrator.
    /// Returns the numbers applied now. Errors: as Migrator.migrate.
    @discardableResult
    package func migrate(_ migrations: [Migration]) async throws(PostgresError) -> [Int] {
        try await Migrator(migrations, logger: logger).migrate(configuration)
    }

    /// Errors: as Migrator.verify.
    package func verify(_ migrations: [Migration]) async throws(PostgresError) {
        try await Migrator(migrations, logger: logger).verify(configuration)
    }
}
