/// Writes protobuf messages field by field. Scalars with their type's default are left out, as proto3 wants.
package struct ProtobufWriter {
    package init() {}

    package private(set) var bytes: [UInt8] = []

    package mutating func varint(_ field: Int, _ value: UInt64, evenIfZero: Bool = false) {
        if value == 0, !evenIfZero { return }
        append(varint: UInt64(field << 3))
        append(varint: value)
    }

    package mutating func fixed64(_ field: Int, _ value: UInt64, evenIfZero: Bool = false) {
        if value == 0, !evenIfZero { return }
        append(varint: UInt64(field << 3 | 1))
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func string(_ field: Int, _ text: String) {
        if !text.isEmpty { message(field) { $0.append(text) } }
    }

    /// A length-delimited field, empty ones too.
    package mutating func message(_ field: Int, _ content: (inout ProtobufWriter) -> Void) {
        let start = begin(field)
        content(&self)
        end(start)
    }

    /// Begins a length-delimited field; `end` takes what this returns. One byte is kept for the length; longer lengths move the
    /// content up, which costs less than measuring every message beforehand: most are short.
    mutating func begin(_ field: Int) -> Int {
        append(varint: UInt64(field << 3 | 2))
        bytes.append(0)
        return bytes.count
    }

    mutating func end(_ start: Int) {
        let length = bytes.count - start
        if length < 0x80 {
            bytes[start - 1] = UInt8(length)
        } else {
            var lengthBytes = ProtobufWriter()
            lengthBytes.append(varint: UInt64(length))
            bytes.replaceSubrange(start - 1..<start, with: lengthBytes.bytes)
        }
    }

    /// A length-delimited field of content that is at hand, empty ones too.
    mutating func content(_ field: Int, _ raw: UnsafeRawBufferPointer) {
        append(varint: UInt64(field << 3 | 2))
        append(varint: UInt64(raw.count))
        bytes.append(contentsOf: raw)
    }

    package mutating func content(_ field: Int, _ raw: [UInt8]) { raw.withUnsafeBytes { content(field, $0) } }

    mutating func fixed32(_ field: Int, _ value: UInt32, evenIfZero: Bool = false) {
        if value == 0, !evenIfZero { return }
        append(varint: UInt64(field << 3 | 5))
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Takes back everything from an earlier `bytes.count` on.
    mutating func truncate(to count: Int) { bytes.removeSubrange(count...) }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

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
