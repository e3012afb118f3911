/// `spandrel explain TRACE SPAN`: why the fields and the cost of a span are what they are.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Shows why the fields and the cost of a span are what they are.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The trace id: 32 hexadecimal digits.")
    var traceID: String

    @Argument(help: "The span id: 16 hexadecimal digits.")
    var spanID: String

    func validate() throws {
        guard traceID.utf8.count == 32, traceID.allSatisfy(\.isHexDigit) else {
            throw ValidationError("a trace id is 32 hexadecimal digits")
        }
        guard spanID.utf8.count == 16, spanID.allSatisfy(\.isHexDigit) else {
            throw ValidationError("a span id is 16 hexadecimal digits")
        }
    }

    func run() async throws {
        let found = try await server.client().json(.GET, "/api/v1/traces/\(traceID)/spans/\(spanID)/explain")
        if output.json { return print(String(decoding: found.bytes, as: UTF8.self)) }
        let fields = (found["fields"]?.arrayValue ?? []).filter { $0["value"] != .null }
        print(TextTable(columns: ["field", "value", "from", "read_as", "reason"], rows: fields.map(Self.row)).text)
        let workedOut = (found["worked_out"]?.arrayValue ?? []).filter { $0["value"] != .null }
        print("\n" + TextTable(columns: ["worked_out", "value", "from"], rows: workedOut.map(Self.workedOut)).text)
        let cost = found["cost"] ?? .null, items = cost["items"]?.arrayValue ?? []
        let columns = ["kind", "tokens", "per_million", "amount"]
        if !items.isEmpty { print("\n" + TextTable(columns: columns, rows: items.map { item in columns.map { item[$0] ?? .null } }).text) }
        print("\ncost: \(Self.text(cost["value"])), today \(Self.text(cost["current_value"])), reported \(Self.text(cost["reported"]))")
        if let reason = cost["reason"]?.stringValue { print(reason) }
        if let counting = found["repeats"]?["span_id"]?.stringValue { print("repeats the call of span \(counting), which counts") }
        let repeats = (found["repeated_by"]?.arrayValue ?? []).compactMap { $0["span_id"]?.stringValue }
        if !repeats.isEmpty { print("its call is repeated by \(repeats.joined(separator: ", "))") }
    }

    private static func row(_ field: JSONValue) -> [JSONValue] {
        let sources = field["sources"]?.arrayValue ?? []
        func joined(_ texts: [String?]) -> JSONValue { texts.isEmpty ? .null : .string(texts.compactMap { $0 }.joined(separator: ", ")) }
        return [
            field["field"] ?? .null, .string(text(field["value"])),
            joined(sources.map { $0["attribute"]?.stringValue ?? $0["rule"]?.stringValue }),
            joined(sources.map { $0["read_as"]?.stringValue }),
            field["reason"] ?? .null,
        ]
    }

    private static func workedOut(_ field: JSONValue) -> [JSONValue] {
        let sources = (field["sources"]?.arrayValue ?? []).compactMap(\.stringValue)
        return [field["field"] ?? .null, .string(text(field["value"])), sources.isEmpty ? .null : .string(sources.joined(separator: ", "))]
    }

    /// A value on one line; `-` where there is none.
    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text)?: text
        case nil, .null?: "-"
        case let value?: String(decoding: value.bytes, as: UTF8.self)
        }
    }
}
