/// Definition and repetition levels of a page: how many values are present, and their encoding behind a 4-byte length.
enum Levels {
    /// Bits that levels of 0...maximum need.
    static func bitWidth(maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

    /// How many levels equal `maximum`; throws where one is above it. Eight levels are compared at a time.
    static func countPresent(_ levels: UnsafeBufferPointer<UInt8>, maximum: Int) throws(ParquetError) -> Int {
        guard let base = levels.baseAddress else { return 0 }
        let raw = UnsafeRawPointer(base)
        let pattern = SIMD32<UInt8>(repeating: UInt8(truncatingIfNeeded: maximum))
        var present = 0
        var above = SIMD32<UInt8>.zero
        var position = 0
        while position &+ 32 <= levels.count {
            // Lanes count up to 255 matches before they are added up.
            let stop = min(levels.count &- 31, position &+ 32 &* 255)
            var lanes = SIMD32<UInt8>.zero
            while position < stop {
                let word = raw.loadUnaligned(fromByteOffset: position, as: SIMD32<UInt8>.self)
                lanes = lanes &+ SIMD32<UInt8>.zero.replacing(with: 1, where: word .== pattern)
                above |= SIMD32<UInt8>.zero.replacing(with: 1, where: word .> pattern)
                position &+= 32
            }
            for lane in 0..<32 { present &+= Int(lanes[lane]) }
        }
        var isAbove = above != .zero
        while position < levels.count {
            present &+= base[position] == pattern[0] ? 1 : 0
            isAbove = isAbove || base[position] > pattern[0]
            position &+= 1
        }
        guard !isAbove else { throw .invalid("a level above the leaf's maximum of \(maximum)") }
        return present
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
