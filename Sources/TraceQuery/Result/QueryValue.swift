import ByteCoding
import TraceModel

/// A value of an answer.
package enum QueryValue: Hashable, Sendable {
    case null
    case int(Int64)
    case double(Double)
    case string(String)
    case bool(Bool)
    /// Nanoseconds since 1970.
    case time(Int64)
    case list([QueryValue])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: QueryValue

        package init(_ key: String, _ value: QueryValue) {
            self.key = key
            self.value = value
        }
    }

    package init(_ value: AttributeValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .bytes(let bytes): self = .string(Base64.text(bytes))
        case .array(let elements): self = .list(elements.map(QueryValue.init))
        case .keyValueList(let members): self = .object(members.map { Member($0.key, QueryValue($0.value)) })
        case .empty: self = .null
        }
    }

    package var isNull: Bool { if case .null = self { true } else { false } }

    /// Any number or time.
    package var numericValue: Double? {
        switch self {
        case .int(let value), .time(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    package func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .int(let value): writer.integer(value)
        case .double(let value): writer.double(value)
        case .string(let value): writer.string(value)
        case .bool(let value): writer.bool(value)
        case .time(let value): writer.string(TimeText.rfc3339(value))
        case .list(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.key)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    /// Memory of the value, roughly.
    var approximateByteCount: Int {
        switch self {
        case .string(let text): 32 + text.utf8.count
        case .list(let elements): elements.reduce(32) { $0 + $1.approximateByteCount }
        case .object(let members): members.reduce(32) { $0 + $1.key.utf8.count + $1.value.approximateByteCount }
        default: 32
        }
    }
}

/// The order of answers: null behind everything; else booleans, numbers and times, texts, the rest. Whole and other numbers
/// compare by value.
extension QueryValue {
    private var orderClass: Int {
        switch self {
        case .bool: 0
        case .int, .double, .time: 1
        case .string: 2
        case .list, .object: 3
        case .null: 4
        }
    }

    /// Negative, zero or positive, as `self` comes before, with or behind `other`.
    package func compare(_ other: QueryValue) -> Int {
        switch (self, other) {
        case (.int(let a), .int(let b)), (.time(let a), .time(let b)), (.int(let a), .time(let b)), (.time(let a), .int(let b)):
            return a < b ? -1 : a > b ? 1 : 0
        case (.string(let a), .string(let b)): return Self.compare(a.utf8, b.utf8)
        case (.bool(let a), .bool(let b)): return a == b ? 0 : a ? 1 : -1
        default: break
        }
        if orderClass != other.orderClass { return orderClass < other.orderClass ? -1 : 1 }
        guard let a = numericValue, let b = other.numericValue else { return 0 }
        if a == b || (a.isNaN && b.isNaN) { return 0 }
        if a.isNaN { return 1 }
        return a < b || b.isNaN ? -1 : 1
    }

    private static func compare(_ a: String.UTF8View, _ b: String.UTF8View) -> Int {
        let inPlace = a.withContiguousStorageIfAvailable { a in
            b.withContiguousStorageIfAvailable { b in
                let count = min(a.count, b.count)
                for index in 0..<count where a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
                return a.count - b.count
            }
        }
        if let inPlace = inPlace ?? nil { return inPlace }
        if a.elementsEqual(b) { return 0 }
        return a.lexicographicallyPrecedes(b) ? -1 : 1
    }
}
