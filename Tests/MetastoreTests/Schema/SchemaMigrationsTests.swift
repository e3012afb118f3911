import Foundation
import PostgresClient
import Testing

@testable import Metastore

@Suite struct SchemaMigrationsTests {
    /// The nearest directory above this file that has a folder `Migrations`.
    private var repository: URL? {
        var directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while directory.path != "/" {
            if FileManager.default.fileExists(atPath: directory.appendingPathComponent("Migrations").path) { return directory }
            directory.deleteLastPathComponent()
        }
        return nil
    }

    /// `0001_control_plane.sql`: four digits, then the name.
    private static func parse(_ fileName: String) -> (number: Int, name: String)? {
        guard fileName.hasSuffix(".sql"), let underscore = fileName.firstIndex(of: "_") else { return nil }
        let digits = fileName[..<underscore]
        let name = fileName[fileName.index(after: underscore)...].dropLast(4)
        guard digits.count == 4, let number = Int(digits), number > 0, !name.isEmpty else { return nil }
        return (number, String(name))
    }

    private static let opening = """
        /// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
        /// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
        // Not to be formatted: the generator's form is the one the test compares.
        // swift-format-ignore-file

        import PostgresClient


        """

    private static func fileName(_ migration: Migration) -> String { "SchemaMigrations+\(migration.number).swift" }

    /// The Swift files for the migrations of the folder: the list, and one each.
    private func generate(_ migrations: [Migration]) -> [String: String] {
        // As many to a line as fit a screen.
        let names = stride(from: 0, to: migrations.count, by: 8).map { start in
            "        " + migrations[start..<min(start + 8, migrations.count)].map { "migration\($0.number)" }.joined(separator: ", ")
        }.joined(separator: ",\n")
        var files = [
            "SchemaMigrations.swift": Self.opening
                + "package enum SchemaMigrations {\n    /// All of them, in order.\n    package static let all: [Migration] = [\n\(names),\n    ]\n}\n"
        ]
        for migration in migrations {
            var text = Self.opening + "extension SchemaMigrations {\n    static let migration\(migration.number) = Migration(\n"
            text += "        number: \(migration.number), name: \"\(migration.name)\",\n        sql: ##\"\"\"\n"
            for line in migration.sql.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                text += line.isEmpty ? "\n" : "            \(line)\n"
            }
            files[Self.fileName(migration)] = text + "\n            \"\"\"##)\n}\n"
        }
        return files
    }

    @Test("the built-in migrations are those of the folder")
    func builtIn() throws {
        let repository = try #require(repository)
        let folder = repository.appendingPathComponent("Migrations")
        var migrations: [Migration] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let parsed = try #require(Self.parse(name), "\(name) is not named like 0001_name.sql")
            let sql = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            #expect(sql.hasSuffix("\n") && !sql.contains("\"\"\"##"), "\(name) cannot be built in")
            migrations.append(Migration(number: parsed.number, name: parsed.name, sql: sql))
        }
        #expect(!migrations.isEmpty)
        let schema = repository.appendingPathComponent("Sources/Metastore/Schema")
        for (name, text) in generate(migrations) {
            let file = schema.appendingPathComponent(name)
            if ProcessInfo.processInfo.environment["SPANDREL_WRITE_MIGRATIONS"] == "1" {
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(
                (try? String(contentsOf: file, encoding: .utf8)) == text,
                "run `SPANDREL_WRITE_MIGRATIONS=1 swift test --filter SchemaMigrationsTests`")
        }
        #expect(SchemaMigrations.all == migrations, "the built program is older than the file: build again")
    }
}
