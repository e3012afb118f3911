/// A cursor over borrowed bytes that refuses to read past their end.
///
/// For headers, footers and other cold framing: every read is checked and throws. The bytes must outlive the reader.
/// All fixed-width integers are little-endian.
package struct ByteReader {
    package let bytes: UnsafeRawBufferPointer
    package private(set) var offset: Int

    package init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    package var remaining: Int { bytes.count - offset }
    package var isAtEnd: Bool { offset >= bytes.count }

    package mutating func skip(_ count: Int) throws(ByteCodingError) {
        guard count >= 0, count <= remaining else { throw .truncated }
        offset += count
    }

    /// The next `count` bytes, borrowed.
    package mutating func take(_ count: Int) throws(ByteCodingError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw .truncated }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    package mutating func integer<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type = I.self) throws(ByteCodingError) -> I {
        let size = MemoryLayout<I>.size
        guard size <= remaining else { throw .truncated }
        defer { offset += size }
        return I(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: I.self))
    }

    /// An unsigned LEB128 varint of at most ten bytes.
    package mutating func varint() throws(ByteCodingError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if shift == 63, byte > 1 { throw .malformedVarint }
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { throw .malformedVarint }
        }
        throw .truncated
    }

    /// A varint that counts bytes or elements: at most `Int.max`.
    package mutating func count() throws(ByteCodingError) -> Int {
        guard let value = Int(exactly: try varint()) else { throw .malformedVarint }
        return value
    }

    package mutating func zigzag() throws(ByteCodingError) -> Int64 {
        let raw = try varint()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    /// A varint length followed by that many bytes, borrowed.
    package mutating func lengthPrefixed() throws(ByteCodingError) -> UnsafeRawBufferPointer {
        try take(try count())
    }
}

package enum ByteCodingError: Error, Equatable, Sendable {
    /// The bytes end before the value does.
    case truncated
    /// A varint longer than ten bytes, or larger than its type.
    case malformedVarint
}
