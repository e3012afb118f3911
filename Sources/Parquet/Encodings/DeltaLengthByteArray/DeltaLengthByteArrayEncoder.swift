/// DELTA_LENGTH_BYTE_ARRAY (encoding 6): all lengths as DELTA_BINARY_PACKED 32-bit integers, then all bytes.
enum DeltaLengthByteArrayEncoder {
    /// `offsets` has one element more than there are values, ascends, and ends within `bytes`.
    static func encode(offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer, into buffer: PageBuffer) {
        let count = max(0, offsets.count - 1)
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { lengths in
            for index in 0..<count { lengths[index] = Int32(bitPattern: offsets[index &+ 1] &- offsets[index]) }
            DeltaBinaryPackedEncoder.encode(UnsafeBufferPointer(lengths), into: buffer)
        }
        guard count > 0 else { return }
        buffer.append(UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[0])..<Int(offsets[count])]))
    }

    /// Entries chosen by code, for a dictionary that is written out as values.
    static func encode(
        codes: UnsafeBufferPointer<UInt32>, offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer, into buffer: PageBuffer
    ) {
        var total = 0
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: codes.count) { lengths in
            for index in 0..<codes.count {
                let length = offsets[Int(codes[index]) &+ 1] &- offsets[Int(codes[index])]
                lengths[index] = Int32(bitPattern: length)
                total &+= Int(length)
            }
            DeltaBinaryPackedEncoder.encode(UnsafeBufferPointer(lengths), into: buffer)
        }
        guard codes.count > 0, let source = bytes.baseAddress ?? PlainEncoder.emptySource else { return }
        let start = buffer.reserve(total)
        var out = start
        for code in codes {
            let from = Int(offsets[Int(code)])
            let length = Int(offsets[Int(code) &+ 1]) &- from
            PlainEncoder.copyShort(from: source + from, readable: bytes.count &- from, length: length, to: out)
            out += length
        }
        buffer.advance(by: total)
    }
}
