/// DELTA_LENGTH_BYTE_ARRAY back to where each value lies. Layout: see `DeltaLengthByteArrayEncoder`.
enum DeltaLengthByteArrayDecoder {
    /// Offsets (one more than values) into the bytes behind the lengths. Lengths are held against those bytes.
    static func decode(
        _ page: UnsafeRawBufferPointer, count: Int
    ) throws(ParquetError) -> (offsets: [UInt32], bytes: UnsafeRawBufferPointer) {
        let (lengths, consumed) = try Self.lengths(page, count: count)
        let bytes = UnsafeRawBufferPointer(rebasing: page[consumed...])
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        var end = 0
        for length in lengths {
            guard length >= 0, Int(length) <= bytes.count - end else { throw .corrupt("a byte array runs past its page") }
            end += Int(length)
            offsets.append(UInt32(truncatingIfNeeded: end))
        }
        return (offsets, bytes)
    }

    static func lengths(_ page: UnsafeRawBufferPointer, count: Int) throws(ParquetError) -> (lengths: [Int32], byteCount: Int) {
        var lengths = [Int32](repeating: 0, count: count)
        let consumed = try lengths.decodeDeltas(page, from: 0)
        return (lengths, consumed)
    }
}

extension Array where Element: FixedWidthInteger & SignedInteger & BitwiseCopyable {
    /// Decodes into the elements from `start` on; answers the bytes used.
    mutating func decodeDeltas(_ bytes: UnsafeRawBufferPointer, from start: Int) throws(ParquetError) -> Int {
        var result: Result<Int, ParquetError> = .success(0)
        withUnsafeMutableBufferPointer { buffer in
            result = Result { () throws(ParquetError) in
                try DeltaBinaryPackedDecoder.decode(bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[start...]))
            }
        }
        return try result.get()
    }
}
