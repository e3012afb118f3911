/// Byte strings decoded so far: the owned form of `ColumnValues.byteArray`. Offsets are 32-bit, as
/// `ParquetLimits.maximumDecodedByteCount` is far below their range.
struct ByteArrayColumn {
    var offsets: [UInt32] = [0]
    var bytes: [UInt8] = []

    var count: Int { offsets.count - 1 }

    /// Appends values that each lie behind a 4-byte length and fill `values` exactly (the caller has walked them).
    mutating func append(lengthPrefixed values: UnsafeRawBufferPointer, count: Int) {
        guard count > 0, let source = values.baseAddress else { return }
        let firstOffset = offsets.count
        let firstByte = bytes.count
        offsets.append(contentsOf: repeatElement(0, count: count))
        bytes.append(contentsOf: repeatElement(0, count: values.count &- 4 &* count))
        offsets.withUnsafeMutableBufferPointer { offsets in
            bytes.withUnsafeMutableBytes { bytes in
                guard let target = bytes.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 64) else { return }
                var from = 0
                var to = firstByte
                for index in firstOffset..<firstOffset &+ count {
                    let length = Int(UInt32(littleEndian: source.loadUnaligned(fromByteOffset: from, as: UInt32.self)))
                    from &+= 4
                    if length <= 16, values.count &- from >= 16, bytes.count &- to >= 16 {
                        (target + to).storeBytes(
                            of: source.loadUnaligned(fromByteOffset: from, as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
                    } else {
                        (target + to).copyMemory(from: source + from, byteCount: length)
                    }
                    from &+= length
                    to &+= length
                    offsets[index] = UInt32(truncatingIfNeeded: to)
                }
            }
        }
    }

    /// Appends values `range` of a column given as offsets into bytes (held against each other before).
    mutating func append(_ range: Range<Int>, offsets other: [UInt32], bytes otherBytes: UnsafeRawBufferPointer) throws(ParquetError) {
        let first = other[range.lowerBound]
        let last = other[range.upperBound]
        try makeRoom(Int(last - first))
        let start = UInt32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: otherBytes[Int(first)..<Int(last)]))
        offsets.append(contentsOf: other[range.lowerBound &+ 1...range.upperBound].lazy.map { $0 - first + start })
    }

    /// Throws before memory is taken where the limit would be passed.
    func makeRoom(_ byteCount: Int) throws(ParquetError) {
        guard byteCount <= ParquetLimits.maximumDecodedByteCount - bytes.count else {
            throw .limit("more than \(ParquetLimits.maximumDecodedByteCount) bytes of one column")
        }
    }
}
