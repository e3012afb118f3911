/// One condition of the filter bar as the API's JSON. The bar knows no types: the field's own decides, and for an attribute a value is the
/// text that was written and the number or boolean it spells.

import ByteCoding

enum FilterCondition {
    /// Fields whose values are numbers.
    private static let numbers: Set<String> = [
        "duration", "duration_ms", "flags", "input_tokens", "output_tokens", "total_tokens", "cache_read_tokens", "cache_write_tokens",
        "reasoning_tokens", "input_uncached_tokens", "output_visible_tokens", "cost", "reported_cost",
    ]

    private static let operators = [">": "_gt", ">=": "_gte", "<": "_lt", "<=": "_lte", "~": "_icontains", "^=": "_starts_with"]

    /// Errors: a value that the field cannot have.
    static func make(_ field: String, _ sign: String, _ values: [String], isQuoted: Bool) throws(FilterText.Failure) -> JSONValue {
        switch sign {
        case ":", "=":
            if values.count == 1, !isQuoted {
                if values[0] == "*" { return condition(field, "_is_null", .bool(false)) }
                if values[0] == "null" { return condition(field, "_is_null", .bool(true)) }
            }
            var operands: [JSONValue] = []
            for value in values { operands += try Self.operands(field, value, isQuoted) }
            return operands.count == 1 ? FilterText.object(field, operands[0]) : condition(field, "_in", .array(operands))
        case "!=": return FilterText.object("_not", try make(field, ":", values, isQuoted: isQuoted))
        case "!~": return FilterText.object("_not", condition(field, "_icontains", .string(values[0])))
        case "~", "^=": return condition(field, operators[sign] ?? "_eq", .string(values[0]))
        default:
            let operand = try operands(field, values[0], isQuoted).last ?? .string(values[0])
            return condition(field, operators[sign] ?? "_eq", operand)
        }
    }

    /// A word without a field.
    static func word(_ text: String) -> JSONValue {
        let isHex = text.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 | 0x20
        }
        if text.utf8.count == 32, isHex { return FilterText.object("trace_id", .string(text.lowercased())) }
        return FilterText.object("_or", .array(["name", "input", "output"].map { condition($0, "_icontains", .string(text)) }))
    }

    private static func condition(_ field: String, _ name: String, _ operand: JSONValue) -> JSONValue {
        FilterText.object(field, FilterText.object(name, operand))
    }

    /// What the value may be, the text first.
    private static func operands(_ field: String, _ value: String, _ isQuoted: Bool) throws(FilterText.Failure) -> [JSONValue] {
        let text = JSONValue.string(value)
        if numbers.contains(field) {
            guard let number = number(value) else { throw FilterText.Failure(message: "\(field) takes a number, not \(value)") }
            return [number]
        }
        guard field.hasPrefix("attributes.") || field.hasPrefix("resource."), !isQuoted else { return [text] }
        switch value {
        case "true": return [text, .bool(true)]
        case "false": return [text, .bool(false)]
        default: return [text] + (number(value).map { [$0] } ?? [])
        }
    }

    private static func number(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first || first == UInt8(ascii: "-") else { return nil }
        if let integer = Int64(text) { return .integer(integer) }
        return Double(text).flatMap { $0.isFinite ? .double($0) : nil }
    }
}
