/// `spandrel run follow ID`: stays with a run that somebody started, to its verdict.

import ArgumentParser

struct RunFollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Follows a run to its verdict, as `start --wait` does; ends with the same statuses.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var exec: ExecOptions
    @OptionGroup var run: RunArgument

    func run() async throws {
        let command = try exec.command()
        try await RunWait(
            client: try server.client(), run: run.run, exec: command, reports: reports.files, printsJSON: output.json
        ).wait()
    }
}
