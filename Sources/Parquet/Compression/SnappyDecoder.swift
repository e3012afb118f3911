/// Snappy's raw format, read only: files of other writers.
///
/// | part | bytes |
/// |---|---|
/// | preamble | varint: length of the output |
/// | literal | tag `00`: length - 1 in the upper six bits; 60...63 mean that it follows in 1...4 bytes; then the bytes |
/// | copy | tag `01`: length 4...11 and 11 bits of offset; `10`: length 1...64, 2-byte offset; `11`: the same, 4-byte offset |
///
/// A copy may overlap what it writes. Source: google/snappy, format_description.txt.
enum SnappyDecoder {
    /// Fills `target` exactly, or throws.
    static func decode(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(ParquetError) {
        var input = Input(bytes: bytes)
        guard try input.varint() == UInt64(target.count) else { throw .corrupt("snappy data of another length than its page says") }
        var written = 0
        while !input.isAtEnd {
            let tag = try input.integer(byteCount: 1)
            if tag & 3 == 0 {
                var length = tag >> 2
                if length >= 60 { length = try input.integer(byteCount: length - 59) }
                length += 1
                let literal = try input.take(length)
                guard length <= target.count - written else { throw .corrupt("snappy data is longer than its page says") }
                UnsafeMutableRawBufferPointer(rebasing: target[written..<written + length]).copyMemory(from: literal)
                written += length
                continue
            }
            let length: Int
            let distance: Int
            switch tag & 3 {
            case 1:
                length = (tag >> 2) & 7 + 4
                distance = (tag >> 5) << 8 | (try input.integer(byteCount: 1))
            case 2:
                length = tag >> 2 + 1
                distance = try input.integer(byteCount: 2)
            default:
                length = tag >> 2 + 1
                distance = try input.integer(byteCount: 4)
            }
            guard distance > 0, distance <= written, length <= target.count - written else { throw .corrupt("a snappy copy out of range") }
            // Byte by byte: source and target may overlap, and then repeat.
            for index in written..<written + length { target[index] = target[index - distance] }
            written += length
        }
        guard written == target.count else { throw .corrupt("snappy data is shorter than its page says") }
    }

    private struct Input {
        let bytes: UnsafeRawBufferPointer
        var offset = 0

        var isAtEnd: Bool { offset >= bytes.count }

        mutating func take(_ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
            guard count <= bytes.count - offset else { throw .corrupt("snappy data is cut short") }
            defer { offset += count }
            return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        }

        mutating func integer(byteCount: Int) throws(ParquetError) -> Int {
            var value = 0
            for (index, byte) in try take(byteCount).enumerated() { value |= Int(byte) << (8 * index) }
            return value
        }

        mutating func varint() throws(ParquetError) -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), through: 28, by: 7) {
                let byte = try integer(byteCount: 1)
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            throw .corrupt("snappy length out of range")
        }
    }
}
