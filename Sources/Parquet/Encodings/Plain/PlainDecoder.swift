/// PLAIN byte arrays, walked value by value: nothing but the walk tells where a value lies.
struct PlainByteArrayDecoder {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func skip(_ count: Int) throws(ParquetError) {
        var position = offset
        for _ in 0..<count {
            guard bytes.count &- position >= 4 else { throw .corrupt("byte arrays are cut short") }
            let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            guard length <= bytes.count &- position &- 4 else { throw .corrupt("a byte array runs past its page") }
            position &+= 4 &+ length
        }
        offset = position
    }

    /// Appends `count` values.
    mutating func take(_ count: Int, into column: inout ByteArrayColumn) throws(ParquetError) {
        let start = offset
        try skip(count)
        // The walk has shown that there are that many values and how many bytes they have.
        column.append(lengthPrefixed: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), count: count)
        guard column.bytes.count <= ParquetLimits.maximumDecodedByteCount else {
            throw .limit("more than \(ParquetLimits.maximumDecodedByteCount) bytes of one column")
        }
    }
}

/// PLAIN values of one width: any of them can be copied out at once.
enum PlainFixedDecoder {
    /// `count` values of `width` bytes from value `position` on.
    static func slice(
        _ bytes: UnsafeRawBufferPointer, position: Int, count: Int, width: Int
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        // Position and count are at most 2^26, widths at most 2^20.
        let start = position * width
        guard start <= bytes.count, count * width <= bytes.count - start else { throw .corrupt("fixed-width values are cut short") }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count * width])
    }

    /// Booleans, one bit each.
    static func booleans(_ bytes: UnsafeRawBufferPointer, position: Int, count: Int, into values: inout [Bool]) throws(ParquetError) {
        guard position + count <= bytes.count * 8 else { throw .corrupt("booleans are cut short") }
        values.reserveCapacity(values.count + count)
        for bit in position..<position + count { values.append(bytes[bit >> 3] >> UInt8(bit & 7) & 1 == 1) }
    }
}
