/// Flags about the command that does a run's cases beside the code under test.

import ArgumentParser
import Glibc
import ProcessSetup
import RunClient

struct ExecOptions: ParsableArguments {
    @Option(
        help: """
            Run this command for each case: the case as JSON on its standard input, its standard output is the answer. Words are split as \
            in a shell, but there is none: for pipes and variables give --exec "sh -c '...'".
            """)
    var exec: String?

    @Option(name: .customLong("exec-concurrency"), help: "Commands at a time, up to \(RunClientLimits.maximumExecConcurrency).")
    var concurrency = RunClientLimits.defaultExecConcurrency

    @Option(name: .customLong("exec-timeout"), help: "Seconds one command may take.")
    var timeout = RunClientLimits.defaultExecSeconds

    struct Command: Sendable {
        let command: ExecCommand
        let concurrency: Int
    }

    func validate() throws {
        guard (1...RunClientLimits.maximumExecConcurrency).contains(concurrency) else {
            throw ValidationError("--exec-concurrency must be from 1 to \(RunClientLimits.maximumExecConcurrency)")
        }
        guard timeout > 0, timeout <= RunClientLimits.maximumExecSeconds else {
            throw ValidationError("--exec-timeout must be above 0 and at most \(Int(RunClientLimits.maximumExecSeconds)) seconds")
        }
        if let exec { _ = try Self.usage { try CommandWords.split(exec) } }
    }

    /// Nil without `--exec`. Errors: no such program.
    func command() throws -> Command? {
        guard let exec else { return nil }
        let words = try Self.usage { try CommandWords.split(exec) }
        guard Self.isProgram(words[0]) else { throw CommandFailure("--exec: there is no program \(words[0])") }
        return Command(command: ExecCommand(words, maximumSeconds: timeout), concurrency: concurrency)
    }

    /// As it will be looked for: every case would fail of a mistyped name.
    private static func isProgram(_ name: String) -> Bool {
        if name.contains("/") { return access(name, X_OK) == 0 }
        let folders = EnvironmentDefault.text("PATH", "/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false)
        return folders.contains { access(($0.isEmpty ? "." : $0) + "/" + name, X_OK) == 0 }
    }

    /// A mistake in a flag is wrong usage.
    static func usage<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as RunClientError { throw ValidationError(error.message) }
    }
}
