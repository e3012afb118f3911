/// The RLE / bit-packed hybrid (encoding 3): levels, dictionary codes, booleans of version 2 pages.
///
/// | run | header (varint) | then |
/// |---|---|---|
/// | RLE | `length << 1` | the value in `(bitWidth + 7) / 8` bytes |
/// | bit-packed | `groups << 1 or 1` | `groups * bitWidth` bytes: 8 values a group, least significant bit first |
///
/// Both encoders look at eight values at a time: eight equal ones may begin an RLE run, anything else is a packed group. A run
/// therefore costs one comparison per eight values and a few bytes, however long it is.
/// Source: parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
enum RunLengthBitPackedEncoder {
    /// Encodes levels, one byte each and each below `1 << bitWidth`, `bitWidth` 1...8.
    static func encodeLevels(_ levels: UnsafeBufferPointer<UInt8>, bitWidth: Int, into buffer: PageBuffer) {
        guard let values = levels.baseAddress else { return }
        let count = levels.count
        // Packed groups take at most a byte a value, a run at least two bytes for eight values, a header at most five.
        let start = buffer.reserve(2 * count + 16)
        var out = start
        // A short run inside packed values costs a header more than it saves.
        let shortestRun = bitWidth == 1 ? 32 : 16
        var packedStart = 0
        var position = 0
        while position &+ 8 <= count {
            let word = loadWord(values + position)
            let first = values[position]
            guard word == UInt64(first) &* 0x0101_0101_0101_0101 else {
                position &+= 8
                continue
            }
            let runEnd = endOfRun(of: first, in: values, from: position &+ 8, count: count)
            guard runEnd &- position >= shortestRun || (runEnd == count && packedStart == position) else {
                position &+= 8
                continue
            }
            packLevels(values, packedStart..<position, bitWidth: bitWidth, to: &out)
            storeRun(UInt32(first), length: runEnd &- position, bitWidth: bitWidth, to: &out)
            position = runEnd
            packedStart = runEnd
        }
        packLevels(values, packedStart..<count, bitWidth: bitWidth, to: &out)
        buffer.advance(by: out - start)
    }

    /// One run of one value: levels that are all the same need no array.
    static func encodeRun(of value: UInt32, length: Int, bitWidth: Int, into buffer: PageBuffer) {
        guard length > 0 else { return }
        let start = buffer.reserve(16)
        var out = start
        storeRun(value, length: length, bitWidth: bitWidth, to: &out)
        buffer.advance(by: out - start)
    }

    /// Encodes dictionary codes, each below `1 << bitWidth`, `bitWidth` 0...32.
    static func encodeCodes(_ codes: UnsafeBufferPointer<UInt32>, bitWidth: Int, into buffer: PageBuffer) {
        guard let values = codes.baseAddress, codes.count > 0 else { return }
        let count = codes.count
        guard bitWidth > 0 else { return encodeRun(of: 0, length: count, bitWidth: 0, into: buffer) }
        // Packed: bitWidth bits a value. A run of eight takes at most 5 + 4 bytes; headers come at most once per group.
        let start = buffer.reserve((count &+ 8) &* bitWidth / 8 &+ count &* 2 &+ 32)
        var out = start
        let shortestRun = bitWidth <= 2 ? 24 : (bitWidth <= 4 ? 16 : 8)
        var packedStart = 0
        var position = 0
        while position &+ 8 <= count {
            let first = values[position]
            guard first == values[position &+ 1], allEqual(first, values + (position &+ 2)) else {
                position &+= 8
                continue
            }
            var runEnd = position &+ 8
            while runEnd < count, values[runEnd] == first { runEnd &+= 1 }
            guard runEnd &- position >= shortestRun || (runEnd == count && packedStart == position) else {
                position &+= 8
                continue
            }
            packCodes(values, packedStart..<position, bitWidth: bitWidth, to: &out)
            storeRun(first, length: runEnd &- position, bitWidth: bitWidth, to: &out)
            position = runEnd
            packedStart = runEnd
        }
        packCodes(values, packedStart..<count, bitWidth: bitWidth, to: &out)
        buffer.advance(by: out - start)
    }

    // MARK: Runs

    @inline(__always)
    private static func loadWord(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func endOfRun(of value: UInt8, in values: UnsafePointer<UInt8>, from start: Int, count: Int) -> Int {
        let pattern = UInt64(value) &* 0x0101_0101_0101_0101
        var end = start
        while end &+ 8 <= count {
            let difference = loadWord(values + end) ^ pattern
            if difference != 0 { return end &+ difference.trailingZeroBitCount / 8 }
            end &+= 8
        }
        while end < count, values[end] == value { end &+= 1 }
        return end
    }

    /// Whether the six codes from `values` on equal `first`.
    @inline(__always)
    private static func allEqual(_ first: UInt32, _ values: UnsafePointer<UInt32>) -> Bool {
        var difference: UInt32 = 0
        for index in 0..<6 { difference |= values[index] ^ first }
        return difference == 0
    }

    @inline(__always)
    private static func storeRun(_ value: UInt32, length: Int, bitWidth: Int, to out: inout UnsafeMutableRawPointer) {
        storeVarint(UInt64(length) << 1, to: &out)
        out.storeBytes(of: value.littleEndian, as: UInt32.self)
        out += (bitWidth &+ 7) / 8
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

    // MARK: Packed groups

    private static func packLevels(
        _ values: UnsafePointer<UInt8>, _ range: Range<Int>, bitWidth: Int, to out: inout UnsafeMutableRawPointer
    ) {
        guard !range.isEmpty else { return }
        storeVarint(UInt64((range.count &+ 7) / 8) << 1 | 1, to: &out)
        var position = range.lowerBound
        while position &+ 8 <= range.upperBound {
            out.storeBytes(of: pack(loadWord(values + position), bitWidth: bitWidth).littleEndian, as: UInt64.self)
            out += bitWidth
            position &+= 8
        }
        guard position < range.upperBound else { return }
        var word: UInt64 = 0
        for index in position..<range.upperBound { word |= UInt64(values[index]) &<< UInt64(8 &* (index &- position)) }
        out.storeBytes(of: pack(word, bitWidth: bitWidth).littleEndian, as: UInt64.self)
        out += bitWidth
    }

    /// Eight bytes, each below `1 << bitWidth`, moved together.
    @inline(__always)
    private static func pack(_ word: UInt64, bitWidth: Int) -> UInt64 {
        // The product moves bit 0 of byte i to bit 56 + i; no two terms meet.
        if bitWidth == 1 { return (word &* 0x0102_0408_1020_4080) &>> 56 }
        var packed: UInt64 = 0
        for index in 0..<8 {
            packed |= ((word &>> UInt64(8 &* index)) & 0xFF) &<< UInt64(index &* bitWidth)
        }
        return packed
    }

    private static func packCodes(
        _ values: UnsafePointer<UInt32>, _ range: Range<Int>, bitWidth: Int, to out: inout UnsafeMutableRawPointer
    ) {
        guard !range.isEmpty else { return }
        storeVarint(UInt64((range.count &+ 7) / 8) << 1 | 1, to: &out)
        let whole = range.lowerBound &+ range.count & ~7
        BitPacking.pack(values, range.lowerBound..<whole, bitWidth: bitWidth, to: &out)
        guard whole < range.upperBound else { return }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8) { last in
            last.initialize(repeating: 0)
            for index in whole..<range.upperBound { last[index &- whole] = values[index] }
            guard let base = last.baseAddress else { return }
            BitPacking.pack(UnsafePointer(base), 0..<8, bitWidth: bitWidth, to: &out)
        }
    }
}
