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
        return Base64.text(writer.bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    init(order: String, values: [QueryValue], traceID: TraceID, spanID: SpanID) {
        self.order = order
        self.values = values
        self.traceID = traceID
        self.spanID = spanID
    }

    /// Of the text: a cursor holds two sort values, and longer ones are not parsed.
    private static let maximumByteCount = 16 << 10

    init(_ text: String, order: String, valueCount: Int) throws(QueryError) {
        guard text.utf8.count <= Self.maximumByteCount, let bytes = Base64.decode(text),
            let json = try? JSONValue.parse(bytes, maximumDepth: 4),
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
