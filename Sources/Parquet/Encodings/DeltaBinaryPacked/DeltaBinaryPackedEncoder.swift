/// DELTA_BINARY_PACKED (encoding 5): integers as bit-packed differences.
///
/// | part | bytes |
/// |---|---|
/// | header | varints: values a block (128), miniblocks a block (4), value count; zigzag varint: first value |
/// | block | zigzag varint: smallest difference; 4 bytes: bit width of each miniblock; then the miniblocks |
/// | miniblock | 32 differences minus the smallest, at its own width |
///
/// Differences wrap around. The last miniblock is filled up with zeros; miniblocks without values have width 0 and no bytes.
/// Source: parquet-format, Encodings.md, "Delta Encoding".
enum DeltaBinaryPackedEncoder {
    static let blockValueCount = 128
    static let miniblockCount = 4
    static let miniblockValueCount = 32

    static func encode(_ values: UnsafeBufferPointer<Int64>, into buffer: PageBuffer) {
        encodeValues(values, into: buffer)
    }

    static func encode(_ values: UnsafeBufferPointer<Int32>, into buffer: PageBuffer) {
        encodeValues(values, into: buffer)
    }

    @inline(__always)
    private static func encodeValues<I: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: UnsafeBufferPointer<I>, into buffer: PageBuffer
    ) where I.Magnitude: BitwiseCopyable {
        let count = values.count
        let blockCount = (count &+ blockValueCount &- 2) / blockValueCount
        // A block at full width and its header: 10 + 4 bytes.
        let start = buffer.reserve(32 &+ blockCount &* (blockValueCount &* MemoryLayout<I>.size &+ 16))
        var out = start
        storeVarint(UInt64(blockValueCount), to: &out)
        storeVarint(UInt64(miniblockCount), to: &out)
        storeVarint(UInt64(count), to: &out)
        guard let base = values.baseAddress, count > 0 else {
            storeVarint(0, to: &out)
            buffer.advance(by: out - start)
            return
        }
        storeZigzag(Int64(base[0]), to: &out)
        withUnsafeTemporaryAllocation(of: I.self, capacity: blockValueCount) { deltas in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockValueCount) { packed in
                // Both have a capacity, so both have an address.
                guard let deltas = deltas.baseAddress, let packed = packed.baseAddress else { return }
                var position = 1
                while position < count {
                    let length = min(blockValueCount, count &- position)
                    encodeBlock(base + position, length: length, deltas: deltas, packed: packed, to: &out)
                    position &+= length
                }
            }
        }
        buffer.advance(by: out - start)
    }

    /// `values[-1]` is the value before the block.
    @inline(__always)
    private static func encodeBlock<I: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<I>, length: Int, deltas: UnsafeMutablePointer<I>, packed: UnsafeMutablePointer<UInt64>,
        to out: inout UnsafeMutableRawPointer
    ) {
        var smallest = I.max
        for index in 0..<length {
            let delta = values[index] &- values[index &- 1]
            deltas[index] = delta
            smallest = delta < smallest ? delta : smallest
        }
        storeZigzag(Int64(smallest), to: &out)
        let mask = I.bitWidth == 64 ? UInt64.max : 0xFFFF_FFFF
        var allBits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for index in 0..<length { packed[index] = UInt64(truncatingIfNeeded: deltas[index] &- smallest) & mask }
        for index in length..<max(length, (length &+ 31) & ~31) { packed[index] = 0 }
        let filled = (length &+ 31) & ~31
        allBits.0 = combined(packed, min(32, filled))
        if filled > 32 { allBits.1 = combined(packed + 32, 32) }
        if filled > 64 { allBits.2 = combined(packed + 64, 32) }
        if filled > 96 { allBits.3 = combined(packed + 96, 32) }
        let widths = (width(allBits.0), width(allBits.1), width(allBits.2), width(allBits.3))
        out.storeBytes(of: UInt8(widths.0), as: UInt8.self)
        out.storeBytes(of: UInt8(widths.1), toByteOffset: 1, as: UInt8.self)
        out.storeBytes(of: UInt8(widths.2), toByteOffset: 2, as: UInt8.self)
        out.storeBytes(of: UInt8(widths.3), toByteOffset: 3, as: UInt8.self)
        out += 4
        if widths.0 > 0 { BitPacking.pack(packed, count: 32, bitWidth: widths.0, to: &out) }
        if widths.1 > 0 { BitPacking.pack(packed + 32, count: 32, bitWidth: widths.1, to: &out) }
        if widths.2 > 0 { BitPacking.pack(packed + 64, count: 32, bitWidth: widths.2, to: &out) }
        if widths.3 > 0 { BitPacking.pack(packed + 96, count: 32, bitWidth: widths.3, to: &out) }
    }

    @inline(__always)
    private static func combined(_ values: UnsafeMutablePointer<UInt64>, _ count: Int) -> UInt64 {
        var bits: UInt64 = 0
        for index in 0..<count { bits |= values[index] }
        return bits
    }

    @inline(__always)
    private static func width(_ bits: UInt64) -> Int { 64 &- bits.leadingZeroBitCount }

    @inline(__always)
    private static func storeZigzag(_ value: Int64, to out: inout UnsafeMutableRawPointer) {
        storeVarint(UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)), to: &out)
    }

    @inline(__always)
    private static func storeVarint(_ value: UInt64, to out: inout UnsafeMutableRawPointer) {
        var rest = value
        while rest >= 0x80 {
            out.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            out += 1
            rest >>= 7
        }
        out.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        out += 1
    }
}
