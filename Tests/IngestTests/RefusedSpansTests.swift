import OTLP
import SpanStore
import Testing
import TraceModel

@testable import Ingest

/// What is kept of refused spans stays small, however the request was made.
@Suite("Refused spans of one request")
struct RefusedSpansTests {
    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length = content.count, bytes: [UInt8] = [number << 3 | 2]
        while length > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: length) & 0x7f | 0x80)
            length >>= 7
        }
        return bytes + [UInt8(length)] + content
    }

    /// One resource, and below it scopes with a span each that has a name and no ids.
    private static func batch(resource: [UInt8], scopeCount: Int) throws -> SpanBatch {
        let scopes = (0..<scopeCount).flatMap { number in
            field(2, field(1, field(1, Array("scope \(number)".utf8))) + field(2, field(5, Array("span".utf8))))
        }
        return try ExportTraceRequestDecoder.decodeProtobuf(field(1, field(1, resource) + scopes), limits: OTLPLimits())
    }

    private static func attribute(byteCount: Int) -> [UInt8] {
        field(1, field(1, Array("text".utf8)) + field(2, field(1, [UInt8](repeating: UInt8(ascii: "x"), count: byteCount))))
    }

    @Test("every refused span is kept, those of the first scopes with what stood above them")
    func scopes() throws {
        let limit = IngestLimits.maximumRefusedScopeCount
        let batch = try Self.batch(resource: Self.attribute(byteCount: 10), scopeCount: limit + 50)
        let spans = RefusedSpans.spans(of: batch, .protobuf, exporter: "an exporter", now: 1)
        #expect(spans.count == limit + 50)
        #expect(spans.prefix(limit).allSatisfy { $0.origin?.owner?.resource != nil && $0.isReplayable })
        #expect(spans.dropFirst(limit).allSatisfy { $0.origin?.owner == nil })
        #expect(spans.allSatisfy { $0.origin?.exporter == "an exporter" && !$0.source.isEmpty })
    }

    @Test("a resource larger than the quarantine takes is not kept")
    func largeResource() throws {
        for (byteCount, isKept) in [(1 << 10, true), (QuarantineLimits.maximumOwnerByteCount, false)] {
            let batch = try Self.batch(resource: Self.attribute(byteCount: byteCount), scopeCount: 2)
            let spans = RefusedSpans.spans(of: batch, .protobuf, exporter: nil, now: 1)
            #expect(spans.count == 2 && spans.allSatisfy { ($0.origin?.owner != nil) == isKept })
        }
    }
}
