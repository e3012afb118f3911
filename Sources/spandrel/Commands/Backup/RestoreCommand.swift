/// `spandrel restore`: a data directory and a database from a backup.

import ArgumentParser
import Backup
import ByteCoding
import Logging
import ProcessSetup

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Makes a data directory and a database from a backup.",
        discussion: """
            Writes over nothing: the data directory must be empty or not there yet, and so must the database. Every checksum is looked at
            first. Run it as the user that the server will run as. Cut short, it is run again with the same arguments; until it is through,
            no server starts on the directory.

            Runs that were running wait for `resume`, and users sign in anew. What was deleted after the backup was taken is back:
            delete it again before anybody sees it.
            """)

    @Argument(help: "The folder of one backup.")
    var backup: String

    @Option(name: .customLong("data-dir"), help: "The data directory to make. [SPANDREL_DATA_DIR]")
    var dataDirectory: String?

    @Option(name: .customLong("database-url"), help: "An empty database. [SPANDREL_DATABASE_URL] (default: a private PostgreSQL)")
    var databaseURL: String?

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() async throws {
        // Not the default of the other commands: a restore is no place for guesses.
        guard let named = dataDirectory ?? EnvironmentDefault.text("SPANDREL_DATA_DIR") else {
            throw ValidationError("name the data directory to make, with --data-dir")
        }
        let directory = BackupPath.plain(named), url = databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL")
        let progress = BackupProgressBar()
        var logger = Logger(label: "postgres")
        logger.logLevel = .warning
        let restore = RestoreRun(
            backup: BackupPath.plain(backup), dataDirectory: directory, databaseURL: url, logger: logger,
            begin: { progress.begin($0, of: $1) }, progress: { progress.add($0) })
        do {
            let manifest = try await restore.run()
            progress.end()
            if json {
                print(
                    String(
                        decoding: JSONValue.object([
                            JSONMember(key: "data_dir", value: .string(directory)),
                            JSONMember(key: "taken_at", value: .string(manifest.store.takenAt)),
                            JSONMember(key: "segments", value: .integer(Int64(manifest.store.segmentCount))),
                            JSONMember(key: "has_secrets", value: .bool(manifest.hasSecrets)),
                        ]).bytes, as: UTF8.self))
            } else {
                print(text(manifest, directory, hasURL: url != nil))
            }
        } catch {
            progress.end()
            throw error
        }
    }

    private func text(_ manifest: BackupManifest, _ directory: String, hasURL: Bool) -> String {
        var lines = ["restored what was there at \(manifest.store.takenAt) into \(directory)"]
        if !manifest.hasSecrets {
            lines.append(
                "put the server's master.key there, or set SPANDREL_MASTER_KEY: without it the stored keys of AI providers cannot be opened"
            )
        }
        lines.append(
            "what was deleted since is back: delete it again before anybody sees it; API keys that were revoked since are good again")
        lines.append("start it with: spandrel serve --data-dir \(directory)" + (hasURL ? " --database-url ..." : ""))
        return lines.joined(separator: "\n")
    }
}
