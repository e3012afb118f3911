/// Definition and repetition levels of a page: how many values are present, and their encoding behind a 4-byte length.
enum Levels {
    /// Bits that levels of 0...maximum need.
    static func bitWidth(maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

    /// How many levels equal `maximum`; nil where one is above it. Eight levels are compared at a time, as bytes of one word.
    static func countPresent(_ levels: UnsafeBufferPointer<UInt8>, maximum: Int) -> Int? {
        guard let base = levels.baseAddress else { return 0 }
        let raw = UnsafeRawPointer(base)
        let count = levels.count
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits = ones &* 0x80
        let pattern = ones &* UInt64(truncatingIfNeeded: maximum)
        // A byte of at most 127 plus this reaches its high bit exactly if the byte is above the maximum.
        let margin = ones &* (0x7F &- UInt64(truncatingIfNeeded: maximum))
        var present = 0
        var above: UInt64 = 0
        var position = 0
        while position &+ 8 <= count {
            // The bytes of `matches` count up to 255 before they are added up.
            let stop = min(count &- 7, position &+ 8 &* 255)
            var matches: UInt64 = 0
            while position < stop {
                let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                // Adding 127 sets the high bit of every byte that is not 0; bytes above 127 are caught by `above`.
                let differs = ((word ^ pattern) & ~highBits) &+ (ones &* 0x7F)
                matches &+= (~differs & highBits) &>> 7
                above |= word | ((word & ~highBits) &+ margin)
                position &+= 8
            }
            present &+= Int(((matches & 0x00FF_00FF_00FF_00FF) &* 0x0001_0001_0001_0001) &>> 48)
            present &+= Int((((matches &>> 8) & 0x00FF_00FF_00FF_00FF) &* 0x0001_0001_0001_0001) &>> 48)
        }
        var isAbove = above & highBits != 0
        while position < count {
            present &+= Int(base[position]) == maximum ? 1 : 0
            isAbove = isAbove || Int(base[position]) > maximum
            position &+= 1
        }
        return isAbove ? nil : present
    }

    /// Where the entries of `rowCount` rows from `start` on end, of which a row begins with each level 0; and how many rows there are,
    /// fewer where the levels end before. Eight levels are looked at at a time.
    static func endOfRows(_ rowCount: Int, in levels: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, rowCount: Int) {
        guard let base = levels.baseAddress, rowCount > 0 else { return (start, 0) }
        let raw = UnsafeRawPointer(base)
        let count = levels.count
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        // The row after the last one begins with one more 0.
        var zeros = 0
        var position = start
        // Reads bytes below `position + 8`, so none past the levels.
        while position &+ 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            // The high bit of every byte that is not 0.
            let found = 8 &- ((((word & low) &+ low) | word) & ~low).nonzeroBitCount
            if zeros &+ found > rowCount { break }
            zeros &+= found
            position &+= 8
        }
        while position < count {
            if base[position] == 0 {
                if zeros == rowCount { return (position, rowCount) }
                zeros &+= 1
            }
            position &+= 1
        }
        return (count, zeros)
    }

    /// The same for some entries of a page that was read.
    static func countPresent(_ levels: [UInt8], _ entries: Range<Int>, maximum: Int) throws(ParquetError) -> Int {
        let count = levels.withUnsafeBufferPointer { countPresent(UnsafeBufferPointer(rebasing: $0[entries]), maximum: maximum) }
        guard let count else { throw .corrupt("a level above the leaf's maximum of \(maximum)") }
        return count
    }

    /// Appends `length u32, RLE/bit-packed hybrid` as version 1 data pages want it. `levels` nil: all `count` equal `maximum`.
    static func encode(_ levels: UnsafeBufferPointer<UInt8>?, count: Int, maximum: Int, into buffer: PageBuffer) {
        guard maximum > 0 else { return }
        let lengthOffset = buffer.count
        _ = buffer.reserve(4)
        buffer.advance(by: 4)
        let bitWidth = bitWidth(maximum: maximum)
        if let levels {
            RunLengthBitPackedEncoder.encodeLevels(levels, bitWidth: bitWidth, into: buffer)
        } else {
            RunLengthBitPackedEncoder.encodeRun(of: UInt32(maximum), length: count, bitWidth: bitWidth, into: buffer)
        }
        buffer.overwrite(UInt32(buffer.count - lengthOffset - 4), at: lengthOffset)
    }
}
