import TraceModel

/// A cursor over one protobuf message inside borrowed bytes. This file, `UTF8Text.swift` and `KeyInterner.swift` hold the
/// decoder's unchecked reads; other files only pass on a cursor's pointer together with its count.
///
/// Wire format: a message is a row of fields, each a varint tag (`number << 3 | wire type`) and a value:
///
///     wire type 0   varint, at most 10 bytes, 7 bits each, lowest first
///     wire type 1   8 bytes, little-endian
///     wire type 2   varint length, then that many bytes
///     wire type 3   group: fields up to the end tag (type 4) of the same number; skipped
///     wire type 5   4 bytes, little-endian
///
/// Bounds argument. Invariant: `0 <= offset <= end <= ` the number of readable bytes behind `base`. The initializers are
/// given such an `end`: `ExportTraceRequestDecoder` passes a buffer's own count, `message()` a sub-range that it has just checked.
/// Every read of n bytes stands behind a check that `end - offset >= n`; `offset` only grows by what such a check allowed.
/// The subtraction cannot overflow, so `&+` and `&-` are safe.
struct WireCursor {
    let base: UnsafeRawPointer
    private(set) var offset: Int
    let end: Int
    /// Where `base` lies in `SpanBatch.bytes`: 0 for the body, beyond it for messages that were put into the appendix.
    let shift: Int

    @inline(__always)
    init(base: UnsafeRawPointer, offset: Int, end: Int, shift: Int) {
        self.base = base
        self.offset = offset
        self.end = end
        self.shift = shift
    }

    /// A whole buffer. An empty one may have no base address; any pointer will do, as nothing is read.
    init(_ bytes: UnsafeRawBufferPointer, shift: Int) {
        self.init(base: bytes.baseAddress ?? Self.nowhere, offset: 0, end: bytes.count, shift: shift)
    }

    private static var nowhere: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped }

    @inline(__always) var hasMore: Bool { offset < end }
    @inline(__always) var count: Int { end &- offset }
    @inline(__always) var pointer: UnsafeRawPointer { base + offset }
    /// The unread bytes as a range of `SpanBatch.bytes`.
    @inline(__always) var range: ByteRange { ByteRange(offset: shift &+ offset, length: end &- offset) }

    /// `range.packed`, without calls into another module.
    @inline(__always) var packedRange: UInt64 {
        UInt64(truncatingIfNeeded: shift &+ offset) &<< 32 | UInt64(truncatingIfNeeded: end &- offset)
    }

    /// The next field's tag. The caller has seen `hasMore`.
    @inline(__always)
    mutating func tag() throws(SpanFault) -> UInt32 {
        guard hasMore else { throw .malformed }
        let byte = base.load(fromByteOffset: offset, as: UInt8.self)
        guard byte >= 8, byte < 0x80 else { return try longTag() }
        offset &+= 1
        return UInt32(byte)
    }

    /// A tag of several bytes; field number 0 and numbers beyond 29 bits do not exist.
    @inline(never)
    private mutating func longTag() throws(SpanFault) -> UInt32 {
        let tag = try varint()
        guard tag >= 8, let tag = UInt32(exactly: tag) else { throw .malformed }
        return tag
    }

    @inline(__always)
    mutating func varint() throws(SpanFault) -> UInt64 {
        guard hasMore else { throw .malformed }
        let byte = base.load(fromByteOffset: offset, as: UInt8.self)
        guard byte >= 0x80 else {
            offset &+= 1
            return UInt64(byte)
        }
        return try longVarint()
    }

    @inline(never)
    private mutating func longVarint() throws(SpanFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while hasMore {
            let byte = base.load(fromByteOffset: offset, as: UInt8.self)
            offset &+= 1
            if shift == 63, byte > 1 { throw .malformed }
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
        throw .malformed
    }

    @inline(__always)
    mutating func fixed64() throws(SpanFault) -> UInt64 {
        guard end &- offset >= 8 else { throw .malformed }
        defer { offset &+= 8 }
        return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    mutating func fixed32() throws(SpanFault) -> UInt32 {
        guard end &- offset >= 4 else { throw .malformed }
        defer { offset &+= 4 }
        return UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// A length-delimited field's content: a message, a string or bytes.
    @inline(__always)
    mutating func message() throws(SpanFault) -> WireCursor {
        let length = try varint()
        guard length <= UInt64(end &- offset) else { throw .malformed }
        let start = offset
        offset = start &+ Int(length)
        return WireCursor(base: base, offset: start, end: offset, shift: shift)
    }

    /// Reads a field that the message type does not have. `known` are the numbers it does have: one of those with another
    /// wire type than its own is malformed, since skipping it would lose data in silence.
    mutating func skip(_ tag: UInt32, known: ClosedRange<UInt32>) throws(SpanFault) {
        if known.contains(tag >> 3) { throw .malformed }
        try skipValue(tag, groupDepth: 0)
    }

    private mutating func skipValue(_ tag: UInt32, groupDepth: Int) throws(SpanFault) {
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: _ = try fixed64()
        case 2: _ = try message()
        case 3:
            guard groupDepth < OTLPLimits.maximumRecursionDepth else { throw .malformed }
            while true {
                let inner = try self.tag()
                if inner & 7 == 4 {
                    guard inner >> 3 == tag >> 3 else { throw .malformed }
                    return
                }
                try skipValue(inner, groupDepth: groupDepth + 1)
            }
        case 5: _ = try fixed32()
        default: throw .malformed
        }
    }
}
