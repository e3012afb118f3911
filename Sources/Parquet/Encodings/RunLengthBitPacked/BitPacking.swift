/// Values of a fixed number of bits, least significant bit first, without gaps between them: what dictionary codes and
/// delta miniblocks are made of.
///
/// Packing may store up to eight bytes past its last one: callers write into a `PageBuffer`, whose slack covers that.
enum BitPacking {
    /// Packs whole groups of eight 32-bit values, each below `1 << bitWidth`, `bitWidth` 1...32.
    @inline(__always)
    static func pack(
        _ values: UnsafePointer<UInt32>, _ range: Range<Int>, bitWidth: Int, to out: inout UnsafeMutableRawPointer
    ) {
        let width = UInt64(truncatingIfNeeded: bitWidth)
        var cursor = out
        var position = range.lowerBound
        let end = range.upperBound
        if bitWidth <= 8 {
            while position < end {
                let group = values + position
                var word: UInt64 = 0
                for index in 0..<8 { word |= UInt64(group[index]) &<< (UInt64(truncatingIfNeeded: index) &* width) }
                cursor.storeBytes(of: word.littleEndian, as: UInt64.self)
                cursor += bitWidth
                position &+= 8
            }
        } else if bitWidth <= 16 {
            // Two halves of four values, 36 to 64 bits each.
            let half = width &* 4
            while position < end {
                let group = values + position
                var low: UInt64 = 0
                var high: UInt64 = 0
                for index in 0..<4 {
                    let shift = UInt64(truncatingIfNeeded: index) &* width
                    low |= UInt64(group[index]) &<< shift
                    high |= UInt64(group[index &+ 4]) &<< shift
                }
                let first = half == 64 ? low : low | high &<< half
                let second = half == 64 ? high : high &>> (64 &- half)
                cursor.storeBytes(of: first.littleEndian, as: UInt64.self)
                cursor.storeBytes(of: second.littleEndian, toByteOffset: 8, as: UInt64.self)
                cursor += bitWidth
                position &+= 8
            }
        } else {
            var word: UInt64 = 0
            var filled: UInt64 = 0
            while position < end {
                word |= UInt64(values[position]) &<< filled
                filled &+= width
                if filled >= 32 {
                    cursor.storeBytes(of: UInt32(truncatingIfNeeded: word).littleEndian, as: UInt32.self)
                    cursor += 4
                    word &>>= 32
                    filled &-= 32
                }
                position &+= 1
            }
            // Eight values of any width are whole bytes, but not always whole words.
            cursor.storeBytes(of: word.littleEndian, as: UInt64.self)
            cursor += Int(filled / 8)
        }
        out = cursor
    }

    /// Packs `count` 64-bit values, each below `1 << bitWidth`, `bitWidth` 1...64; `count * bitWidth` must be whole bytes.
    @inline(__always)
    static func pack(_ values: UnsafePointer<UInt64>, count: Int, bitWidth: Int, to out: inout UnsafeMutableRawPointer) {
        let width = UInt64(truncatingIfNeeded: bitWidth)
        var cursor = out
        var word: UInt64 = 0
        var filled: UInt64 = 0
        for index in 0..<count {
            let value = values[index]
            word |= value &<< filled
            filled &+= width
            if filled >= 64 {
                cursor.storeBytes(of: word.littleEndian, as: UInt64.self)
                cursor += 8
                filled &-= 64
                // The bits of the value that did not fit; a shift by 64 gives 0 here, as `>>` does not wrap.
                word = value >> (width &- filled)
            }
        }
        cursor.storeBytes(of: word.littleEndian, as: UInt64.self)
        out = cursor + Int(filled / 8)
    }
}
