import ByteCoding
import TraceModel

/// Where a page ended, as the opaque text clients send back: the last row's order values and ids in JSON, in the URL-safe
/// alphabet of Base64. It names the order it belongs to, so that it cannot be used with another one.
struct PageCursor: Equatable {
    var order: String
    var values: [QueryValue]
    var traceID: TraceID
    var spanID: SpanID

    /// The text of an order, to recognise it.
    static func fingerprint(_ order: [OrderTerm]) -> String {
        order.map { term in
            let name =
                switch term.target {
                case .field(let field): field.name
                case .column(let index): "#\(index)"
                }
            return (term.isDescending ? "-" : "") + name
        }.joined(separator: ",")
    }

    var text: String {
        var writer = JSONWriter()
        writer.beginArray()
        writer.string(order)
        writer.string(traceID.hex)
        writer.string(spanID.hex)
        for value in values { Self.write(value, to: &writer) }
        writer.endArray()
        return Base64.encode(writer.bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    init(order: String, values: [QueryValue], traceID: TraceID, spanID: SpanID) {
        self.order = order
        self.values = values
        self.traceID = traceID
        self.spanID = spanID
    }

    init(_ text: String, order: String, valueCount: Int) throws(QueryError) {
        guard let bytes = Base64.decodeURLSafe(text), let json = try? JSONValue.parse(bytes, maximumDepth: 4),
            case .array(let parts) = json, parts.count == 3 + valueCount, let given = parts[0].stringValue,
            let traceID = parts[1].stringValue.flatMap({ TraceID(hex: $0) }),
            let spanID = parts[2].stringValue.flatMap({ SpanID(hex: $0) })
        else { throw QueryError(.cursor, path: "cursor", "is no cursor of this API; send next_cursor as it was given, or none") }
        guard given == order else {
            throw QueryError(.cursor, path: "cursor", "belongs to another order (\(given)); start again without a cursor")
        }
        self.init(order: order, values: parts[3...].map(Self.value), traceID: traceID, spanID: spanID)
    }

    /// Values as they compare, not as answers show them.
    private static func write(_ value: QueryValue, to writer: inout JSONWriter) {
        switch value {
        case .time(let nanoseconds): writer.integer(nanoseconds)
        case .double(let number) where !number.isFinite:
            writer.beginObject()
            writer.member("bits", Int64(bitPattern: number.bitPattern))
            writer.endObject()
        // Lists and objects have no order among each other.
        case .list, .object:
            writer.beginArray()
            writer.endArray()
        default: value.write(to: &writer)
        }
    }

    private static func value(_ json: JSONValue) -> QueryValue {
        switch json {
        case .null: .null
        case .array: .list([])
        case .object: json["bits"]?.integerValue.map { .double(Double(bitPattern: UInt64(bitPattern: $0))) } ?? .null
        case .bool(let value): .bool(value)
        case .integer(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        }
    }
}

extension Base64 {
    /// Either alphabet, without or with padding; nil for anything else.
    static func decodeURLSafe(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 16 << 10 else { return nil }
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var bitCount: UInt32 = 0
        for character in text.utf8 where character != UInt8(ascii: "=") {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "-"), UInt8(ascii: "+"): digit = 62
            case UInt8(ascii: "_"), UInt8(ascii: "/"): digit = 63
            default: return nil
            }
            group = (group << 6 | UInt32(digit)) & 0xFFFFFF
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> bitCount))
            }
        }
        return bytes
    }
}
