/// DELTA_BINARY_PACKED back to integers. Layout: see `DeltaBinaryPackedEncoder`; block and miniblock sizes of other writers are taken
/// as they come, within reason.
enum DeltaBinaryPackedDecoder {
    /// Fills `target` and answers how many bytes that took. 32-bit values wrap around at 32 bits, as the format asks.
    static func decode<I: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<I>
    ) throws(ParquetError) -> Int {
        var header = Cursor(bytes: bytes)
        let blockValueCount = try header.count()
        let miniblockCount = try header.count()
        let valueCount = try header.count()
        let first = try header.zigzag()
        guard blockValueCount > 0, blockValueCount <= 1 << 20, miniblockCount > 0, miniblockCount <= blockValueCount,
            blockValueCount % miniblockCount == 0, blockValueCount / miniblockCount % 8 == 0
        else { throw .corrupt("delta blocks of \(blockValueCount) values in \(miniblockCount) parts") }
        guard valueCount == target.count else { throw .corrupt("\(valueCount) delta-coded values where \(target.count) belong") }
        guard let base = target.baseAddress, valueCount > 0 else { return header.offset }
        base[0] = I(truncatingIfNeeded: first)
        var filled = 1
        var previous = base[0]
        let miniblockValueCount = blockValueCount / miniblockCount
        let differences = UnsafeMutablePointer<UInt64>.allocate(capacity: miniblockValueCount)
        defer { differences.deallocate() }
        while filled < valueCount {
            let smallest = I(truncatingIfNeeded: try header.zigzag())
            let widths = try header.take(miniblockCount)
            for miniblock in 0..<miniblockCount where filled < valueCount {
                let bitWidth = Int(widths[miniblock])
                let needed = min(miniblockValueCount, valueCount - filled)
                if bitWidth == 0 {
                    for index in filled..<filled + needed {
                        previous = previous &+ smallest
                        base[index] = previous
                    }
                } else {
                    guard bitWidth <= 64 else { throw .corrupt("delta-coded values of \(bitWidth) bits") }
                    let packed = try header.take(miniblockValueCount / 8 * bitWidth)
                    BitUnpacking.unpack(packed, bitOffset: 0, bitWidth: bitWidth, count: needed, to: differences)
                    for index in 0..<needed {
                        previous = previous &+ smallest &+ I(truncatingIfNeeded: differences[index])
                        base[filled &+ index] = previous
                    }
                }
                filled += needed
            }
        }
        return header.offset
    }

    private struct Cursor {
        let bytes: UnsafeRawBufferPointer
        var offset = 0

        mutating func take(_ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
            guard count <= bytes.count - offset else { throw .corrupt("delta-coded values are cut short") }
            defer { offset += count }
            return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        }

        mutating func count() throws(ParquetError) -> Int {
            guard let value = Int(exactly: try varint()) else { throw .corrupt("a delta header out of range") }
            return value
        }

        mutating func zigzag() throws(ParquetError) -> Int64 {
            let raw = try varint()
            return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
        }

        private mutating func varint() throws(ParquetError) -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while offset < bytes.count, shift <= 63 {
                let byte = bytes[offset]
                offset += 1
                guard shift < 63 || byte <= 1 else { break }
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            throw .corrupt("a delta header is cut short or out of range")
        }
    }
}
