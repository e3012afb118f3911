/// Looking at runs and steering them: show, list, pause, resume, cancel, requeue, update.

import ArgumentParser
import ByteCoding
import EvaluationModel
import NIOHTTP1
import RunClient

/// How lists and answers show a run.
private enum RunTable {
    static let columns = ["id", "name", "state", "verdict", "done", "cells", "passed", "failed", "errored", "cost_usd", "created_at"]

    static func print(_ runs: [JSONValue], _ output: OutputOptions) {
        guard !output.json else { return output.print(runs, columns: []) }
        output.print(
            runs.map { run in
                let counts = run["counts"]?.objectValue ?? []
                let verdict = JSONMember(key: "verdict", value: run["verdict"]?["result"] ?? .null)
                return .object([verdict] + counts + (run.objectValue ?? []))
            }, columns: columns)
    }
}

struct RunShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows where a run stands, and its verdict.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var run: RunArgument

    func run() async throws {
        let client = try server.client()
        let answer = try await client.json(.GET, run.path)
        if output.json { return output.print([answer], columns: []) }
        guard let state = answer["state"]?.stringValue, RunProgress.isFinal(state),
            let report = RunReport(run: answer, suite: answer["name"]?.stringValue ?? "", serverURL: client.address.url)
        else { return RunTable.print([answer], output) }
        print(RunText.ended(report))
    }
}

struct RunListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows the project's newest runs.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "At most this many.")
    var limit = 20

    func validate() throws {
        guard (1...500).contains(limit) else { throw ValidationError("--limit must be from 1 to 500") }
    }

    func run() async throws {
        let answer = try await server.client().json(.GET, "/api/v1/runs?limit=\(limit)")
        RunTable.print(answer["data"]?.arrayValue ?? [], output)
    }
}

struct RunPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Begins no further case until the run is resumed; calls under way are finished.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var run: RunArgument

    func run() async throws { RunTable.print([try await server.client().json(.POST, run.path + "/pause")], output) }
}

struct RunResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Goes on with a paused run.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var run: RunArgument

    func run() async throws { RunTable.print([try await server.client().json(.POST, run.path + "/resume")], output) }
}

struct RunCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Ends a run for good, without a verdict.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var run: RunArgument

    func run() async throws { RunTable.print([try await server.client().json(.POST, run.path + "/cancel")], output) }
}

struct RunRequeueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue", abstract: "Asks a case once more while its run goes on; what it came to before counts no longer.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var run: RunArgument

    @Option(help: "The case's key.")
    var key: String

    @Option(help: "Only at this target: its place in the run, from 0. (default: at all)")
    var target: Int64?

    @Option(help: "Only this repetition, from 1. (default: all)")
    var repetition: Int64?

    func run() async throws {
        var members = [JSONMember(key: "key", value: .string(key))]
        if let target { members.append(JSONMember(key: "target", value: .integer(target))) }
        if let repetition { members.append(JSONMember(key: "repetition", value: .integer(repetition))) }
        let answer = try await server.client().json(.POST, run.path + "/requeue", body: .object(members))
        if output.json { return output.print([answer], columns: []) }
        print("\(answer["requeued"]?.integerValue ?? 0) asked again")
    }
}

struct RunUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Changes how many calls a run makes at a time.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var run: RunArgument

    @Option(help: "Calls at a time, by all workers together: 1 to \(RunLimits.maximumConcurrency).")
    var concurrency: Int64

    func run() async throws {
        let body = JSONValue.object([JSONMember(key: "concurrency", value: .integer(concurrency))])
        RunTable.print([try await server.client().json(.PATCH, run.path, body: body)], output)
    }
}
