/// `spandrel trace ID`: one trace as a tree.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "trace", abstract: "Shows one trace as a tree of its spans.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The trace id: 32 hexadecimal digits.")
    var traceID: String

    @Flag(help: "With --json: OTLP's form instead of the API's own.")
    var otlp = false

    func validate() throws {
        guard traceID.utf8.count == 32, traceID.allSatisfy(\.isHexDigit) else {
            throw ValidationError("a trace id is 32 hexadecimal digits")
        }
    }

    func run() async throws {
        let trace = try await server.client().json(.GET, "/api/v1/traces/\(traceID)" + (otlp ? "?format=otlp" : ""))
        if output.json || otlp { return print(String(decoding: trace.bytes, as: UTF8.self)) }
        let spans = trace["spans"]?.arrayValue ?? []
        let columns = ["span", "kind", "start_ms", "duration_ms", "status", "model", "tokens", "cost"]
        let start = UInt64(spans.compactMap { $0["start_time_unix_nano"]?.stringValue.flatMap { UInt64($0) } }.min() ?? 0)
        print(
            TextTable(columns: columns, rows: spans.map { Self.row($0, traceStart: start) }).text
                + "\n\n\(spans.count) spans, \(trace["error_count"]?.integerValue ?? 0) errors, started \(trace["start_time"]?.stringValue ?? "")"
        )
    }

    private static func row(_ span: JSONValue, traceStart: UInt64) -> [JSONValue] {
        let depth = Int(span["depth"]?.integerValue ?? 0)
        let name = String(repeating: "  ", count: min(depth, 20)) + (span["name"]?.stringValue ?? "")
        let start = span["start_time_unix_nano"]?.stringValue.flatMap { UInt64($0) } ?? traceStart
        let tokens = [span["input_tokens"], span["output_tokens"]].compactMap { $0?.integerValue }
        return [
            .string(name), span["kind"] ?? .null, .double(Double(start &- traceStart) / 1e6), span["duration_ms"] ?? .null,
            span["status"] ?? .null,
            span["model"] ?? .null, tokens.isEmpty ? .null : .integer(tokens.reduce(0, +)), span["cost"] ?? .null,
        ]
    }
}
