/// `spandrel backup`: a copy of a running server's data directory and database, and looking whether such a copy is sound.

import ArgumentParser

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Takes a backup of a running server, PostgreSQL included.",
        discussion: """
            Runs on the server's machine, beside it, as its user or as root; ingest goes on. Each backup is a folder below DIRECTORY, named
            after the moment it was begun. What an earlier one there has already is shared with it. Interrupted, it leaves a folder without
            backup.json, which is no backup and which the next one removes.

            Examples:
              spandrel backup /backups --data-dir /var/lib/spandrel --keep 14
              spandrel backup verify /backups/2026-11-22T14-30-09Z
              spandrel restore /backups/2026-11-22T14-30-09Z --data-dir /var/lib/restored
            """,
        subcommands: [BackupTakeCommand.self, BackupVerifyCommand.self], defaultSubcommand: BackupTakeCommand.self)
}
