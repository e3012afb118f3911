/// Which trace and which span an id of Langfuse's is. Its newer SDKs have those of OpenTelemetry; older ones have UUIDs, and their users
/// any text. The same text is always the same id, so that what is said later, and scores, find it.
///
///     trace         32 hexadecimal digits, or a UUID's     as they are
///                   any other text                         the first 16 bytes of a SHA-256
///     observation   16 hexadecimal digits                  as they are
///                   any other text                         the first 8 bytes of a SHA-256 of it and its trace

import Crypto
import TraceModel

enum LangfuseIDs {
    static func trace(_ text: String) -> TraceID {
        let digits = isUUID(text) ? text.filter { $0 != "-" } : text
        if let id = TraceID(hex: digits), !id.isZero { return id }
        let hash = hash("trace", text)
        return TraceID(high: hash.0, low: hash.1)
    }

    static func span(_ text: String, in trace: TraceID) -> SpanID {
        if let id = SpanID(hex: text), !id.isZero { return id }
        return SpanID(rawValue: hash("observation", trace.hex + text).0)
    }

    /// The span that stands for a trace: what is said of the trace itself, above all observations that name no parent.
    static func root(of trace: TraceID) -> SpanID { SpanID(rawValue: hash("root", trace.hex).0) }

    /// 8-4-4-4-12.
    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 36 && [8, 13, 18, 23].allSatisfy { bytes[$0] == UInt8(ascii: "-") }
    }

    /// The first 16 bytes, as two numbers.
    private static func hash(_ kind: String, _ text: String) -> (UInt64, UInt64) {
        let digest = Array(SHA256.hash(data: Array("langfuse \(kind)\u{0}\(text)".utf8)))
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return (number(digest[0..<8]), number(digest[8..<16]))
    }
}
