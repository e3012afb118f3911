/// The ids of OTLP as plain values: 16-byte trace ids, 8-byte span ids, and the project every row belongs to.

/// A trace id: sixteen bytes, compared as a big-endian number, as its hex text sorts.
@frozen
public struct TraceID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var high: UInt64
    public var low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads sixteen bytes; the caller has proven that they are there.
    @inlinable @inline(__always)
    public init(unchecked bytes: UnsafeRawPointer) {
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    @inlinable
    public static func < (a: TraceID, b: TraceID) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }

    /// All zeros: no valid trace id (W3C Trace Context).
    @inlinable public var isZero: Bool { high | low == 0 }

    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 32, let high = UInt64(hexDigits: digits[0..<16]), let low = UInt64(hexDigits: digits[16..<32]) else {
            return nil
        }
        self.init(high: high, low: low)
    }

    /// 32 lower-case digits.
    public var hex: String { high.hexDigits + low.hexDigits }

    /// The sixteen bytes as they stand in OTLP and in Parquet.
    public var bytes: [UInt8] { high.bigEndianBytes + low.bigEndianBytes }
}

/// A span id: eight bytes read as a big-endian number. Zero is "none".
@frozen
public struct SpanID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Reads eight bytes; the caller has proven that they are there.
    @inlinable @inline(__always)
    public init(unchecked bytes: UnsafeRawPointer) { rawValue = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }

    public static let none = SpanID(rawValue: 0)

    @inlinable
    public static func < (a: SpanID, b: SpanID) -> Bool { a.rawValue < b.rawValue }
    @inlinable public var isZero: Bool { rawValue == 0 }

    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 16, let value = UInt64(hexDigits: digits[...]) else { return nil }
        rawValue = value
    }

    /// 16 lower-case digits.
    public var hex: String { rawValue.hexDigits }
    public var bytes: [UInt8] { rawValue.bigEndianBytes }
}

/// A project's id: the sixteen bytes of a UUID.
@frozen
public struct ProjectID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func < (a: ProjectID, b: ProjectID) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }

    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, upper or lower case.
    public init?(uuid: some StringProtocol) {
        let text = Array(uuid.utf8)
        guard text.count == 36, [8, 13, 18, 23].allSatisfy({ text[$0] == UInt8(ascii: "-") }) else { return nil }
        let digits = text[0..<8] + text[9..<13] + text[14..<18] + text[19..<23] + text[24..<36]
        guard digits.count == 32, let high = UInt64(hexDigits: digits.prefix(16)), let low = UInt64(hexDigits: digits.suffix(16)) else {
            return nil
        }
        self.init(high: high, low: low)
    }

    public var uuid: String {
        let a = Array(high.hexDigits), b = Array(low.hexDigits)
        return String(a[0..<8]) + "-" + String(a[8..<12]) + "-" + String(a[12..<16]) + "-" + String(b[0..<4]) + "-" + String(b[4..<16])
    }
}

extension UInt64 {
    init?(hexDigits digits: ArraySlice<UInt8>) {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt64(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        self = value
    }

    var hexDigits: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: self >> UInt64(60 - place * 4)) & 0xf
                buffer[place] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
            }
            return 16
        }
    }

    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
