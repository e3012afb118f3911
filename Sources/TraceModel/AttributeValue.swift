/// The attribute value of OTLP (`AnyValue`) in the two forms the system knows: a type tag beside raw bits inside
/// columns, and an owned value on the read path.

/// Which member of `AnyValue` is set. The numbers are stored; they never change.
@frozen
package enum AttributeType: UInt8, Sendable, BitwiseCopyable {
    case string = 0
    case bool = 1
    case int = 2
    case double = 3
    case bytes = 4
    case array = 5
    case keyValueList = 6
    /// No member is set.
    case empty = 7
}

/// An attribute value, owned. Read paths and tests only: hot loops keep tags and bits.
package indirect enum AttributeValue: Equatable, Sendable {
    case string(String)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case bytes([UInt8])
    case array([AttributeValue])
    case keyValueList([KeyValue])
    case empty
}

/// A key and its value, in the order the sender gave them. OTLP allows duplicates and they are kept.
package struct KeyValue: Equatable, Sendable {
    package var key: String
    package var value: AttributeValue

    package init(_ key: String, _ value: AttributeValue) {
        self.key = key
        self.value = value
    }
}
