/// The `spandrel` executable.

import ArgumentParser
@preconcurrency import Glibc

@main
struct Spandrel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spandrel",
        abstract: "Stores and answers OpenTelemetry traces of LLM applications: one program and PostgreSQL.",
        subcommands: [
            ServeCommand.self, MigrateCommand.self, QueryCommand.self, TraceCommand.self, ExplainCommand.self, ReceiptCommand.self,
            DemoCommand.self, DeleteCommand.self, InspectCommand.self, ExportCommand.self, ImportCommand.self, BackupCommand.self,
            RestoreCommand.self,
            ProjectCommand.self, KeyCommand.self, WorkerCommand.self, UserCommand.self, RunCommand.self, KnowledgeCommand.self,
            LoginCommand.self, LogoutCommand.self, PricesCommand.self, MappingsCommand.self,
            RotateMasterKeyCommand.self,
        ])

    static func main() async {
        // Output to a file or a pipe would wait for a full buffer; who starts a server reads its lines as they come.
        setvbuf(stdout, nil, _IOLBF, 0)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            fputs(fullMessage(for: error) + "\n", stderr)
            exit(withError: ExitCode(wrongUsage))
        }
    }

    /// The status of every command that was called wrongly: what shells' own commands and most others end with.
    private static let wrongUsage: Int32 = 2
}
