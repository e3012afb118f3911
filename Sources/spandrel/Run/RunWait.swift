/// Waits for a run: follows it, runs `--exec`'s commands beside it, minds Ctrl-C, writes the reports, and ends the process with the status that
/// the verdict has.

import ArgumentParser
import ByteCoding
import RunClient
import UnixSignals

@preconcurrency import Glibc

struct RunWait: Sendable {
    let client: APIClient
    let run: String
    let exec: ExecOptions.Command?
    let reports: ReportFiles
    let printsJSON: Bool

    private enum End: Sendable {
        case ended(JSONValue)
        case interrupted(Int32)
    }

    /// Throws `ExitCode` for every end but a pass.
    func wait() async throws {
        let display = RunDisplay(isQuiet: printsJSON)
        let server = RunServer(client) { display.offline($0) }
        let known: JSONValue
        do { known = try await server.patiently("GET", "/api/v1/runs/\(run)") } catch { throw CommandFailure("\(error)") }
        let targets = (known["specification"]?["targets"]?.arrayValue ?? [])
        let names = targets.map { $0["name"]?.stringValue ?? "" }
        display.know(targets: names)
        if exec == nil, targets.contains(where: TargetArguments.isExec), !printsJSON {
            fputs("the run has a target whose cases a command line does: spandrel run follow \(run) --exec COMMAND\n", stderr)
        }
        switch try await end(server, display, names) {
        case .interrupted(let signal):
            display.finish()
            fputs("The run goes on. Follow it with:\n  \(Self.following(run, exec))\n", stderr)
            throw ExitCode(128 + signal)
        case .ended(let ended):
            display.finish()
            try await report(ended, server)
        }
    }

    /// Signals were trapped while the run was followed, and stay so: they are minded here as well.
    private func report(_ ended: JSONValue, _ server: RunServer) async throws {
        try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await Self.signal() }
            group.addTask {
                try await tell(ended, server)
                return nil
            }
            defer { group.cancelAll() }
            guard case .some(.some(let signal)) = try await group.next() else { return }
            fputs("The run has ended; its reports are not written. They are with:\n  \(Self.following(run))\n", stderr)
            throw ExitCode(128 + signal)
        }
    }

    /// The first one that asks this process to end. Errors: `CancellationError`.
    private static func signal() async throws -> Int32 {
        for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
            return signal == .sigint ? SIGINT : signal == .sigterm ? SIGTERM : SIGHUP
        }
        throw CancellationError()
    }

    /// How to follow a run, for people to copy.
    static func following(_ run: String, _ exec: ExecOptions.Command? = nil) -> String {
        "\(CommandLine.arguments.first ?? "spandrel") run follow \(run)" + (exec == nil ? "" : " --exec '...'")
    }

    private func end(_ server: RunServer, _ display: RunDisplay, _ targets: [String]) async throws -> End {
        do {
            return try await withThrowingTaskGroup(of: End?.self) { group in
                group.addTask {
                    .ended(try await RunFollower(server: server, run: run, display: display, printsMessages: printsJSON).follow())
                }
                group.addTask { .interrupted(try await Self.signal()) }
                if let exec {
                    let loop = ExecLoop(server: server, run: run, command: exec.command, targets: targets, capacity: exec.concurrency)
                    group.addTask {
                        try await loop.work()
                        return nil
                    }
                }
                defer { group.cancelAll() }
                while let end = try await group.next() { if let end { return end } }
                throw CancellationError()
            }
        } catch let fault as RunServer.Fault {
            display.finish()
            throw CommandFailure("\(fault)\nThe run goes on. Follow it with:\n  \(Self.following(run, exec))")
        }
    }

    private func tell(_ ended: JSONValue, _ server: RunServer) async throws {
        let ending = RunEnding(run: ended)
        var suite = ended["suite_id"]?.stringValue ?? ""
        if let found = try? await server.patiently("GET", "/api/v1/suites/\(suite)"), let name = found["name"]?.stringValue { suite = name }
        guard let report = RunReport(run: ended, suite: suite, serverURL: client.address.url) else {
            throw CommandFailure("the server's answer is no run")
        }
        if printsJSON {
            print(String(decoding: ended.bytes, as: UTF8.self))
        } else {
            print(RunText.ended(report))
        }
        do { try await reports.write(report, from: server) } catch is CancellationError {
            throw CancellationError()
        } catch {
            fputs("Error: the reports could not be written: \(error)\n", stderr)
            // A run that did not pass keeps its status: it says more.
            throw ExitCode(ending.exitStatus == 0 ? 1 : ending.exitStatus)
        }
        if ending.exitStatus != 0 { throw ExitCode(ending.exitStatus) }
    }
}
