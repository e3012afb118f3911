/// Smallest and largest value of a page or a chunk, found in one pass and written in the form the format wants.
///
/// Orders are the types' own: numbers by value, bytes as unsigned bytes. NaN never is a bound; a page of nothing but NaN has none.
enum ValueBounds {
    case integer(minimum: Int64, maximum: Int64)
    case double(minimum: Double, maximum: Double)
    /// Borrowed from the values: valid as long as they are.
    case bytes(minimum: UnsafeRawBufferPointer, maximum: UnsafeRawBufferPointer)

    func union(_ other: ValueBounds) -> ValueBounds {
        switch (self, other) {
        case (.integer(let a, let b), .integer(let c, let d)): .integer(minimum: min(a, c), maximum: max(b, d))
        case (.double(let a, let b), .double(let c, let d)): .double(minimum: min(a, c), maximum: max(b, d))
        case (.bytes(let a, let b), .bytes(let c, let d)):
            .bytes(minimum: ByteOrder.isLess(c, a) ? c : a, maximum: ByteOrder.isLess(b, d) ? d : b)
        default: self
        }
    }

    /// The bounds as the format stores them. Text longer than the limit is cut: to a prefix below, to the next larger text above.
    /// `maximum` is nil where there is no larger text of that length.
    func encoded(type: PhysicalType, isText: Bool) -> EncodedBounds {
        switch self {
        case .integer(let minimum, let maximum):
            return EncodedBounds(
                minimum: Self.encode(minimum, type), maximum: Self.encode(maximum, type), isMinimumExact: true, isMaximumExact: true)
        case .double(let minimum, let maximum):
            // Zero has two signs and one place in the order: the bounds take in both.
            let low = minimum == 0 ? -0.0 : minimum
            let high = maximum == 0 ? 0.0 : maximum
            return EncodedBounds(
                minimum: Self.littleEndian(low.bitPattern), maximum: Self.littleEndian(high.bitPattern), isMinimumExact: true,
                isMaximumExact: true)
        case .bytes(let minimum, let maximum):
            let limit = ParquetLimits.maximumBoundByteCount
            guard type == .byteArray else {
                return EncodedBounds(minimum: Array(minimum), maximum: Array(maximum), isMinimumExact: true, isMaximumExact: true)
            }
            return EncodedBounds(
                minimum: minimum.count <= limit ? Array(minimum) : TextBound.prefix(of: minimum, byteCount: limit, isText: isText),
                maximum: maximum.count <= limit ? Array(maximum) : TextBound.above(maximum, byteCount: limit, isText: isText),
                isMinimumExact: minimum.count <= limit, isMaximumExact: maximum.count <= limit)
        }
    }

    private static func encode(_ value: Int64, _ type: PhysicalType) -> [UInt8] {
        switch type {
        case .boolean: [value == 0 ? 0 : 1]
        case .int32: littleEndian(Int32(truncatingIfNeeded: value))
        default: littleEndian(value)
        }
    }

    private static func littleEndian<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

struct EncodedBounds: Equatable {
    var minimum: [UInt8]
    var maximum: [UInt8]?
    var isMinimumExact: Bool
    var isMaximumExact: Bool
}

/// Bounds of text that is too long to keep whole.
enum TextBound {
    /// The first bytes, cut between characters: a lower bound.
    static func prefix(of bytes: UnsafeRawBufferPointer, byteCount: Int, isText: Bool) -> [UInt8] {
        var end = min(byteCount, bytes.count)
        if isText { while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 } }
        return Array(bytes[0..<end])
    }

    /// The smallest text of at most that many bytes above every text that begins like this one; nil where there is none.
    static func above(_ bytes: UnsafeRawBufferPointer, byteCount: Int, isText: Bool) -> [UInt8]? {
        var bound = prefix(of: bytes, byteCount: byteCount, isText: isText)
        guard isText else {
            while let last = bound.popLast() { if last < 0xFF { return bound + [last + 1] } }
            return nil
        }
        guard let text = String(validating: bound, as: UTF8.self) else { return nil }
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            // The surrogates are no characters: what follows U+D7FF is U+E000. UTF-8 sorts like the numbers.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            bound = scalars.flatMap { Array(UTF8.encode($0).map { Array($0) } ?? []) }
            bound += UTF8.encode(scalar).map { Array($0) } ?? []
            return bound
        }
        return nil
    }
}
