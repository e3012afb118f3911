/// PLAIN (encoding 0): numbers little-endian, booleans one bit each (least significant first), fixed-length bytes as they are,
/// byte arrays each behind a 4-byte length.
enum PlainEncoder {
    static func encode(_ values: UnsafeRawBufferPointer, into buffer: PageBuffer) { buffer.append(values) }

    static func encode(_ values: UnsafeBufferPointer<Bool>, into buffer: PageBuffer) {
        guard let base = values.baseAddress else { return }
        // A Bool is one byte, 0 or 1.
        let raw = UnsafeRawPointer(base)
        let start = buffer.reserve((values.count &+ 7) / 8)
        var position = 0
        var out = start
        while position < values.count {
            var word: UInt64 = 0
            if position &+ 8 <= values.count {
                word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            } else {
                for index in position..<values.count where base[index] { word |= 1 &<< UInt64(8 &* (index &- position)) }
            }
            // Moves bit 0 of byte i to bit 56 + i.
            out.storeBytes(of: UInt8(((word & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) &>> 56), as: UInt8.self)
            out += 1
            position &+= 8
        }
        buffer.advance(by: out - start)
    }

    /// `offsets` has one element more than there are values, ascends, and ends within `bytes` (checked by `ColumnValues.validate`).
    static func encode(offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer, into buffer: PageBuffer) {
        guard offsets.count > 1, let source = bytes.baseAddress ?? emptySource else { return }
        let total = Int(offsets[offsets.count &- 1] &- offsets[0])
        let start = buffer.reserve(total &+ 4 &* (offsets.count &- 1))
        var out = start
        for index in 0..<offsets.count &- 1 {
            let from = Int(offsets[index])
            let length = Int(offsets[index &+ 1]) &- from
            out.storeBytes(of: UInt32(truncatingIfNeeded: length).littleEndian, as: UInt32.self)
            copyShort(from: source + from, readable: bytes.count &- from, length: length, to: out + 4)
            out += 4 &+ length
        }
        buffer.advance(by: out - start)
    }

    /// Entries chosen by code, for a dictionary that is written out as values.
    static func encode(
        codes: UnsafeBufferPointer<UInt32>, offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer, into buffer: PageBuffer
    ) {
        guard codes.count > 0, let source = bytes.baseAddress ?? emptySource else { return }
        var total = 0
        for code in codes { total &+= Int(offsets[Int(code) &+ 1] &- offsets[Int(code)]) }
        let start = buffer.reserve(total &+ 4 &* codes.count)
        var out = start
        for code in codes {
            let from = Int(offsets[Int(code)])
            let length = Int(offsets[Int(code) &+ 1]) &- from
            out.storeBytes(of: UInt32(truncatingIfNeeded: length).littleEndian, as: UInt32.self)
            copyShort(from: source + from, readable: bytes.count &- from, length: length, to: out + 4)
            out += 4 &+ length
        }
        buffer.advance(by: out - start)
    }

    /// Stands in for the address of an empty buffer, from which nothing is ever read.
    static var emptySource: UnsafeRawPointer? { UnsafeRawPointer(bitPattern: 64) }

    /// Short values are copied as one 16-byte word where both sides have that much room (the page's slack covers the target).
    @inline(__always)
    static func copyShort(from source: UnsafeRawPointer, readable: Int, length: Int, to target: UnsafeMutableRawPointer) {
        if length <= 16, readable >= 16 {
            target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        } else {
            target.copyMemory(from: source, byteCount: length)
        }
    }
}
