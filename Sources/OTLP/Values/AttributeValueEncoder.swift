import ByteCoding
import TraceModel

/// `AttributeValue` -> protobuf.
package enum AttributeValueEncoder {
    /// The content of an `AnyValue` message. An empty value is an empty message.
    package static func encodeAnyValue(_ value: AttributeValue) -> [UInt8] {
        var writer = ProtobufWriter()
        anyValue(value, to: &writer)
        return writer.bytes
    }

    /// The content of the `ArrayValue` or `KeyValueList` message of a list, as `SpanBatch` keeps it; nil for other values.
    package static func encodeList(_ value: AttributeValue) -> [UInt8]? {
        var writer = ProtobufWriter()
        switch value {
        case .array(let elements): array(elements, to: &writer)
        case .keyValueList(let members): keyValues(members, field: 1, to: &writer)
        default: return nil
        }
        return writer.bytes
    }

    /// A list as it was, but for its bad UTF-8, which becomes U+FFFD.
    static func repairedList(_ type: AttributeType, _ bytes: [UInt8]) throws(OTLPError) -> [UInt8] {
        let value = type == .array ? try AttributeValueDecoder.decodeArray(bytes) : try AttributeValueDecoder.decodeKeyValueList(bytes)
        return encodeList(value) ?? []
    }

    /// Repeated `KeyValue` fields of any message. The value is written even when empty, as SDKs do.
    package static func keyValues(_ members: [KeyValue], field: Int, to writer: inout ProtobufWriter) {
        for member in members {
            writer.message(field) { writer in
                writer.string(1, member.key)
                writer.message(2) { anyValue(member.value, to: &$0) }
            }
        }
    }

    private static func array(_ elements: [AttributeValue], to writer: inout ProtobufWriter) {
        for element in elements { writer.message(1) { anyValue(element, to: &$0) } }
    }

    /// Members of a oneof are written even when they hold their type's default.
    private static func anyValue(_ value: AttributeValue, to writer: inout ProtobufWriter) {
        switch value {
        case .empty: break
        case .string(let text): writer.message(1) { $0.append(text) }
        case .bool(let value): writer.varint(2, value ? 1 : 0, evenIfZero: true)
        case .int(let value): writer.varint(3, UInt64(bitPattern: value), evenIfZero: true)
        case .double(let value): writer.fixed64(4, value.bitPattern, evenIfZero: true)
        case .array(let elements): writer.message(5) { array(elements, to: &$0) }
        case .keyValueList(let members): writer.message(6) { keyValues(members, field: 1, to: &$0) }
        case .bytes(let bytes): writer.message(7) { $0.append(bytes) }
        }
    }
}
