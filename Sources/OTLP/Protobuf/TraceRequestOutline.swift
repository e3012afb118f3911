import TraceModel

/// The outer levels of an export request, walked once before any span is read.
///
///     ExportTraceServiceRequest   1* resource_spans
///     ResourceSpans               1 resource  2* scope_spans  3 schema_url
///     ScopeSpans                  1 scope  2* spans  3 schema_url
///
/// Fields may come in any order, so a span's resource may stand behind it; and a body that is broken at these levels is refused
/// before anything was made of it. Spans are only counted here: one cache line each, which decoding would load anyway.
struct TraceRequestOutline {
    /// `ResourceSpans` that hold spans, in their order.
    private(set) var resourceSpans: [ResourceSpans] = []
    /// `ScopeSpans` that hold spans, those of one resource together.
    private(set) var scopeSpans: [ScopeSpans] = []
    private(set) var spanCount = 0

    struct ResourceSpans {
        var scopeSpans: Range<Int>
        /// `.none` when there is none.
        var resource: ByteRange
        var schemaURL: ByteRange
    }

    struct ScopeSpans {
        /// The message itself.
        var offset: Int
        var end: Int
        /// `.none` when there is none.
        var scope: ByteRange
        var schemaURL: ByteRange
    }

    /// Throws when the outer levels are no export request. Repeated resources and scopes are merged into the builder's appendix.
    init(_ body: WireCursor, builder: inout SpanBatchBuilder) throws(OTLPError) {
        var cursor = body
        while cursor.hasMore {
            let start = cursor.offset
            do throws(SpanFault) {
                let tag = try cursor.tag()
                if tag == 1 << 3 | 2 {
                    try resourceSpans(try cursor.message(), &builder)
                } else {
                    try cursor.skip(tag, known: 1...1)
                }
            } catch {
                throw OTLPError(
                    .malformedProtobuf,
                    "the body is no ExportTraceServiceRequest: the field at byte \(start) is truncated or of the wrong type. "
                        + "Is it compressed without Content-Encoding, or JSON sent as application/x-protobuf?",
                    byteOffset: start)
            }
            if spanCount > builder.limits.maximumSpanCount {
                throw OTLPError(
                    .tooLarge, "the request holds more than \(builder.limits.maximumSpanCount) spans; send smaller batches")
            }
        }
    }

    private mutating func resourceSpans(_ message: WireCursor, _ builder: inout SpanBatchBuilder) throws(SpanFault) {
        var cursor = message
        let firstScope = scopeSpans.count
        var resource = ByteRange.none
        var schemaURL = ByteRange.none
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: Self.merge(try cursor.message().range, into: &resource, &builder)
            case 2 << 3 | 2: try scopeSpans(try cursor.message(), &builder)
            case 3 << 3 | 2: schemaURL = try cursor.message().range
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        guard firstScope < scopeSpans.count else { return }
        resourceSpans.append(ResourceSpans(scopeSpans: firstScope..<scopeSpans.count, resource: resource, schemaURL: schemaURL))
    }

    private mutating func scopeSpans(_ message: WireCursor, _ builder: inout SpanBatchBuilder) throws(SpanFault) {
        var cursor = message
        var scope = ByteRange.none
        var schemaURL = ByteRange.none
        let spanCountBefore = spanCount
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: Self.merge(try cursor.message().range, into: &scope, &builder)
            case 2 << 3 | 2:
                _ = try cursor.message()
                spanCount += 1
            case 3 << 3 | 2: schemaURL = try cursor.message().range
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        guard spanCount > spanCountBefore, spanCount <= builder.limits.maximumSpanCount else { return }
        scopeSpans.append(ScopeSpans(offset: message.offset, end: message.end, scope: scope, schemaURL: schemaURL))
    }

    /// Two parts of a message, one behind the other, are the merged message.
    private static func merge(_ part: ByteRange, into whole: inout ByteRange, _ builder: inout SpanBatchBuilder) {
        whole = whole.isNone ? part : builder.append(part, behind: whole)
    }
}
