#if canImport(Glibc)
    import Glibc
#endif

/// One pass over the values of a page for their smallest and largest.
extension ValueBounds {
    /// Nil where there is no value, or none that has a place in the order.
    static func find(in values: ColumnValues, range: Range<Int>, marks: inout DictionaryMarks) -> ValueBounds? {
        guard !range.isEmpty else { return nil }
        switch values {
        case .boolean(let values):
            var anyFalse = false
            var anyTrue = false
            for value in values[range] {
                anyTrue = anyTrue || value
                anyFalse = anyFalse || !value
            }
            return .integer(minimum: anyFalse ? 0 : 1, maximum: anyTrue ? 1 : 0)
        case .int32(let values): return integers(UnsafeBufferPointer(rebasing: values[range]))
        case .int64(let values): return integers(UnsafeBufferPointer(rebasing: values[range]))
        case .double(let values): return doubles(UnsafeBufferPointer(rebasing: values[range]))
        case .fixedLength(let bytes, let width): return fixed(bytes, width: width, range: range)
        case .byteArray(let offsets, let bytes):
            var finder = ByteBoundsFinder(offsets: offsets, bytes: bytes)
            for index in range { finder.add(index) }
            return finder.bounds
        case .dictionary(let codes, let offsets, let bytes):
            var finder = ByteBoundsFinder(offsets: offsets, bytes: bytes)
            if offsets.count == 2 {
                finder.add(0)
                return finder.bounds
            }
            marks.forEachDistinct(in: UnsafeBufferPointer(rebasing: codes[range]), entryCount: offsets.count - 1) { finder.add(Int($0)) }
            return finder.bounds
        }
    }

    private static func integers<I: FixedWidthInteger & SignedInteger>(_ values: UnsafeBufferPointer<I>) -> ValueBounds {
        var smallest = I.max
        var largest = I.min
        for value in values {
            smallest = value < smallest ? value : smallest
            largest = value > largest ? value : largest
        }
        return .integer(minimum: Int64(smallest), maximum: Int64(largest))
    }

    private static func doubles(_ values: UnsafeBufferPointer<Double>) -> ValueBounds? {
        var smallest = Double.infinity
        var largest = -Double.infinity
        // Comparisons with NaN are false, so NaN never gets in.
        for value in values {
            smallest = value < smallest ? value : smallest
            largest = value > largest ? value : largest
        }
        // Any number at all would have brought them together or past each other.
        return smallest <= largest ? .double(minimum: smallest, maximum: largest) : nil
    }

    private static func fixed(_ bytes: UnsafeRawBufferPointer, width: Int, range: Range<Int>) -> ValueBounds? {
        guard let base = bytes.baseAddress else { return nil }
        var smallest = range.lowerBound
        var largest = range.lowerBound
        if width == 8 || width == 16 {
            // Ids: compared as big-endian numbers.
            func key(_ index: Int) -> (UInt64, UInt64) {
                let value = base + index &* width
                let high = UInt64(bigEndian: value.loadUnaligned(as: UInt64.self))
                return (high, width == 16 ? UInt64(bigEndian: value.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) : 0)
            }
            var low = key(smallest)
            var high = low
            for index in range {
                let value = key(index)
                if value < low {
                    low = value
                    smallest = index
                }
                if value > high {
                    high = value
                    largest = index
                }
            }
        } else {
            for index in range {
                let value = base + index &* width
                if memcmp(value, base + smallest &* width, width) < 0 { smallest = index }
                if memcmp(value, base + largest &* width, width) > 0 { largest = index }
            }
        }
        return .bytes(
            minimum: UnsafeRawBufferPointer(start: base + smallest &* width, count: width),
            maximum: UnsafeRawBufferPointer(start: base + largest &* width, count: width))
    }
}

/// Which entries of a dictionary a page uses. Kept between the pages of a chunk, so that its array is made once.
struct DictionaryMarks {
    private var marks: [UInt8] = []

    /// Calls `body` once per distinct code; codes are below `entryCount` (checked by `ColumnValues.validate`).
    mutating func forEachDistinct(in codes: UnsafeBufferPointer<UInt32>, entryCount: Int, _ body: (UInt32) -> Void) {
        if marks.count < entryCount { marks = [UInt8](repeating: 0, count: entryCount) }
        marks.withUnsafeMutableBufferPointer { marks in
            guard let base = marks.baseAddress else { return }
            for code in codes { base[Int(code)] = 1 }
            for code in 0..<entryCount where base[code] != 0 {
                base[code] = 0
                body(UInt32(truncatingIfNeeded: code))
            }
        }
    }
}

enum ByteOrder {
    /// Lexicographic order of unsigned bytes; a prefix comes before what it begins.
    static func isLess(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        let shared = min(a.count, b.count)
        if shared > 0, let first = a.baseAddress, let second = b.baseAddress {
            let order = memcmp(first, second, shared)
            if order != 0 { return order < 0 }
        }
        return a.count < b.count
    }
}

/// Keeps the smallest and largest of byte strings, comparing their first eight bytes as numbers before anything else.
private struct ByteBoundsFinder {
    let offsets: UnsafeBufferPointer<UInt32>
    let bytes: UnsafeRawBufferPointer
    private var smallest = -1
    private var largest = -1
    private var smallestKey: UInt64 = 0
    private var largestKey: UInt64 = 0

    init(offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer) {
        self.offsets = offsets
        self.bytes = bytes
    }

    var bounds: ValueBounds? { smallest < 0 ? nil : .bytes(minimum: value(smallest), maximum: value(largest)) }

    @inline(__always)
    private func value(_ index: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
    }

    /// The first eight bytes, big-endian, filled up with zeros: where two keys differ, the strings compare alike.
    @inline(__always)
    private func key(_ index: Int) -> UInt64 {
        let start = Int(offsets[index])
        let length = Int(offsets[index &+ 1]) &- start
        if start &+ 8 <= bytes.count {
            let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            return length >= 8 ? word : word & ~(UInt64.max >> UInt64(8 &* length))
        }
        var word: UInt64 = 0
        for position in 0..<min(8, length) { word |= UInt64(bytes[start &+ position]) &<< UInt64(56 &- 8 &* position) }
        return word
    }

    @inline(__always)
    mutating func add(_ index: Int) {
        let key = key(index)
        if smallest < 0 {
            (smallest, largest, smallestKey, largestKey) = (index, index, key, key)
            return
        }
        if key < smallestKey || (key == smallestKey && ByteOrder.isLess(value(index), value(smallest))) {
            smallest = index
            smallestKey = key
        }
        if key > largestKey || (key == largestKey && ByteOrder.isLess(value(largest), value(index))) {
            largest = index
            largestKey = key
        }
    }
}
