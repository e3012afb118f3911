@testable import Parquet

/// Rows as JSON lines for the Python side: `{"column": value, ...}`. Bytes that are no text come as `{"hex": "..."}`, lists as arrays,
/// maps as arrays of pairs, numbers in full.
enum TestJSON {
    static func lines(_ schema: ParquetSchema, _ rows: [[TestValue]]) -> String {
        rows.map { row in
            "{" + zip(schema.columns, row).map { quoted($0.name) + ":" + value($0, $1) }.joined(separator: ",") + "}\n"
        }.joined()
    }

    private static func value(_ node: ParquetSchema.Node, _ value: TestValue) -> String {
        if node.repetition == .repeated, case .list(let elements) = value {
            return array(elements.map { content(node, $0) })
        }
        return value == .null ? "null" : content(node, value)
    }

    private static func content(_ node: ParquetSchema.Node, _ value: TestValue) -> String {
        switch (node.content, value) {
        case (.group(let children, .list), .group(let parts)): return list(children, parts)
        // Some writers annotate the entries (MAP_KEY_VALUE) as they do the map itself.
        case (.group(let children, .map), .group(let parts)) where node.name != "key_value": return list(children, parts)
        case (.group(let children, _), .group(let parts)):
            // Entries of a map are pairs; those of a list are their element.
            if node.name == "key_value" { return array(zip(children, parts).map { self.value($0, $1) }) }
            if node.name == "list", children.count == 1 { return self.value(children[0], parts[0]) }
            return "{" + zip(children, parts).map { quoted($0.name) + ":" + self.value($0, $1) }.joined(separator: ",") + "}"
        case (.leaf(_, let logicalType), let value): return leaf(value, isText: logicalType == .string)
        default: return "null"
        }
    }

    /// The repeated group inside a LIST or MAP.
    private static func list(_ children: [ParquetSchema.Node], _ parts: [TestValue]) -> String {
        guard case .list(let elements)? = parts.first, let entry = children.first else { return "null" }
        return array(elements.map { content(entry, $0) })
    }

    private static func leaf(_ value: TestValue, isText: Bool) -> String {
        switch value {
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .double(let value): return value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)"
        case .bytes(let bytes):
            if isText { return quoted(String(decoding: bytes, as: UTF8.self)) }
            let digits = Array("0123456789abcdef")
            return "{\"hex\":\"" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "\"}"
        default: return "null"
        }
    }

    private static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..."\u{1F}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
