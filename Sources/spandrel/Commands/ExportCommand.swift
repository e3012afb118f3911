/// `spandrel export`: traces of a running server as a file: OTLP JSON lines, or one Parquet file.

import ArgumentParser
import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes traces of a server to a file.",
        discussion: """
            Traces with a span that the filter matches are written whole, newest first. The file appears when it is whole; an interrupted
            export leaves FILE.partial, which the next one writes anew.

              otlp-json   one export request a line, a trace in each, as collectors write and read them; `spandrel import` takes it back
              parquet     one file with the columns of a segment (docs/segment-format.md), prompts and other long values in their places

            Examples:
              spandrel export --output traces.jsonl --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z
              spandrel export --format parquet --filter '{"kind":"llm","status":"error"}' --output failed.parquet
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "The project, where the session's user has several: its id.")
    var project: String?

    @Option(help: "Which traces: a filter over their spans, as JSON.")
    var filter: String?

    @Option(help: "Traces with a matching span that starts at this time or later (RFC 3339).")
    var from: String?

    @Option(help: "Traces with a matching span that starts before this time.")
    var to: String?

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case otlpJSON = "otlp-json"
        case parquet
    }

    @Option(help: "otlp-json or parquet.")
    var format: Format = .otlpJSON

    @Option(name: .shortAndLong, help: "The file to write; - is standard output (otlp-json).")
    var output: String

    static let partialSuffix = ".partial"
    /// Traces that are fetched at the same time.
    private static let concurrentCount = 4

    func validate() throws {
        if let filter {
            do { _ = try JSONValue.parse(filter) } catch { throw ValidationError("--filter is not JSON: \(error)") }
        }
        if output == "-", format == .parquet { throw ValidationError("a Parquet file is not written to standard output") }
        if output.isEmpty { throw ValidationError("--output is empty") }
    }

    func run() async throws {
        var client = try server.client()
        client.project = project
        let server = TransferServer(client: client, retryDuration: .seconds(60))
        var listing = TraceListing(server: server, filter: filter, from: from, to: to)
        // Before the file is begun, so that a refused filter leaves none.
        var page = try await listing.next()
        let progress = InspectProgress("export", of: await listing.count() ?? 0)
        let file: any ExportFile = format == .parquet ? try ParquetExportFile(path: output) : try JSONLinesExportFile(path: output)
        var traceCount = 0, spanCount = 0
        do {
            while let ids = page {
                var costs = format == .parquet ? try await self.costs(of: ids, server) : [:]
                for start in stride(from: 0, to: ids.count, by: Self.concurrentCount) {
                    let some = Array(ids[start..<min(start + Self.concurrentCount, ids.count)])
                    for (id, otlp) in try await Self.traces(some, server) {
                        spanCount += try file.append(ExportedTrace(otlp: otlp, costs: costs.removeValue(forKey: id) ?? [:]))
                        traceCount += 1
                    }
                    progress.add(some.count)
                }
                page = try await listing.next()
            }
            let byteCount = try file.finish()
            progress.end()
            let told = "\(traceCount) traces, \(spanCount) spans, \(byteCount) bytes"
            if output == "-" { fputs(told + "\n", stderr) } else { print(told) }
        } catch {
            progress.end()
            file.abandon()
            throw error
        }
    }

    /// In the order of the ids; without those that are gone by now.
    private static func traces(_ ids: [String], _ server: TransferServer) async throws -> [(String, [UInt8])] {
        try await withThrowingTaskGroup(of: (String, [UInt8]?).self) { group in
            for id in ids {
                group.addTask {
                    let answer = try await server.send(.GET, "/api/v1/traces/\(id)?format=otlp")
                    if answer.status == 404 { return (id, nil) }
                    if answer.status != 200 { _ = try APIClient.value(of: answer) }
                    return (id, answer.body)
                }
            }
            var bodies: [String: [UInt8]] = [:]
            for try await (id, body) in group { bodies[id] = body }
            return ids.compactMap { id in bodies[id].map { (id, $0) } }
        }
    }

    /// What spans cost by the prices of when they came in, which OTLP has no place for: by trace and span.
    private func costs(of ids: [String], _ server: TransferServer) async throws -> [String: [String: Double]] {
        var costs: [String: [String: Double]] = [:]
        var cursor: JSONValue?
        func text(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        func condition(_ field: String, _ operation: String, _ value: JSONValue) -> JSONMember {
            JSONMember(key: field, value: .object([JSONMember(key: operation, value: value)]))
        }
        repeat {
            var query = [
                JSONMember(key: "select", value: text(["trace_id", "span_id", "cost"])),
                JSONMember(
                    key: "filter", value: .object([condition("trace_id", "_in", text(ids)), condition("cost", "_is_null", .bool(false))])),
                JSONMember(key: "limit", value: .integer(10_000)),
            ]
            if let cursor { query.append(JSONMember(key: "cursor", value: cursor)) }
            let answer = try await server.json(.POST, "/api/v1/query", body: .object(query))
            for row in answer["data"]?.arrayValue ?? [] {
                guard let trace = row["trace_id"]?.stringValue, let span = row["span_id"]?.stringValue, let cost = row["cost"]?.doubleValue
                else { continue }
                costs[trace, default: [:]][span] = cost
            }
            cursor = answer["next_cursor"].flatMap { $0.stringValue == nil ? nil : $0 }
        } while cursor != nil
        return costs
    }
}
