/// BYTE_STREAM_SPLIT (encoding 9): byte 0 of every value, then byte 1 of every value, and so on. Saves nothing itself; the
/// compression behind it finds the bytes that hardly change side by side.
enum ByteStreamSplitEncoder {
    static func encode(_ values: UnsafeRawBufferPointer, width: Int, into buffer: PageBuffer) {
        guard let source = values.baseAddress, width > 0 else { return }
        let count = values.count / width
        let out = buffer.reserve(count &* width)
        var position = 0
        if width == 8 {
            while position &+ 8 <= count {
                transpose(source + position &* 8, to: out + position, stride: count)
                position &+= 8
            }
        }
        for stream in 0..<width {
            let target = out + stream &* count
            let bytes = source + stream
            for index in position..<count {
                target.storeBytes(of: bytes.load(fromByteOffset: index &* width, as: UInt8.self), toByteOffset: index, as: UInt8.self)
            }
        }
        buffer.advance(by: count &* width)
    }

    /// Eight words seen as an 8 x 8 matrix of bytes, transposed by swapping blocks of 4, 2 and 1 bytes.
    @inline(__always)
    static func transpose(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, stride: Int) {
        var rows = SIMD8<UInt64>()
        for index in 0..<8 { rows[index] = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)) }
        rows = swapped(rows, distance: 4, mask: 0x0000_0000_FFFF_FFFF, shift: 32)
        rows = swapped(rows, distance: 2, mask: 0x0000_FFFF_0000_FFFF, shift: 16)
        rows = swapped(rows, distance: 1, mask: 0x00FF_00FF_00FF_00FF, shift: 8)
        for index in 0..<8 { target.storeBytes(of: rows[index].littleEndian, toByteOffset: index &* stride, as: UInt64.self) }
    }

    @inline(__always)
    private static func swapped(_ rows: SIMD8<UInt64>, distance: Int, mask: UInt64, shift: UInt64) -> SIMD8<UInt64> {
        var rows = rows
        var index = 0
        while index < 8 {
            if index & distance == 0 {
                let a = rows[index]
                let b = rows[index &+ distance]
                rows[index] = (a & mask) | (b & mask) &<< shift
                rows[index &+ distance] = (a &>> shift) & mask | (b & ~mask)
            }
            index &+= 1
        }
        return rows
    }
}
