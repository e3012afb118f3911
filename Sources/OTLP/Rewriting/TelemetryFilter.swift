/// What decides over the content of telemetry while a request or a span is written anew: which attributes stay, which texts are
/// masked. The walk (`TraceRequestRewriter` for protobuf, `SpanJSONRewriter` for JSON) knows the shape and no rule; the filter
/// knows the rules and no shape. Both walks ask the same questions, so that both formats are treated alike.
package protocol TelemetryFilter {
    /// Values (text, bytes, whole lists) and texts longer than this are not kept.
    var maximumValueByteCount: Int { get }

    /// What becomes of an attribute. A member of a map inside a value is named by the keys around it, joined by dots.
    mutating func action(onPath path: UnsafeRawBufferPointer) -> AttributeAction

    /// The text that takes a key's place; nil when it stays.
    mutating func replacement(ofKey key: UnsafeRawBufferPointer) -> [UInt8]?

    /// The text that takes a value's, name's or message's place; nil when it stays.
    mutating func replacement(of text: UnsafeRawBufferPointer) -> [UInt8]?

    /// The text that takes an integer's place; nil when it stays.
    mutating func replacement(of integer: Int64) -> [UInt8]?

    /// The text that takes the place of a value whose action is `digest`.
    mutating func digest(_ value: UnsafeRawBufferPointer) -> [UInt8]

    /// Called for each value that was not kept because it is too long.
    mutating func foundLongValue()
}

package enum AttributeAction: Equatable, Sendable {
    case keep
    case drop
    /// Its value becomes a digest of itself.
    case digest
}
