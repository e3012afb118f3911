/// What a caller may pass as `$1`, `$2`, ...: a closed list, so that each kind has exactly one encoding per server type.

/// A parameter of a statement.
package enum PostgresValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    /// UTF-8 text. PostgreSQL cannot store U+0000; such a text is refused before it is sent.
    case text(String)
    case bytes([UInt8])
    case uuid(PostgresUUID)
    /// Nanoseconds since 1970 UTC; PostgreSQL keeps microseconds, the rest is cut off (towards the past).
    case timestamp(unixNano: Int64)
    /// JSON text for a `json` or `jsonb` column.
    case json([UInt8])
    case texts([String])
    case integers([Int64])
    case doubles([Double])
    case uuids([PostgresUUID])
    case timestamps(unixNano: [Int64])

    /// `.null` for nil.
    package static func optional<T>(_ value: T?, _ make: (T) -> PostgresValue) -> PostgresValue { value.map(make) ?? .null }

    /// Kind for error messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .double: "a double"
        case .text: "text"
        case .bytes: "bytes"
        case .uuid: "a uuid"
        case .timestamp: "a timestamp"
        case .json: "JSON"
        case .texts: "an array of texts"
        case .integers: "an array of integers"
        case .doubles: "an array of doubles"
        case .uuids: "an array of uuids"
        case .timestamps: "an array of timestamps"
        }
    }
}

extension PostgresValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Sixteen bytes of a `uuid`, read as two big-endian numbers. Typed ids of other targets convert from and to it.
@frozen
package struct PostgresUUID: Hashable, Sendable, BitwiseCopyable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// A `timestamptz`, in nanoseconds since 1970 UTC.
@frozen
package struct PostgresTimestamp: Hashable, Sendable, BitwiseCopyable {
    package var unixNano: Int64
    package init(unixNano: Int64) { self.unixNano = unixNano }

    /// Microseconds between 1970-01-01 and 2000-01-01, where PostgreSQL starts to count.
    static let epochMicroseconds: Int64 = 946_684_800_000_000

    /// PostgreSQL's number for a time; rounds towards the past, so that a stored time is never later than the given one.
    static func serverMicroseconds(unixNano: Int64) -> Int64 {
        let (quotient, remainder) = unixNano.quotientAndRemainder(dividingBy: 1_000)
        return (remainder < 0 ? quotient - 1 : quotient) - epochMicroseconds
    }
}

/// The text of a `json` or `jsonb` column.
package struct PostgresJSON: Hashable, Sendable {
    package var bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }
}
