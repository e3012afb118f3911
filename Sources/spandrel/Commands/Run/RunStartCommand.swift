/// `spandrel run [start]`: starts a run, and with `--wait` stays with it.

import ArgumentParser
import ByteCoding
import EvaluationModel
import FileSystem
import ProcessSetup
import RunClient

@preconcurrency import Glibc

struct RunStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts a run; the default.",
        discussion: """
            Prints the run's id. With --wait (which --exec, --junit and --summary imply) it follows the run to its verdict, and ends with \
            0 pass, 100 gate failed, 101 not enough evidence, 1 could not run, 2 wrong usage. Ctrl-C leaves the run going.
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var exec: ExecOptions

    @Option(help: "The suite: its name or id.")
    var suite: String?

    @Option(name: .customLong("suite-version"), help: "A version of the suite. (default: the newest)")
    var suiteVersion: Int64?

    @Option(name: .customLong("suite-file"), help: "The suite as a YAML file, which becomes a version of it when it changed.")
    var suiteFile: String?

    @Option(
        name: .customLong("target"),
        help: "PROVIDER/MODEL, several with commas between them, or @FILE with one or more targets as JSON; may be given again.")
    var targets: [String] = []

    @Option(help: "How often each case is asked. (default: 1)")
    var repetitions: Int?

    @Option(help: "Calls at a time, by all workers together. (default: \(RunLimits.defaultConcurrency))")
    var concurrency: Int?

    @Option(name: .customLong("spending-cap"), help: "US dollars after which no further case is begun. (default: none)")
    var spendingCap: Double?

    @Option(help: "What to compare with: the id of a finished run, or a branch, of which the newest finished run is meant.")
    var baseline: String?

    @Option(
        help: """
            What the run must show: rules like min_pass_rate=0.9,max_regression=0.02, or @FILE with the gate as JSON. (default: nothing \
            may fail; beside a baseline at most 5 points worse)
            """)
    var gate: String?

    @Option(name: .customLong("tag"), help: "Only cases with this tag; may be given again.")
    var tags: [String] = []

    @Option(help: "Only cases of this split.")
    var split: String?

    @Option(help: "The run's name. (default: the suite's)")
    var name: String?

    @Option(help: "The branch that is tested: later runs find their baseline by it. (default: as the CI system says)")
    var branch: String?

    @Option(help: "The commit that is tested. (default: as the CI system says)")
    var commit: String?

    @Option(
        name: .customLong("idempotency-key"),
        help: "Starting the same run with the same key again answers with the run there is. (default: a new one)")
    var idempotencyKey: String?

    @Flag(help: "Stay until the run has ended.")
    var wait = false

    func validate() throws {
        guard (suite == nil) != (suiteFile == nil) else { throw ValidationError("give either --suite or --suite-file") }
        guard suiteFile == nil || suiteVersion == nil else { throw ValidationError("--suite-version goes with --suite") }
        guard !targets.isEmpty || exec.exec != nil else { throw ValidationError("give --target or --exec: what the cases are sent to") }
        if let key = idempotencyKey, !(1...200).contains(key.utf8.count) || !key.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
            throw ValidationError("--idempotency-key must have 1 to 200 printable ASCII characters")
        }
    }

    func run() async throws {
        // Everything that can be wrong here is found before anything is sent.
        var request = try ExecOptions.usage { try planned() }
        _ = try ExecOptions.usage { try request.body() }
        let command = try exec.command()
        let client = try server.client()
        let runs = RunServer(client, maximumSilenceSeconds: RunClientLimits.maximumStartSeconds) { reason in
            fputs("\(PlainText.line(reason)); trying again\n", stderr)
        }
        let started: JSONValue
        do {
            if let suiteFile { try await sync(suiteFile, &request, runs) }
            // A name for this one try of a person: when its answer is lost, asking again starts no second run.
            let key =
                idempotencyKey ?? "cli-" + String(UInt64.random(in: 0 ... .max), radix: 16)
                + String(UInt64.random(in: 0 ... .max), radix: 16)
            started = try await runs.patiently(
                "POST", "/api/v1/runs", body: try request.body().bytes, headers: [("idempotency-key", key)])
        } catch let fault as RunServer.Fault { throw CommandFailure("the run could not be started: \(fault)") }
        guard let id = started["id"]?.stringValue else { throw CommandFailure("the server started a run without an id") }
        guard wait || command != nil || !reports.isEmpty else {
            print(output.json ? String(decoding: started.bytes, as: UTF8.self) : id)
            if !output.json { fputs("Follow it with:\n  \(RunWait.following(id))\n", stderr) }
            return
        }
        // Said at once: a command that is killed has no last words.
        fputs(
            "run \(id) of \(PlainText.line(request.suite)). It goes on whatever becomes of this command; follow it with:\n"
                + "  \(RunWait.following(id, command))\n", stderr)
        try await RunWait(client: client, run: id, exec: command, reports: reports.files, printsJSON: output.json).wait()
    }

    private func planned() throws -> RunRequest {
        var targets = try TargetArguments.parse(targets) { try Self.read($0, RunClientLimits.maximumArgumentFileByteCount) }
        if exec.exec != nil, !targets.contains(where: TargetArguments.isExec) { targets.append(TargetArguments.exec) }
        var request = RunRequest(suite: suite ?? "", targets: targets)
        request.suiteVersion = suiteVersion
        request.name = name ?? suite.map { $0.cut(toByteCount: RunLimits.maximumNameByteCount) }
        request.repetitions = repetitions
        request.concurrency = concurrency
        request.spendingCap = spendingCap
        request.baseline = baseline
        request.gate = try gate.map {
            try GateArgument.parse($0, repetitions: repetitions ?? 1) { try Self.read($0, RunClientLimits.maximumArgumentFileByteCount) }
        }
        request.tags = tags
        request.split = split
        var ci = CIEnvironment { EnvironmentDefault.text($0) }
        if let branch { ci.branch = branch }
        if let commit { ci.commit = commit }
        request.metadata = ci.metadata
        return request
    }

    /// Brings the file to the server; the run is of the version that it is there.
    private func sync(_ path: String, _ request: inout RunRequest, _ server: RunServer) async throws {
        let file = try ExecOptions.usage { try Self.read(path, RunClientLimits.maximumSuiteFileByteCount) }
        let answer = try await server.patiently("POST", "/api/v1/suites/sync", body: file, contentType: "application/yaml")
        guard let id = answer["suite"]?["id"]?.stringValue else { throw CommandFailure("the server answered without a suite") }
        let version = answer["version"]?.integerValue ?? answer["version"]?["version"]?.integerValue
        request.suite = id
        request.suiteVersion = version
        let suiteName = answer["suite"]?["name"]?.stringValue ?? path
        if name == nil { request.name = suiteName.cut(toByteCount: RunLimits.maximumNameByteCount) }
        guard !output.json else { return }
        let changes = ["added", "changed", "removed"].compactMap { change in
            answer[change]?.integerValue.flatMap { $0 > 0 ? "\($0) \(change)" : nil }
        }
        fputs(
            "suite \(PlainText.line(suiteName)), version \(version ?? 0)" + (changes.isEmpty ? "" : ": " + changes.joined(separator: ", "))
                + "\n",
            stderr)
    }

    private static func read(_ path: String, _ maximumByteCount: Int) throws -> [UInt8] {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw RunClientError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        defer { if file != STDIN_FILENO { close(file) } }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw RunClientError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumByteCount else { throw RunClientError("\(path) has more than \(maximumByteCount) bytes") }
        }
    }
}
