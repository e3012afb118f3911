/// `spandrel backup DIRECTORY`: takes one.

import ArgumentParser
import Backup
import ByteCoding
import NIOHTTP1
import PostgresClient
import ProcessSetup

struct BackupTakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "take", abstract: "Takes a backup of a running server.")

    @OptionGroup var server: ServerOptions

    @Option(name: .customLong("database-url"), help: "The server's PostgreSQL. [SPANDREL_DATABASE_URL] (default: the private one)")
    var databaseURL: String?

    @Argument(help: "The folder that holds the backups; it is made where it is missing.")
    var directory: String

    @Flag(help: "Copy segments, even on the file system of the data directory, where another name for the same file would do.")
    var copy = false

    @Flag(name: .customLong("include-secrets"), help: "Also take master.key and credentials.json, in the clear.")
    var includesSecrets = false

    @Option(help: "Remove the oldest backups of the folder until so many are left.")
    var keep: Int?

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep is at least 1: the backup that is taken") }
        if directory.isEmpty { throw ValidationError("name the folder that is to hold the backups") }
    }

    func run() async throws {
        let dataDirectory = BackupPath.plain(server.dataDirectory ?? EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data"))
        let client = try server.client(inDataDirectory: dataDirectory)
        let transfer = TransferServer(client: client, retryDuration: .seconds(60))
        let progress = BackupProgressBar()
        var backup = BackupRun(
            dataDirectory: dataDirectory, folder: BackupPath.plain(directory), database: try database(dataDirectory),
            programVersion: ServerVersion.text,
            seal: {
                let report = try await transfer.json(.POST, "/api/v1/store/seal")
                guard let store = report["store_id"]?.stringValue else {
                    throw CommandFailure("the server is of an older version than this program, and cannot be backed up by it")
                }
                return store
            }, begin: { progress.begin($0, of: $1) }, progress: { progress.add($0) })
        backup.copiesAlways = copy
        backup.includesSecrets = includesSecrets
        backup.keptCount = keep
        let report: BackupRun.Report
        do {
            report = try await backup.run()
        } catch {
            progress.end()
            throw error
        }
        progress.end()
        print(json ? String(decoding: Self.json(report).bytes, as: UTF8.self) : Self.text(report))
    }

    private func database(_ dataDirectory: String) throws -> PostgresConfiguration {
        if let url = databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL") {
            return try PostgresConfiguration(connectionString: url)
        }
        return try PrivateCluster.configuration(ofRunning: dataDirectory + "/postgres")
    }

    private static func json(_ report: BackupRun.Report) -> JSONValue {
        func number(_ key: String, _ value: Int) -> JSONMember { JSONMember(key: key, value: .integer(Int64(value))) }
        func texts(_ key: String, _ values: [String]) -> JSONMember { JSONMember(key: key, value: .array(values.map { .string($0) })) }
        let manifest = report.manifest
        return .object([
            JSONMember(key: "path", value: .string(report.path)), JSONMember(key: "started_at", value: .string(manifest.startedAt)),
            JSONMember(key: "finished_at", value: .string(manifest.finishedAt)), number("files", manifest.files.count),
            number("bytes", manifest.byteCount), number("copied_bytes", report.copiedByteCount),
            number("linked_bytes", report.linkedByteCount),
            number("reused_bytes", report.reusedByteCount), number("segments", manifest.store.segmentCount),
            number("segment_rows", manifest.store.rowCount), number("tables", manifest.database.tables.count),
            number("table_rows", manifest.database.tables.reduce(0) { $0 + $1.rowCount }),
            JSONMember(key: "highest_lsn", value: .integer(Int64(clamping: manifest.store.highestLSN))),
            JSONMember(key: "has_secrets", value: .bool(manifest.hasSecrets)),
            JSONMember(key: "previous", value: report.previousName.map { .string($0) } ?? .null),
            texts("removed_incomplete", report.removedIncomplete), texts("removed_old", report.removedOld),
        ])
    }

    private static func text(_ report: BackupRun.Report) -> String {
        let manifest = report.manifest
        var lines = [
            report.path,
            "\(manifest.store.segmentCount) segments with \(manifest.store.rowCount) rows, \(manifest.database.tables.count) tables; "
                + "\(manifest.byteCount) bytes, \(report.copiedByteCount) of them copied, \(report.linkedByteCount) shared with the store, "
                + "\(report.reusedByteCount) with the backup before",
        ]
        if !manifest.hasSecrets { lines.append("without master.key and credentials.json: keep master.key elsewhere (docs/backup.md)") }
        if !report.removedIncomplete.isEmpty { lines.append("removed what was half: \(report.removedIncomplete.joined(separator: ", "))") }
        if !report.removedOld.isEmpty { lines.append("removed: \(report.removedOld.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }
}
