/// `spandrel import`: files of spans to a running server, through its OTLP endpoint.

import ArgumentParser
import ByteCoding
import FileSystem
@preconcurrency import Glibc
import NIOHTTP1
import OTLP

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Sends files of spans to a server.",
        discussion: """
            Takes OTLP export requests in protobuf (one a file) and JSON (one a file or one a line), what `spandrel export` has written, and
            the spans files of segments (their payloads files are found beside them). What kind a file is, is told from its content.

            An import that was interrupted goes on where it was when it is run again: how far it got is in the checkpoint file.

            Examples:
              spandrel import traces.jsonl
              spandrel import backup/store/spans/*/*/*.parquet
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "The project, where the session's user has several: its id.")
    var project: String?

    @Option(help: "Where it is kept how far the import got.")
    var checkpoint = "./.spandrel-import.json"

    @Option(name: .customLong("retry-seconds"), help: "How long a request is tried again while the server is busy or away.")
    var retrySeconds = 300

    @Argument(help: "The files.")
    var files: [String]

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file") }
        guard retrySeconds >= 0 else { throw ValidationError("--retry-seconds is negative") }
    }

    /// What became of the spans.
    private struct Outcome {
        var requestCount = 0
        var rejectedCount = 0
        var failures: [String] = []
    }

    func run() async throws {
        var client = try server.client()
        client.project = project
        let server = TransferServer(client: client, retryDuration: .seconds(retrySeconds))
        var checkpoint = try ImportCheckpoint(path: checkpoint, serverURL: client.address.url)
        let sizes = try files.map { try LocalFileSystem().size(of: $0) }
        let progress = InspectProgress("import", of: sizes.reduce(0, +))
        defer { progress.end() }
        var outcome = Outcome()
        for (path, byteCount) in zip(files, sizes) {
            try await send(path, byteCount, server, &checkpoint, progress, &outcome)
        }
        try checkpoint.remove()
        progress.end()
        for failure in outcome.failures { fputs(CommandText.lines(failure) + "\n", stderr) }
        let refused = outcome.rejectedCount > 0 ? "; the server refused \(outcome.rejectedCount) spans and keeps them (docs/quarantine.md)" : ""
        print("\(outcome.requestCount) requests of \(files.count) files sent\(refused)")
        if !outcome.failures.isEmpty { throw ExitCode.failure }
    }

    private func send(
        _ path: String, _ byteCount: Int, _ server: TransferServer, _ checkpoint: inout ImportCheckpoint, _ progress: InspectProgress,
        _ outcome: inout Outcome
    ) async throws {
        guard let file = try ImportFiles.open(path) else { return progress.add(byteCount) }
        var position = checkpoint.position(of: path, byteCount: byteCount)
        func part(_ position: Int) -> Int {
            file.endPosition == 0 ? byteCount : Int(Double(byteCount) * Double(position) / Double(file.endPosition))
        }
        progress.add(part(position))
        while let request = try file.request(at: position) {
            if !request.body.isEmpty {
                let answer = try await server.send(.POST, "/v1/traces", body: request.body, contentType: request.contentType)
                switch answer.status {
                case 200:
                    outcome.requestCount += 1
                    outcome.rejectedCount += Self.rejectedCount(answer, request.contentType)
                case 400, 413:
                    // One request that is no request says nothing of the others.
                    outcome.failures.append("\(path) at \(position): \(Self.reason(answer))")
                default: throw CommandFailure("\(path) at \(position): \(Self.reason(answer))")
                }
            }
            progress.add(part(request.endPosition) - part(position))
            position = request.endPosition
            try checkpoint.reached(position, of: path, byteCount: byteCount)
        }
    }

    private static func rejectedCount(_ answer: APIClient.Answer, _ contentType: String) -> Int {
        if contentType == ImportFiles.protobuf { return (try? ExportResponseDecoder.rejectedCount(answer.body)) ?? 0 }
        let count = (try? JSONValue.parse(answer.body))?["partialSuccess"]?["rejectedSpans"]
        return count?.stringValue.flatMap { Int($0) } ?? count?.integerValue.map { Int($0) } ?? 0
    }

    /// The answer's own words, JSON or not.
    private static func reason(_ answer: APIClient.Answer) -> String {
        let body = try? JSONValue.parse(answer.body)
        let words = body?["detail"]?.stringValue ?? body?["message"]?.stringValue
        return "the server answered \(answer.status)" + (words.map { ": \($0)" } ?? "")
    }
}
