/// Appends little-endian integers, varints and bytes to a growing array. The mirror of `ByteReader`.
package struct ByteWriter: Sendable {
    package var bytes: [UInt8]

    package init(reserving capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package var count: Int { bytes.count }

    package mutating func append(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }
    package mutating func append(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }
    package mutating func append(zeros count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

    package mutating func integer<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Overwrites an integer written earlier: lengths and checksums that are known only at the end.
    package mutating func overwrite<I: FixedWidthInteger & BitwiseCopyable>(_ value: I, at offset: Int) {
        precondition(offset >= 0 && offset + MemoryLayout<I>.size <= bytes.count, "overwrite outside of what was written")
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: I.self) }
    }

    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func varint(_ value: Int) { varint(UInt64(value)) }

    package mutating func zigzag(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    package mutating func lengthPrefixed(_ raw: UnsafeRawBufferPointer) {
        varint(UInt64(raw.count))
        append(raw)
    }

    package mutating func lengthPrefixed(_ raw: [UInt8]) {
        varint(UInt64(raw.count))
        append(raw)
    }

    package mutating func lengthPrefixed(_ text: String) {
        var text = text
        text.withUTF8 { lengthPrefixed(UnsafeRawBufferPointer($0)) }
    }
}
