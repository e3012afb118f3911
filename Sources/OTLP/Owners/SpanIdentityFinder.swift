import ByteCoding
import TraceModel

/// Reads the ids off a span that was refused, as far as they are ids: for telling its sender which one it was. The span may be damaged;
/// what stands before the damage is read. An id of another length names no span, and may hold anything, so it is left out.
package enum SpanIdentityFinder {
    /// - Parameter span: a `Span` message.
    package static func inProtobuf(_ span: UnsafeRawBufferPointer) -> (traceID: TraceID?, spanID: SpanID?) {
        var identity: (traceID: TraceID?, spanID: SpanID?)
        var cursor = WireCursor(span, shift: 0)
        while cursor.hasMore, let tag = try? cursor.tag() {
            switch tag {
            case 1 << 3 | 2:
                guard let bytes = (try? cursor.message())?.buffer else { return identity }
                identity.traceID = TraceID(hex: hex(bytes))
            case 2 << 3 | 2:
                guard let bytes = (try? cursor.message())?.buffer else { return identity }
                identity.spanID = SpanID(hex: hex(bytes))
            default:
                guard (try? cursor.skip(tag, known: 1...2)) != nil else { return identity }
            }
        }
        return identity
    }

    /// - Parameter span: a span's object in OTLP's JSON.
    package static func inJSON(_ span: UnsafeRawBufferPointer) -> (traceID: TraceID?, spanID: SpanID?) {
        var identity: (traceID: TraceID?, spanID: SpanID?)
        var scanner = JSONScanner(span, maximumDepth: OTLPLimits.maximumJSONDepth)
        guard (try? scanner.beginObject()) != nil else { return identity }
        // SDKs write the ids first: a span of megabytes is not read to its end.
        while identity.traceID == nil || identity.spanID == nil, let key = try? scanner.nextKey() {
            let isTrace = scanner.matches(key, "traceId")
            guard isTrace || scanner.matches(key, "spanId"), case .string? = try? scanner.peek() else {
                guard (try? scanner.skipValue()) != nil else { break }
                continue
            }
            guard let value = try? scanner.string() else { break }
            // Longer ones are no ids; with the limit nothing large is copied.
            guard value.count <= 64 else { continue }
            let text = String(decoding: scanner.raw(value), as: UTF8.self)
            if isTrace { identity.traceID = TraceID(hex: text) } else { identity.spanID = SpanID(hex: text) }
        }
        return identity
    }

    private static func hex(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.count <= 16 else { return "" }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
