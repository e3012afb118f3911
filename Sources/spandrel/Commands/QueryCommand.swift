/// `spandrel query`: `POST /api/v1/query` from a terminal.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Asks a server for spans, or for groups of them.",
        discussion: """
            Examples:
              spandrel query --filter '{"status":{"_eq":"error"}}' --select start_time,name,service,duration_ms
              spandrel query --group-by model --aggregates 'count,p95(duration_ms),sum(cost)' --order-by=-count
              spandrel query --bucket 1h --from 2026-11-01T00:00:00Z --aggregates 'count,error_rate'
              spandrel query '{"group_by":["service"],"aggregates":["count"]}'
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The whole query as JSON; then the flags below are not used.")
    var body: String?

    @Option(help: "Which spans: the filter as JSON.")
    var filter: String?

    @Option(help: "Fields of spans, with commas between them.")
    var select: String?

    @Option(name: .customLong("group-by"), help: "Fields to group by, with commas between them.")
    var groupBy: String?

    @Option(help: "Aggregates of groups, with commas between them: count, sum(cost), p95(duration_ms), ...")
    var aggregates: String?

    @Option(help: "Step of time to group by: 30s, 5m, 1h, 1d.")
    var bucket: String?

    @Option(help: "Spans that start at this time or later (RFC 3339).")
    var from: String?

    @Option(help: "Spans that start before this time.")
    var to: String?

    @Option(name: .customLong("order-by"), help: "Fields or columns to order by; a minus before one means descending.")
    var orderBy: String?

    @Option(help: "At most this many rows.")
    var limit: Int?

    @Flag(help: "Tell what was read and what was skipped.")
    var explain = false

    func run() async throws {
        let answer = try await server.client().json(.POST, "/api/v1/query", body: try request())
        if output.json { return print(String(decoding: answer.bytes, as: UTF8.self)) }
        let columns = (answer["columns"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        let rows = (answer["data"]?.arrayValue ?? []).map { row in columns.map { row[$0] ?? .null } }
        print(TextTable(columns: columns, rows: rows).text)
        print("\n\(rows.count) rows\(answer["truncated"]?.boolValue == true ? ", more match" : "")")
        if let explanation = answer["explain"] { print(Self.lines(of: explanation)) }
    }

    private func request() throws -> JSONValue {
        if let body { return try Self.parse(body, "the query") }
        var members: [JSONMember] = []
        func add(_ key: String, _ value: JSONValue?) {
            if let value { members.append(JSONMember(key: key, value: value)) }
        }
        add("filter", try filter.map { try Self.parse($0, "--filter") })
        add("select", select.map(Self.list))
        add("group_by", groupBy.map(Self.list))
        add("aggregates", aggregates.map(Self.list))
        add("bucket", bucket.map { .string($0) })
        add("from", from.map { .string($0) })
        add("to", to.map { .string($0) })
        add("order_by", orderBy.map(Self.list))
        add("limit", limit.map { .integer(Int64($0)) })
        if explain { add("explain", .bool(true)) }
        return .object(members)
    }

    private static func list(_ text: String) -> JSONValue {
        .array(text.split(separator: ",").map { part in .string(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())) })
    }

    private static func parse(_ text: String, _ what: String) throws -> JSONValue {
        do {
            return try JSONValue.parse(text)
        } catch {
            throw ValidationError("\(what) is not JSON: \(error)")
        }
    }

    private static func lines(of explanation: JSONValue) -> String {
        (explanation.objectValue ?? []).map { "\($0.key): \(String(decoding: $0.value.bytes, as: UTF8.self))" }.joined(separator: "\n")
    }
}
