/// Brings a database to this program's schema: each missing migration in a transaction of its own, all under one advisory
/// lock, so that several servers starting at once apply each step once.
///
/// Table `spandrel_migrations`: number, name, checksum (SHA-256 of the SQL, computed by PostgreSQL), applied_at. A database
/// whose history is not a beginning of this program's list is refused, with what to do; nothing is guessed.

import Logging

package struct Migrator: Sendable {
    /// Key of the advisory lock: "spandrel" in ASCII.
    private static let lockKey: Int64 = 0x7370_616e_6472_656c
    /// Milliseconds until the lock is given up on: another server may be applying a long migration.
    private static let lockTimeoutMilliseconds = 600_000

    private let migrations: [Migration]
    private let logger: Logger

    /// `migrations`: numbered 1, 2, 3, ... Errors: `migration` if they are not.
    package init(_ migrations: [Migration], logger: Logger) throws(PostgresError) {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw PostgresError(
                .migration, "migration \(migration.number) stands at place \(index + 1)", advice: "number them without gaps")
        }
        self.migrations = migrations
        self.logger = logger
    }

    /// Applies what is missing; returns the numbers applied now. Errors: `migration` when the database's history does not
    /// fit, `server` when a migration's SQL fails (it then left nothing behind), `connection`.
    @discardableResult
    package func migrate(_ configuration: PostgresConfiguration) async throws(PostgresError) -> [Int] {
        var configuration = configuration
        // A migration may take longer than any request's statement.
        configuration.statementTimeoutMilliseconds = 0
        configuration.everydayRole = .connectingUser
        let connection = try await PostgresConnection.connect(configuration)
        // The lock belongs to the session: it goes with the connection however this ends.
        _ = try await connection.script("SET lock_timeout = \(Self.lockTimeoutMilliseconds)")
        try await connection.query("SELECT pg_advisory_lock($1)", [.integer(Self.lockKey)])
        _ = try await connection.script(
            """
            CREATE TABLE IF NOT EXISTS spandrel_migrations (
                number integer PRIMARY KEY CHECK (number > 0),
                name text NOT NULL,
                checksum bytea NOT NULL CHECK (octet_length(checksum) = 32),
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
        let appliedCount = try await verifyHistory(connection)
        var applied: [Int] = []
        for migration in migrations.dropFirst(appliedCount) {
            try await apply(migration, on: connection)
            logger.info("migration applied", metadata: ["number": "\(migration.number)", "name": "\(migration.name)"])
            applied.append(migration.number)
        }
        // Explicitly, as a session may outlive this call by a moment.
        _ = try await connection.script("SELECT pg_advisory_unlock(\(Self.lockKey))")
        return applied
    }

    /// Looks whether the database has all of the list and nothing else, and changes nothing: for programs that work beside the one that
    /// migrates. Errors: `migration` when it does not, `connection`.
    package func verify(_ configuration: PostgresConfiguration) async throws(PostgresError) {
        let connection = try await PostgresConnection.connect(configuration)
        let isThere = try await connection.query("SELECT to_regclass('spandrel_migrations') IS NOT NULL AS is_there")
            .first.map { row throws(PostgresError) in try row.decode("is_there", as: Bool.self) }
        let appliedCount = isThere == true ? try await verifyHistory(connection) : 0
        guard appliedCount == migrations.count else {
            throw PostgresError(
                .migration, "the database has \(appliedCount) of this program's \(migrations.count) migrations",
                advice: "run `spandrel migrate` of the same version, or start its server")
        }
    }

    /// How many of the list are applied. Errors: `migration` for an edited, missing or newer one.
    private func verifyHistory(_ connection: PostgresConnection) async throws(PostgresError) -> Int {
        let rows = try await connection.query("SELECT number, name, checksum FROM spandrel_migrations ORDER BY number")
        for (index, row) in rows.enumerated() {
            let number = try row.decode("number", as: Int.self), name = try row.decode("name", as: String.self)
            guard number == index + 1 else {
                throw PostgresError(
                    .migration, "migration \(index + 1) is missing from the database, which has number \(number)",
                    advice: "the table spandrel_migrations was changed by hand: restore it from a backup")
            }
            guard index < migrations.count else {
                throw PostgresError(
                    .migration, "the database has migration \(number) (\(name)), which this program does not know",
                    advice: "it was used by a newer Spandrel: run that version or a later one")
            }
            let checksum = try await checksum(of: migrations[index], on: connection)
            guard name == migrations[index].name, try row.decode("checksum", as: [UInt8].self) == checksum else {
                throw PostgresError(
                    .migration, "migration \(number) was applied as \(name) and has another content now",
                    advice: "put the file back as it was and make the change in a new migration")
            }
        }
        return rows.count
    }

    private func checksum(of migration: Migration, on connection: PostgresConnection) async throws(PostgresError) -> [UInt8] {
        let rows = try await connection.query("SELECT sha256($1::bytea) AS checksum", [.bytes([UInt8](migration.sql.utf8))])
        guard let row = rows.first else { throw PostgresError(.decoding, "the checksum query answered without a row") }
        return try row.decode("checksum")
    }

    private func apply(_ migration: Migration, on connection: PostgresConnection) async throws(PostgresError) {
        let checksum = try await checksum(of: migration, on: connection)
        do throws(PostgresError) {
            try await connection.withTransaction { connection throws(PostgresError) in
                _ = try await connection.script(migration.sql)
                // A COMMIT inside the file would leave half of it behind on a failure.
                guard await connection.isInTransaction else {
                    throw PostgresError(.migration, "its SQL ends the transaction", advice: "remove COMMIT and ROLLBACK from it")
                }
                try await connection.query(
                    "INSERT INTO spandrel_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                    [.integer(Int64(migration.number)), .text(migration.name), .bytes(checksum)])
            }
        } catch {
            var described = error
            described.message = "migration \(migration.number) (\(migration.name)) failed: \(error.message)"
            throw described
        }
    }
}
