/// Byte strings decoded so far: the owned form of `ColumnValues.byteArray`. Offsets are 32-bit, as
/// `ParquetLimits.maximumDecodedByteCount` is far below their range.
struct ByteArrayColumn {
    var offsets: [UInt32] = [0]
    var bytes: [UInt8] = []

    var count: Int { offsets.count - 1 }

    mutating func append(_ value: UnsafeRawBufferPointer) throws(ParquetError) {
        try makeRoom(value.count)
        bytes.append(contentsOf: value)
        offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// Throws before memory is taken where the limit would be passed.
    func makeRoom(_ byteCount: Int) throws(ParquetError) {
        guard byteCount <= ParquetLimits.maximumDecodedByteCount - bytes.count else {
            throw .limit("more than \(ParquetLimits.maximumDecodedByteCount) bytes of one column")
        }
    }
}
