/// Values of a fixed number of bits back to whole integers.
///
/// Callers have made sure that all bits asked for lie inside `bytes`; only the whole words loaded around them could reach past the end,
/// so the last values are put together byte by byte.
enum BitUnpacking {
    /// 32-bit values, `bitWidth` 0...32.
    static func unpack(
        _ bytes: UnsafeRawBufferPointer, bitOffset: Int, bitWidth: Int, count: Int, to target: UnsafeMutablePointer<UInt32>
    ) {
        guard bitWidth > 0, let base = bytes.baseAddress else { return target.update(repeating: 0, count: count) }
        let mask = UInt64.max >> UInt64(64 - bitWidth)
        let fast = fastCount(bytes, bitOffset: bitOffset, bitWidth: bitWidth, count: count)
        var position = bitOffset
        for index in 0..<fast {
            let word = UInt64(littleEndian: (base + position &>> 3).loadUnaligned(as: UInt64.self))
            target[index] = UInt32(truncatingIfNeeded: (word &>> UInt64(position & 7)) & mask)
            position &+= bitWidth
        }
        for index in fast..<max(fast, count) {
            target[index] = UInt32(truncatingIfNeeded: slow(bytes, bitOffset: position, bitWidth: bitWidth))
            position += bitWidth
        }
    }

    /// Values that fit into a byte, `bitWidth` 0...8.
    static func unpack(
        _ bytes: UnsafeRawBufferPointer, bitOffset: Int, bitWidth: Int, count: Int, to target: UnsafeMutablePointer<UInt8>
    ) {
        guard bitWidth > 0, let base = bytes.baseAddress else { return target.update(repeating: 0, count: count) }
        let mask = UInt64.max >> UInt64(64 - bitWidth)
        let width = UInt64(truncatingIfNeeded: bitWidth)
        var index = 0
        var position = bitOffset
        // Eight values take `bitWidth` bytes, so one word holds eight of them where the first starts at a byte.
        let whole = position & 7 == 0 ? fastCount(bytes, bitOffset: bitOffset, bitWidth: bitWidth, count: count) & ~7 : 0
        while index < whole {
            let word = UInt64(littleEndian: (base + position &>> 3).loadUnaligned(as: UInt64.self))
            let lanes = bitWidth == 1 ? spread(word) : spread(word, width: width, mask: mask)
            UnsafeMutableRawPointer(target + index).storeBytes(of: lanes.littleEndian, as: UInt64.self)
            index &+= 8
            position &+= 8 &* bitWidth
        }
        while index < count {
            target[index] = UInt8(truncatingIfNeeded: slow(bytes, bitOffset: position, bitWidth: bitWidth))
            index &+= 1
            position &+= bitWidth
        }
    }

    /// The lowest eight bits, a byte each.
    @inline(__always)
    private static func spread(_ word: UInt64) -> UInt64 {
        // Byte i keeps bit i of the eight; adding 127 carries it to the high bit.
        let bits = ((word & 0xFF) &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
        return ((bits &+ 0x7F7F_7F7F_7F7F_7F7F) & 0x8080_8080_8080_8080) &>> 7
    }

    /// Eight values of up to eight bits, a byte each.
    @inline(__always)
    private static func spread(_ word: UInt64, width: UInt64, mask: UInt64) -> UInt64 {
        var lanes: UInt64 = 0
        for lane in 0..<UInt64(8) { lanes |= ((word &>> (lane &* width)) & mask) &<< (lane &* 8) }
        return lanes
    }

    /// 64-bit values, `bitWidth` 1...64.
    @inline(__always)
    static func unpack(
        _ bytes: UnsafeRawBufferPointer, bitOffset: Int, bitWidth: Int, count: Int, to target: UnsafeMutablePointer<UInt64>
    ) {
        guard let base = bytes.baseAddress else { return }
        let mask = UInt64.max >> UInt64(64 - bitWidth)
        // A value of up to 57 bits lies inside one word wherever it starts.
        let fast = bitWidth <= 57 ? fastCount(bytes, bitOffset: bitOffset, bitWidth: bitWidth, count: count) : 0
        var position = bitOffset
        for index in 0..<fast {
            let word = UInt64(littleEndian: (base + position &>> 3).loadUnaligned(as: UInt64.self))
            target[index] = (word &>> UInt64(position & 7)) & mask
            position &+= bitWidth
        }
        for index in fast..<max(fast, count) {
            target[index] = slow(bytes, bitOffset: position, bitWidth: bitWidth)
            position &+= bitWidth
        }
    }

    /// How many values, from the first on, may be loaded as whole words.
    @inline(__always)
    private static func fastCount(_ bytes: UnsafeRawBufferPointer, bitOffset: Int, bitWidth: Int, count: Int) -> Int {
        let lastStart = (bytes.count - 8) * 8 + 7 - bitOffset
        return lastStart < 0 ? 0 : min(count, lastStart / bitWidth + 1)
    }

    private static func slow(_ bytes: UnsafeRawBufferPointer, bitOffset: Int, bitWidth: Int) -> UInt64 {
        var value: UInt64 = 0
        var filled = 0
        var position = bitOffset
        while filled < bitWidth {
            let taken = min(8 - position & 7, bitWidth - filled)
            let part = (UInt64(bytes[position >> 3]) >> UInt64(position & 7)) & (UInt64.max >> UInt64(64 - taken))
            value |= part << UInt64(filled)
            filled += taken
            position += taken
        }
        return value
    }
}
