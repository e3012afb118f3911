/// The database as one snapshot has it: every table's rows, by COPY over our own connection, so that no program of PostgreSQL's is needed
/// and the server may be of another version than the one it is restored to. The schema is not dumped: it is this program's migrations,
/// whose numbers and checksums are noted.

import ByteCoding
import Crypto
import FileSystem
import PostgresClient
import Synchronization

struct DatabaseDump {
    private let connection: PostgresConnection
    private(set) var database: BackupManifest.Database

    /// Where the rows of tables go, relative to the backup's folder.
    static let folder = "postgres"
    /// Made by the migrator, on both sides.
    static let migrationsTable = "spandrel_migrations"

    /// Takes the snapshot. It is held until `end`, and so are the tables: no migration changes them meanwhile.
    static func begin(_ configuration: PostgresConfiguration) async throws -> DatabaseDump {
        var configuration = configuration
        configuration.statementTimeoutMilliseconds = 0
        let connection = try await PostgresConnection.connect(configuration)
        _ = try await connection.script(
            "SET idle_in_transaction_session_timeout = 0; SET extra_float_digits = 3; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        guard
            try await connection.query("SELECT to_regclass('\(migrationsTable)') IS NOT NULL AS is_there")
                .only({ row throws(PostgresError) in try row.decode("is_there", as: Bool.self) })
        else { throw BackupError(.mismatch, "the database is not one of Spandrel's: it has no table \(migrationsTable)") }
        let migrations = try await Self.migrations(connection)
        let tables = try await Self.tables(connection)
        if !tables.isEmpty {
            _ = try await connection.script(
                "LOCK TABLE \(tables.map { Self.quoted($0.name) }.joined(separator: ", ")) IN ACCESS SHARE MODE")
        }
        let version = try await connection.query("SELECT current_setting('server_version') AS version")
            .only { row throws(PostgresError) in try row.decode("version", as: String.self) }
        // Behind the snapshot: a sequence may be ahead of the rows, never behind them.
        let sequences = try await Self.sequences(connection)
        return DatabaseDump(
            connection: connection,
            database: BackupManifest.Database(
                serverVersion: version, takenAt: WallClock.nowText(), migrations: migrations, tables: tables, sequences: sequences))
    }

    /// Writes every table into a file of its own, durably; answers the files.
    mutating func write(
        into backup: String, _ fileSystem: any FileSystem, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [BackupManifest.File] {
        try fileSystem.createDirectory(FilePath.join(backup, Self.folder))
        var files: [BackupManifest.File] = []
        for index in database.tables.indices {
            let table = database.tables[index]
            let sink = CopySink(try fileSystem.open(FilePath.join(backup, table.path), .create), progress: progress)
            database.tables[index].rowCount = try await connection.copyOut("COPY \(Self.target(table)) TO STDOUT") { try sink.write($0) }
            let (byteCount, sha256) = try sink.finish()
            files.append(BackupManifest.File(path: table.path, byteCount: byteCount, sha256: sha256))
        }
        return files
    }

    func end() async { _ = try? await connection.script("COMMIT") }

    // MARK: The catalog

    /// `"table" ("column", ...)`, as COPY takes it.
    static func target(_ table: BackupManifest.Table) -> String {
        "\(quoted(table.name)) (\(table.columns.map { quoted($0) }.joined(separator: ", ")))"
    }

    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    static func migrations(_ connection: PostgresConnection) async throws -> [BackupManifest.Migration] {
        try await connection.query("SELECT number, name, encode(checksum, 'hex') AS checksum FROM \(migrationsTable) ORDER BY number")
            .decoded { row throws(PostgresError) in
                try BackupManifest.Migration(number: row.decode("number"), name: row.decode("name"), checksum: row.decode("checksum"))
            }
    }

    /// The tables with the columns that are stored as they are given; in the order of their names.
    static func tables(_ connection: PostgresConnection) async throws -> [BackupManifest.Table] {
        try await connection.query(
            """
            SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND c.relname <> $1
            GROUP BY c.relname ORDER BY c.relname::text COLLATE "C"
            """, [.text(migrationsTable)]
        ).decoded { row throws(PostgresError) in
            let name = try row.decode("name", as: String.self)
            return BackupManifest.Table(name: name, columns: try row.texts("columns"), rowCount: 0, path: "\(folder)/\(name).copy")
        }
    }

    private static func sequences(_ connection: PostgresConnection) async throws -> [BackupManifest.Sequence] {
        let names = try await connection.query(
            """
            SELECT relname::text AS name FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY relname::text COLLATE "C"
            """
        ).decoded { row throws(PostgresError) in try row.decode("name", as: String.self) }
        var sequences: [BackupManifest.Sequence] = []
        for name in names {
            sequences.append(
                try await connection.query("SELECT last_value, is_called FROM \(quoted(name))").only { row throws(PostgresError) in
                    try BackupManifest.Sequence(name: name, lastValue: row.decode("last_value"), isCalled: row.decode("is_called"))
                })
        }
        return sequences
    }
}

/// Writes what a COPY sends, in pieces, and adds its checksum up. On the connection's thread, then on the caller's.
private final class CopySink: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var byteCount = 0
        var hash = SHA256()
    }

    private let file: any File
    private let progress: @Sendable (Int) -> Void
    private let state = Mutex(State())

    init(_ file: any File, progress: @escaping @Sendable (Int) -> Void) {
        self.file = file
        self.progress = progress
    }

    deinit { file.close() }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            state.pending.append(contentsOf: bytes)
            if state.pending.count >= BackupLimits.copyPieceByteCount { try flush(&state) }
        }
    }

    func finish() throws -> (byteCount: Int, sha256: String) {
        try state.withLock { state in
            try flush(&state)
            try file.synchronizeData()
            return (state.byteCount, state.hash.finalize().hex)
        }
    }

    private func flush(_ state: inout State) throws {
        guard !state.pending.isEmpty else { return }
        state.pending.withUnsafeBytes { state.hash.update(bufferPointer: $0) }
        try file.write(state.pending, at: state.byteCount)
        state.byteCount += state.pending.count
        progress(state.pending.count)
        state.pending.removeAll(keepingCapacity: true)
    }
}
