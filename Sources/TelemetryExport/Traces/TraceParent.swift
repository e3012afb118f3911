/// The `traceparent` header of W3C Trace Context: the trace a request belongs to.
///
///     00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
///     version - trace id - parent's span id - flags

import TraceModel

package struct TraceParent: Equatable, Sendable {
    package var traceID: TraceID
    package var spanID: SpanID
    package var flags: UInt8

    package init(traceID: TraceID, spanID: SpanID, flags: UInt8) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
    }

    package static let sampledFlag: UInt8 = 1
    /// Level 2: the trace id's lower seven bytes are random.
    package static let randomFlag: UInt8 = 2

    package var isSampled: Bool { flags & Self.sampledFlag != 0 }

    /// Nil for what the specification says to ignore. A later version is read like the first as far as that goes.
    package init?(header: String) {
        let text = Array(header.utf8)
        let dash = UInt8(ascii: "-")
        guard text.count >= 55, text[2] == dash, text[35] == dash, text[52] == dash,
            let version = Self.byte(text[0..<2]), version != 0xff, text.count == 55 || (version > 0 && text[55] == dash),
            let flags = Self.byte(text[53..<55]), text[3..<35].allSatisfy(Self.isLowerHex), text[36..<52].allSatisfy(Self.isLowerHex),
            let traceID = TraceID(hex: String(decoding: text[3..<35], as: UTF8.self)), !traceID.isZero,
            let spanID = SpanID(hex: String(decoding: text[36..<52], as: UTF8.self)), !spanID.isZero
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, flags: flags & (Self.sampledFlag | Self.randomFlag))
    }

    package var header: String { "00-\(traceID.hex)-\(spanID.hex)-0\(flags)" }

    private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        digits.allSatisfy(isLowerHex) ? UInt8(String(decoding: digits, as: UTF8.self), radix: 16) : nil
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
