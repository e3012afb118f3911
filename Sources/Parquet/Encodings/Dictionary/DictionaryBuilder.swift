import ByteCoding

#if canImport(Glibc)
    import Glibc
#endif

/// Finds the distinct values of a chunk that comes without codes, and gives each value its code.
///
/// An open-addressing table of codes over the distinct values, seeded per process, so that a sender cannot choose values
/// that all fall into one place. Gives up (nil) once the distinct values pass `maximumBuiltDictionaryByteCount`.
struct DictionaryBuilder {
    /// A code per value.
    private(set) var codes: [UInt32]
    /// Distinct values in order of appearance; entry `c` is `bytes[offsets[c]..<offsets[c + 1]]`.
    private(set) var offsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []
    /// Code + 1, or 0 for a free place.
    private var table: [UInt32]
    private static let seed = UInt64.random(in: .min ... .max)

    var entryCount: Int { offsets.count - 1 }

    /// Distinct values of numbers and fixed-length bytes.
    init?(fixedWidth width: Int, values: UnsafeRawBufferPointer) {
        guard width > 0, let base = values.baseAddress else { return nil }
        self.init(valueCount: values.count / width)
        for index in 0..<values.count / width {
            guard add(UnsafeRawBufferPointer(start: base + index * width, count: width)) else { return nil }
        }
    }

    /// Distinct values of byte arrays; `offsets` ascends inside `bytes`.
    init?(offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer) {
        guard offsets.count > 1, let base = bytes.baseAddress ?? PlainEncoder.emptySource else { return nil }
        self.init(valueCount: offsets.count - 1)
        for index in 0..<offsets.count - 1 {
            let start = Int(offsets[index])
            guard add(UnsafeRawBufferPointer(start: base + start, count: Int(offsets[index + 1]) - start)) else { return nil }
        }
    }

    private init(valueCount: Int) {
        codes = []
        codes.reserveCapacity(valueCount)
        table = [UInt32](repeating: 0, count: 256)
    }

    private mutating func add(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let base = value.baseAddress else { return false }
        var place = Int(truncatingIfNeeded: ShortHash.hash(base, count: value.count, seed: Self.seed)) & (table.count - 1)
        while table[place] != 0 {
            let code = table[place] - 1
            if isEqual(base, count: value.count, entry: Int(code)) {
                codes.append(code)
                return true
            }
            place = (place + 1) & (table.count - 1)
        }
        guard bytes.count + value.count + 4 * entryCount <= ParquetLimits.maximumBuiltDictionaryByteCount else { return false }
        codes.append(UInt32(entryCount))
        table[place] = UInt32(entryCount + 1)
        bytes.append(contentsOf: value)
        offsets.append(UInt32(bytes.count))
        if entryCount * 2 > table.count { grow() }
        return true
    }

    @inline(__always)
    private func isEqual(_ value: UnsafeRawPointer, count: Int, entry: Int) -> Bool {
        let start = Int(offsets[entry])
        guard Int(offsets[entry + 1]) - start == count else { return false }
        // The entry's bytes lie inside `bytes`, which has an address as soon as one entry has a byte.
        return count == 0 || bytes.withUnsafeBytes { memcmp($0.baseAddress.unsafelyUnwrapped + start, value, count) == 0 }
    }

    private mutating func grow() {
        table = [UInt32](repeating: 0, count: table.count * 2)
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress ?? PlainEncoder.emptySource else { return }
            for entry in 0..<entryCount {
                let start = Int(offsets[entry])
                let hash = ShortHash.hash(base + start, count: Int(offsets[entry + 1]) - start, seed: Self.seed)
                var place = Int(truncatingIfNeeded: hash) & (table.count - 1)
                while table[place] != 0 { place = (place + 1) & (table.count - 1) }
                table[place] = UInt32(entry + 1)
            }
        }
    }
}
