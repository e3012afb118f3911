/// Writes protobuf messages field by field. Scalars with their type's default are left out, as proto3 wants.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ field: Int, _ value: UInt64, evenIfZero: Bool = false) {
        if value == 0, !evenIfZero { return }
        append(varint: UInt64(field << 3))
        append(varint: value)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64, evenIfZero: Bool = false) {
        if value == 0, !evenIfZero { return }
        append(varint: UInt64(field << 3 | 1))
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func string(_ field: Int, _ text: String) {
        if !text.isEmpty { message(field) { $0.append(text) } }
    }

    /// A length-delimited field, empty ones too. One byte is kept for its length; longer lengths move the content up, which costs
    /// less than measuring every message beforehand: most are short.
    mutating func message(_ field: Int, _ content: (inout ProtobufWriter) -> Void) {
        append(varint: UInt64(field << 3 | 2))
        let lengthOffset = bytes.count
        bytes.append(0)
        content(&self)
        let length = bytes.count - lengthOffset - 1
        if length < 0x80 {
            bytes[lengthOffset] = UInt8(length)
        } else {
            var lengthBytes = ProtobufWriter()
            lengthBytes.append(varint: UInt64(length))
            bytes.replaceSubrange(lengthOffset...lengthOffset, with: lengthBytes.bytes)
        }
    }

    /// Content of a string field.
    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    /// Content of a bytes field, or fields that are encoded already.
    mutating func append(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
