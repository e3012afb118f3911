import FileSystem
import Logging
import Metastore
import PostgresClient
import PostgresTesting
import Testing

@testable import Backup

/// The dump of a real database, and what is made of it again in another.
@Suite("Database backup")
struct DatabaseBackupTests {
    private static func id(_ number: Int) -> String { "00000000-0000-7000-8000-\(String(String(number + 1_000_000_000_000).dropFirst()))" }

    /// Something of every kind that needs care: odd texts, bytes, arrays, columns that are computed, references in circles that are checked
    /// late, identities, an append-only table, a run under way and a session.
    private static let rows = """
        INSERT INTO organizations (id, name) VALUES ('\(id(1))', 'back\\slash \\N "q"');
        INSERT INTO projects (id, organization_id, name) VALUES ('\(id(2))', '\(id(1))', 'NULL \\N ünï');
        INSERT INTO users (id, email, name, profile) VALUES ('\(id(3))', 'a@example.com', 'A', '{"text": "line\\nbreak"}');
        INSERT INTO sessions (id, user_id, token_hash, user_agent, expires_at)
            VALUES ('\(id(4))', '\(id(3))', sha256('x'), 'curl', now() + interval '1 day');
        INSERT INTO audit_entries (id, caller_kind, caller_name, action, resource_kind, resource_id, request_id, outcome)
            VALUES ('\(id(5))', 'system', 's', 'made', 'thing', '1', 'r', 'succeeded');
        INSERT INTO api_keys (id, project_id, name, prefix, key_hash, scopes)
            VALUES ('\(id(6))', '\(id(2))', 'k', 'sp_aaaaaa', sha256('k'), '{ingest,read}');
        INSERT INTO suites (id, project_id, name, current_version) VALUES ('\(id(7))', '\(id(2))', 's', 1);
        INSERT INTO suite_versions (suite_id, number, source, case_count) VALUES ('\(id(7))', 1, 'api', 0);
        INSERT INTO test_cases (id, suite_id, key) VALUES ('\(id(9))', '\(id(7))', 'c');
        INSERT INTO test_case_versions (id, suite_id, test_case_id, introduced_in, content, content_hash, tags, split)
            VALUES ('\(id(10))', '\(id(7))', '\(id(9))', 1, '{"input":  "x"}', substr(sha256('c'), 1, 16), '{a,"b c"}', '');
        INSERT INTO tasks (id, project_id, kind, state, started_at) VALUES ('\(id(8))', '\(id(2))', 'run', 'running', now());
        INSERT INTO runs (id, project_id, suite_id, suite_version, name, state, specification, metadata, concurrency, started_at)
            VALUES ('\(id(8))', '\(id(2))', '\(id(7))', 1, 'r', 'running', '{"b": 1,  "a": 2}', '{}', 4, now());
        INSERT INTO job_groups (id, queue, concurrency) VALUES ('\(id(8))', 'run.cells', 4);
        INSERT INTO jobs (queue, group_id, payload) SELECT 'run.cells', '\(id(8))', '{}' FROM generate_series(1, 5000);
        DELETE FROM jobs WHERE id % 7 = 0;
        """

    private final class Databases {
        let source: PostgresConfiguration
        let target: PostgresConfiguration
        let directory: String

        init() async throws {
            source = try await TestServer.makeDatabase()
            target = try await TestServer.makeDatabase()
            directory = try TemporaryDirectory.make()
            try await Migrator(SchemaMigrations.all, logger: TestServer.logger).migrate(source)
            _ = try await PostgresConnection.connect(source).script(DatabaseBackupTests.rows)
        }

        deinit { TemporaryDirectory.remove(directory) }

        func dump() async throws -> (BackupManifest, [BackupManifest.File]) {
            var dump = try await DatabaseDump.begin(source)
            // In the snapshot is what was there before, and nothing else.
            _ = try await PostgresConnection.connect(source).script(
                "INSERT INTO organizations (id, name) VALUES ('\(DatabaseBackupTests.id(99))', 'late')")
            let files = try await dump.write(into: directory, LocalFileSystem()) { _ in }
            await dump.end()
            _ = try await PostgresConnection.connect(source).script("DELETE FROM organizations WHERE name = 'late'")
            var manifest = BackupManifestTests.manifest(files: files)
            manifest.database = dump.database
            return (manifest, files)
        }

        func restore(_ manifest: BackupManifest, isContinued: Bool = false) async throws {
            try await DatabaseRestore(
                configuration: target, backup: directory, manifest: manifest, fileSystem: LocalFileSystem(), logger: TestServer.logger
            ) { _ in }.run(isContinued: isContinued)
        }

        /// A checksum of every table's rows; columns that a restore changes on purpose are left out.
        func content(_ configuration: PostgresConfiguration) async throws -> [String: String] {
            let connection = try await PostgresConnection.connect(configuration)
            var content: [String: String] = [:]
            for table in try await DatabaseDump.tables(connection) {
                let left =
                    [
                        "runs": ["state", "state_reason"], "tasks": ["last_event_sequence", "updated_at"], "job_groups": ["is_paused"],
                        "sessions": ["revoked_at"],
                    ][table.name] ?? []
                let row = "to_jsonb(t)" + left.map { " - '\($0)'" }.joined()
                content[table.name] = try await connection.query(
                    """
                    SELECT count(*) || ' ' || coalesce(md5(string_agg((\(row))::text, ',' ORDER BY (\(row))::text)), '') AS sum
                    FROM \(DatabaseDump.quoted(table.name)) t
                    """
                ).only { row throws(PostgresError) in try row.decode("sum", as: String.self) }
            }
            return content
        }

        /// Constraints, triggers and rights, as text.
        func schema(_ configuration: PostgresConfiguration) async throws -> [String] {
            try await PostgresConnection.connect(configuration).query(
                """
                SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated::text AS line
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
                UNION ALL SELECT relname || ' ' || coalesce(relacl::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace
                ORDER BY line
                """
            ).decoded { row throws(PostgresError) in try row.decode("line", as: String.self) }
        }
    }

    private func only(_ sql: String, _ configuration: PostgresConfiguration) async throws -> String {
        try await PostgresConnection.connect(configuration).query(sql).only { row throws(PostgresError) in try row.decode("value") }
    }

    @Test("a restored database has the same rows, rules and rights, and its numbers go on")
    func roundTrip() async throws {
        let databases = try await Databases()
        let (manifest, files) = try await databases.dump()
        #expect(manifest.database.tables.first { $0.name == "jobs" }?.rowCount == 5000 - 714)
        #expect(files.count == manifest.database.tables.count)
        try await databases.restore(manifest)
        let before = try await databases.content(databases.source)
        var after = try await databases.content(databases.target)
        // The pause of the run, told as every pause is.
        #expect(after["task_events"]?.hasPrefix("1 ") == true)
        after["task_events"] = before["task_events"]
        #expect(after == before)
        #expect(try await databases.schema(databases.target) == databases.schema(databases.source))
        let job = try await only(
            "INSERT INTO jobs (queue, group_id, payload) VALUES ('run.cells', '\(Self.id(8))', '{}') RETURNING id::text AS value",
            databases.target)
        #expect(job == "5001")
    }

    @Test("runs that were running wait, their cells too, and sessions are over")
    func settled() async throws {
        let databases = try await Databases()
        let (manifest, _) = try await databases.dump()
        try await databases.restore(manifest)
        #expect(
            try await only("SELECT state || ' ' || state_reason AS value FROM runs", databases.target).hasPrefix(
                "paused restored from a backup"))
        #expect(try await only("SELECT is_paused::text AS value FROM job_groups WHERE id = '\(Self.id(8))'", databases.target) == "true")
        #expect(try await only("SELECT count(*)::text AS value FROM sessions WHERE revoked_at IS NULL", databases.target) == "0")
        #expect(try await only("SELECT type AS value FROM task_events", databases.target) == "run.paused")
    }

    @Test("a database that holds anything is refused and stays as it is")
    func occupied() async throws {
        let databases = try await Databases()
        let (manifest, _) = try await databases.dump()
        _ = try await PostgresConnection.connect(databases.target).script("CREATE TABLE mine (x integer)")
        let foreign = await #expect(throws: BackupError.self) { try await databases.restore(manifest) }
        #expect(foreign?.code == .occupied)
        _ = try await PostgresConnection.connect(databases.target).script("DROP TABLE mine")
        try await databases.restore(manifest)
        let second = await #expect(throws: BackupError.self) { try await databases.restore(manifest) }
        #expect(second?.code == .occupied)
        // Cut short behind its rows, the same restore goes on.
        try await databases.restore(manifest, isContinued: true)
    }

    @Test("a restore that fails among the rows leaves none, and succeeds when it is run again")
    func interrupted() async throws {
        let databases = try await Databases()
        let (manifest, _) = try await databases.dump()
        let path = databases.directory + "/postgres/users.copy"
        let files = LocalFileSystem()
        let whole = try files.readWhole(path, maximumByteCount: 1 << 20)
        try files.replace(path, with: Array(whole.dropLast(10)))
        await #expect(throws: (any Error).self) { try await databases.restore(manifest) }
        #expect(try await only("SELECT count(*)::text AS value FROM organizations", databases.target) == "0")
        try files.replace(path, with: whole)
        try await databases.restore(manifest, isContinued: true)
        #expect(try await only("SELECT count(*)::text AS value FROM users", databases.target) == "1")
    }

    @Test("a backup of a newer schema, or of another one, is refused by name")
    func schemas() async throws {
        let databases = try await Databases()
        var (manifest, _) = try await databases.dump()
        manifest.programVersion = "9.9.9"
        manifest.database.migrations.append(.init(number: manifest.database.migrations.count + 1, name: "later", checksum: "00"))
        let newer = await #expect(throws: BackupError.self) { try await databases.restore(manifest) }
        #expect(newer?.code == .newer && newer?.description.contains("9.9.9") == true)
        manifest.database.migrations.removeLast()
        manifest.database.migrations[0].checksum = "00"
        let other = await #expect(throws: BackupError.self) { try await databases.restore(manifest) }
        #expect(other?.code == .mismatch)
    }

    @Test("a database that is none of Spandrel's is not dumped")
    func foreign() async throws {
        let empty = try await TestServer.makeDatabase()
        let error = await #expect(throws: BackupError.self) { try await DatabaseDump.begin(empty) }
        #expect(error?.code == .mismatch)
    }
}
