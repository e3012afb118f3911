/// Fills an empty database with a backup's rows: this program's migrations up to the backup's make the tables, with the rights of the
/// everyday role as on any new server; the rows come in one transaction, all or none; then come the migrations that are newer, and what
/// was under way is put to rest.

import FileSystem
import Logging
import Metastore
import PostgresClient
import Synchronization

struct DatabaseRestore {
    let configuration: PostgresConfiguration
    let backup: String
    let manifest: BackupManifest
    let fileSystem: any FileSystem
    let logger: Logger
    let progress: @Sendable (Int) -> Void

    /// - Parameter isContinued: an earlier call of the same restore was cut short, and rows that it brought in whole are there already.
    func run(isContinued: Bool) async throws {
        let known = SchemaMigrations.all
        guard manifest.database.migrations.count <= known.count else {
            throw BackupError(
                .newer,
                "the backup's database has \(manifest.database.migrations.count) migrations, this program knows \(known.count): use "
                    + "Spandrel \(manifest.programVersion) or a later one")
        }
        if try await isEmpty(isContinued: isContinued) {
            let first = Array(known.prefix(manifest.database.migrations.count))
            try await Migrator(first, logger: logger).migrate(configuration)
            try await fill()
        }
        try await Migrator(known, logger: logger).migrate(configuration)
        try await RestoredWork.settle(
            reason: "restored from a backup of \(manifest.database.takenAt): its calls may have been made since; resume it or cancel it",
            on: connect())
    }

    private func connect() async throws -> PostgresConnection {
        var configuration = configuration
        configuration.statementTimeoutMilliseconds = 0
        configuration.everydayRole = .connectingUser
        let connection = try await PostgresConnection.connect(configuration)
        _ = try await connection.script("SET idle_in_transaction_session_timeout = 0")
        return connection
    }

    /// Says which backup the rows are of, beside the rows.
    private var mark: String { "restored from the backup of \(manifest.startedAt), node \(manifest.store.nodeID)" }

    /// False where this restore has brought the rows in already. Errors: `occupied`.
    private func isEmpty(isContinued: Bool) async throws -> Bool {
        let connection = try await connect()
        let found = try await connection.query(
            """
            SELECT to_regclass('\(DatabaseDump.migrationsTable)') IS NOT NULL AS is_ours,
                to_regclass('organizations') IS NOT NULL AS is_made,
                obj_description(to_regclass('\(DatabaseDump.migrationsTable)'), 'pg_class') AS mark,
                EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')) AS has_any
            """
        ).only { row throws(PostgresError) in
            try (
                isOurs: row.decode("is_ours", as: Bool.self), isMade: row.decode("is_made", as: Bool.self),
                mark: row.decodeIfPresent("mark", as: String.self), hasAny: row.decode("has_any", as: Bool.self)
            )
        }
        if !found.hasAny { return true }
        let occupied = BackupError(.occupied, "the database is not empty; create another one, or drop this one and create it again")
        guard found.isOurs else { throw occupied }
        if isContinued, found.mark == mark { return false }
        // A restore that was cut short before its rows has made tables only.
        if found.isMade, try await !connection.query("SELECT 1 FROM organizations LIMIT 1").isEmpty { throw occupied }
        guard try await DatabaseDump.migrations(connection).count <= manifest.database.migrations.count else { throw occupied }
        return true
    }

    private func fill() async throws {
        let connection = try await connect()
        guard try await DatabaseDump.migrations(connection) == manifest.database.migrations else {
            throw BackupError(.mismatch, "the backup's database was made by other migrations than this program's of the same numbers")
        }
        let known = Dictionary(uniqueKeysWithValues: try await DatabaseDump.tables(connection).map { ($0.name, $0) })
        for table in manifest.database.tables {
            guard let own = known[table.name], Set(table.columns).isSubset(of: own.columns) else {
                throw BackupError(.mismatch, "the backup has a table \(table.name) that this program's schema does not have, or not so")
            }
        }
        _ = try await connection.script("BEGIN")
        do {
            try await rows(on: connection, tables: known.keys.sorted())
            _ = try await connection.script("COMMIT")
        } catch {
            _ = try? await connection.script("ROLLBACK")
            throw error
        }
    }

    /// References are taken away and put back, so that tables may come in any order and each reference is checked once, as a whole.
    private func rows(on connection: PostgresConnection, tables: [String]) async throws {
        let references = try await connection.query(
            """
            SELECT conrelid::regclass::text AS table_name, quote_ident(conname::text) AS name, pg_get_constraintdef(oid) AS definition
            FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid
            """
        ).decoded { row throws(PostgresError) in
            try (
                table: row.decode("table_name", as: String.self), name: row.decode("name", as: String.self),
                definition: row.decode("definition", as: String.self)
            )
        }
        let names = tables.map { DatabaseDump.quoted($0) }
        for reference in references { _ = try await connection.script("ALTER TABLE \(reference.table) DROP CONSTRAINT \(reference.name)") }
        for name in names { _ = try await connection.script("ALTER TABLE \(name) DISABLE TRIGGER USER") }
        // Rows that migrations made are among the backup's.
        _ = try await connection.script("TRUNCATE \(names.joined(separator: ", "))")
        for table in manifest.database.tables {
            let source = CopySource(try fileSystem.open(FilePath.join(backup, table.path), .read), progress: progress)
            let rowCount = try await connection.copyIn("COPY \(DatabaseDump.target(table)) FROM STDIN") { try source.next() }
            guard rowCount == table.rowCount else {
                throw BackupError(.damaged, "\(table.path) has \(rowCount) rows where the backup's list says \(table.rowCount)")
            }
        }
        for sequence in manifest.database.sequences {
            try await connection.query(
                "SELECT setval(quote_ident($1)::regclass, $2, $3)",
                [.text(sequence.name), .integer(sequence.lastValue), .bool(sequence.isCalled)])
        }
        for name in names { _ = try await connection.script("ALTER TABLE \(name) ENABLE TRIGGER USER") }
        for reference in references {
            _ = try await connection.script("ALTER TABLE \(reference.table) ADD CONSTRAINT \(reference.name) \(reference.definition)")
        }
        let literal = mark.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        _ = try await connection.script("COMMENT ON TABLE \(DatabaseDump.migrationsTable) IS '\(literal)'")
    }
}

/// Reads a table's rows in pieces, on the connection's thread.
private final class CopySource: Sendable {
    private let file: any File
    private let progress: @Sendable (Int) -> Void
    private let offset = Mutex(0)

    init(_ file: any File, progress: @escaping @Sendable (Int) -> Void) {
        self.file = file
        self.progress = progress
    }

    deinit { file.close() }

    func next() throws -> [UInt8] {
        try offset.withLock { offset in
            let piece = try file.read(count: BackupLimits.copyPieceByteCount, at: offset)
            offset += piece.count
            progress(piece.count)
            return piece
        }
    }
}
