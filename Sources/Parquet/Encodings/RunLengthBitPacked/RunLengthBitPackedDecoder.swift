/// The RLE / bit-packed hybrid, read value by value or skipped run by run. Layout: see `RunLengthBitPackedEncoder`.
///
/// Borrowed bytes, which may be anything: a run is held against the bytes left before its values are touched.
struct RunLengthBitPackedDecoder {
    private let bytes: UnsafeRawBufferPointer
    private let bitWidth: Int
    private var offset = 0
    /// Values left of the current run, of either kind.
    private var runLength = 0
    private var runIsPacked = false
    private var runValue: UInt32 = 0
    /// Position of the next packed value, in bits from the start of `bytes`.
    private var bitOffset = 0

    init(_ bytes: UnsafeRawBufferPointer, bitWidth: Int) throws(ParquetError) {
        guard bitWidth >= 0, bitWidth <= 32 else { throw .corrupt("codes of \(bitWidth) bits") }
        self.bytes = bytes
        self.bitWidth = bitWidth
    }

    mutating func skip(_ count: Int) throws(ParquetError) {
        var rest = count
        while rest > 0 {
            if runLength == 0 { try nextRun() }
            let step = min(rest, runLength)
            if runIsPacked { bitOffset += step * bitWidth }
            runLength -= step
            rest -= step
        }
    }

    /// Dictionary codes; fills `target`.
    mutating func decode(into target: UnsafeMutableBufferPointer<UInt32>) throws(ParquetError) {
        guard let base = target.baseAddress else { return }
        var filled = 0
        while filled < target.count {
            if runLength == 0 { try nextRun() }
            let step = min(target.count - filled, runLength)
            if runIsPacked {
                BitUnpacking.unpack(bytes, bitOffset: bitOffset, bitWidth: bitWidth, count: step, to: base + filled)
                bitOffset += step * bitWidth
            } else {
                (base + filled).update(repeating: runValue, count: step)
            }
            runLength -= step
            filled += step
        }
    }

    /// Levels or booleans, which fit into bytes; fills `target`.
    mutating func decode(into target: UnsafeMutableBufferPointer<UInt8>) throws(ParquetError) {
        guard let base = target.baseAddress else { return }
        guard bitWidth <= 8 else { throw .corrupt("levels of \(bitWidth) bits") }
        var filled = 0
        while filled < target.count {
            if runLength == 0 { try nextRun() }
            let step = min(target.count - filled, runLength)
            if runIsPacked {
                BitUnpacking.unpack(bytes, bitOffset: bitOffset, bitWidth: bitWidth, count: step, to: base + filled)
                bitOffset += step * bitWidth
            } else {
                (base + filled).update(repeating: UInt8(truncatingIfNeeded: runValue), count: step)
            }
            runLength -= step
            filled += step
        }
    }

    /// Appends `count` codes.
    mutating func take(_ count: Int, into codes: inout [UInt32]) throws(ParquetError) {
        let start = codes.count
        codes.append(contentsOf: repeatElement(0, count: count))
        var decoder = self
        var failure: ParquetError?
        codes.withUnsafeMutableBufferPointer { buffer in
            do throws(ParquetError) {
                try decoder.decode(into: UnsafeMutableBufferPointer(rebasing: buffer[start...]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        self = decoder
    }

    /// The next `count` levels or booleans.
    mutating func levels(_ count: Int) throws(ParquetError) -> [UInt8] {
        var decoder = self
        var failure: ParquetError?
        let levels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(ParquetError) {
                try decoder.decode(into: UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
                initialized = count
            } catch {
                failure = error
                initialized = 0
            }
        }
        if let failure { throw failure }
        self = decoder
        return levels
    }

    private mutating func nextRun() throws(ParquetError) {
        let header = try varint()
        if header & 1 == 1 {
            let groups = Int(header >> 1)
            // Some writers leave out the padding of the last group: what is there counts, as far as it is whole values.
            let (announced, overflows) = groups.multipliedReportingOverflow(by: bitWidth)
            guard !overflows, groups <= Int.max / 8 else { throw .corrupt("a packed run is too long") }
            let byteCount = min(announced, bytes.count - offset)
            runLength = bitWidth == 0 ? groups * 8 : min(groups * 8, byteCount * 8 / bitWidth)
            runIsPacked = true
            bitOffset = offset * 8
            offset += byteCount
        } else {
            runLength = Int(header >> 1)
            let width = (bitWidth + 7) / 8
            guard width <= bytes.count - offset else { throw .corrupt("an RLE run is cut short") }
            runValue = 0
            for index in 0..<width { runValue |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
            offset += width
            runIsPacked = false
        }
        // A run of nothing would let a few bytes keep the loop going without end.
        guard runLength > 0 else { throw .corrupt("an empty run of levels or codes") }
    }

    private mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 56 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .corrupt("levels or codes are cut short")
    }
}
