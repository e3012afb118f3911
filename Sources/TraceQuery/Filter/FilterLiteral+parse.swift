import ByteCoding
import TraceModel

/// Values of filters, checked against the type of their field.
extension FilterLiteral {
    static func parse(_ json: JSONValue, for field: SpanField, _ path: String) throws(QueryError) -> FilterLiteral {
        if json.isNull { throw .malformed(path, "null equals nothing; use {\"_is_null\": true}") }
        switch field.type {
        case .integer: return .integer(try integer(json, path))
        case .decimal:
            if let value = json.doubleValue, value.isFinite { return .double(value) }
            if let text = json.stringValue, let value = Double(text), value.isFinite { return .double(value) }
            throw .malformed(path, "takes a number, not \(json.kindName)")
        case .time: return .integer(try time(json, path))
        case .text, .payload, .texts:
            guard let text = json.stringValue else { throw .malformed(path, "takes a string, not \(json.kindName)") }
            if field == .kind, LLMKind(name: text) == nil {
                throw .malformed(path, "unknown kind \"\(text)\"; known: " + LLMKind.allCases.map(\.name).joined(separator: " "))
            }
            return .text(text)
        case .spanKind: return .integer(try enumeration(json, EnumerationNames.spanKinds, path))
        case .status: return .integer(try enumeration(json, EnumerationNames.statuses, path))
        case .traceID:
            guard let id = json.stringValue.flatMap({ TraceID(hex: $0) }) else { throw .malformed(path, "takes 32 hexadecimal digits") }
            return .traceID(id)
        case .spanID:
            guard let id = json.stringValue.flatMap({ SpanID(hex: $0) }) else { throw .malformed(path, "takes 16 hexadecimal digits") }
            return .spanID(id)
        case .any:
            switch json {
            case .string(let text): return .text(text)
            case .integer(let value): return .integer(value)
            case .double(let value): return .double(value)
            case .bool(let value): return .boolean(value)
            case .null, .array, .object: throw .malformed(path, "takes a string, number or boolean, not \(json.kindName)")
            }
        }
    }

    /// A time: RFC 3339, or nanoseconds since 1970 as a number or digits.
    static func time(_ json: JSONValue, _ path: String) throws(QueryError) -> Int64 {
        switch json {
        case .integer(let value): return value
        case .string(let text):
            if let value = TimeText.unixNano(text) ?? Int64(text) { return value }
            throw .malformed(path, "\"\(text)\" is no time; use RFC 3339 (2026-03-01T12:00:00Z) or nanoseconds since 1970")
        default: throw .malformed(path, "takes a time in RFC 3339 or nanoseconds since 1970, not \(json.kindName)")
        }
    }

    /// What text without a type may mean for an attribute: itself first, then the number or boolean it spells.
    static func readings(of text: String) -> [FilterLiteral] {
        if let value = Int64(text) { return [.text(text), .integer(value)] }
        if let value = Double(text), value.isFinite { return [.text(text), .double(value)] }
        if text == "true" || text == "false" { return [.text(text), .boolean(text == "true")] }
        return [.text(text)]
    }

    private static func integer(_ json: JSONValue, _ path: String) throws(QueryError) -> Int64 {
        switch json {
        case .integer(let value): return value
        case .double(let value):
            if let exact = Int64(exactly: value) { return exact }
            throw .malformed(path, "takes a whole number")
        case .string(let text):
            if let value = Int64(text) { return value }
            throw .malformed(path, "\"\(text)\" is no whole number")
        default: throw .malformed(path, "takes a whole number, not \(json.kindName)")
        }
    }

    private static func enumeration(_ json: JSONValue, _ names: [String], _ path: String) throws(QueryError) -> Int64 {
        if case .integer(let value) = json { return value }
        if let text = json.stringValue, let value = EnumerationNames.number(text, of: names) { return value }
        throw .malformed(path, "takes one of " + names.joined(separator: " "))
    }
}
