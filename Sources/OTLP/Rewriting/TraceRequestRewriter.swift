import TraceModel

/// Writes an export request or one span anew in protobuf, with only what a filter lets through.
///
/// Works on the wire: a message is read field by field and each field of the schema is written again. Fields the schema does not
/// have are left out, for nobody could say what is in them. Repeated scalars and parts of merged messages are each filtered and
/// written, so what a decoder makes of the result is what it makes of the source, filtered.
package struct TraceRequestRewriter<Filter: TelemetryFilter> {
    package private(set) var filter: Filter
    var writer = ProtobufWriter()
    private var nextOrdinal = 0

    package init(filter: Filter) { self.filter = filter }

    /// Field of the request that carries `identity`; no version of OTLP has it, decoders pass over it.
    package static var identityField: Int { RequestIdentity.field }

    /// Writes an `ExportTraceServiceRequest` without the spans at `ordinals` (ascending).
    ///
    /// `identity` is put behind it: two requests that differ only in what the filter took out stay different requests.
    package mutating func request(
        _ body: UnsafeRawBufferPointer, skipping ordinals: [Int], identity: [UInt8]
    ) throws(OTLPError) -> [UInt8] {
        writer = ProtobufWriter()
        writer.reserve(body.count + body.count / 8 + 64)
        nextOrdinal = 0
        var skipped = ordinals[...]
        do throws(SpanFault) {
            var cursor = WireCursor(body, shift: 0)
            while cursor.hasMore {
                let tag = try cursor.tag()
                if tag == 1 << 3 | 2 { try resourceSpans(try cursor.message(), &skipped) } else { try cursor.skip(tag, known: 1...1) }
            }
        } catch {
            throw OTLPError(.malformedProtobuf, "the body is no ExportTraceServiceRequest")
        }
        if !identity.isEmpty { writer.content(Self.identityField, identity) }
        return writer.bytes
    }

    /// Writes one `Span` message, however wrong its values are; nil when its fields cannot be told apart.
    package mutating func span(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
        writer = ProtobufWriter()
        do throws(SpanFault) {
            try span(WireCursor(message, shift: 0))
            return writer.bytes
        } catch {
            return nil
        }
    }

    /// What stands above spans, its messages and schema URLs filtered; nil when the fields of one cannot be told apart.
    package mutating func owner(_ owner: SpanOwner) -> SpanOwner? {
        do throws(SpanFault) {
            var filtered = SpanOwner()
            if let resource = owner.resource {
                filtered.resource = try rewritten(resource) { (rewriter, message) throws(SpanFault) in try rewriter.resourceFields(message)
                }
            }
            if let scope = owner.scope {
                filtered.scope = try rewritten(scope) { (rewriter, message) throws(SpanFault) in try rewriter.scopeFields(message) }
            }
            filtered.resourceSchemaURL = owner.resourceSchemaURL.flatMap { filteredText($0) }
            filtered.scopeSchemaURL = owner.scopeSchemaURL.flatMap { filteredText($0) }
            return filtered
        } catch {
            return nil
        }
    }

    private mutating func rewritten(
        _ message: [UInt8], _ body: (inout Self, WireCursor) throws(SpanFault) -> Void
    ) throws(SpanFault) -> [UInt8] {
        writer = ProtobufWriter()
        try message.withUnsafeBufferPointer { bytes throws(SpanFault) in
            try body(&self, WireCursor(UnsafeRawBufferPointer(bytes), shift: 0))
        }
        return writer.bytes
    }

    private mutating func filteredText(_ text: [UInt8]) -> [UInt8]? {
        guard text.count <= filter.maximumValueByteCount else {
            filter.foundLongValue()
            return nil
        }
        return text.withUnsafeBytes { filter.replacement(of: $0) } ?? text
    }

    private mutating func resourceSpans(_ message: WireCursor, _ skipped: inout ArraySlice<Int>) throws(SpanFault) {
        let before = writer.bytes.count
        let start = writer.begin(1)
        var hasSpans = false
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: try resource(try cursor.message())
            case 2 << 3 | 2: if try scopeSpans(try cursor.message(), &skipped) { hasSpans = true }
            case 3 << 3 | 2: text(3, try cursor.message())
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        // A resource none of whose spans was accepted says nothing.
        if hasSpans { writer.end(start) } else { writer.truncate(to: before) }
    }

    private mutating func scopeSpans(_ message: WireCursor, _ skipped: inout ArraySlice<Int>) throws(SpanFault) -> Bool {
        let before = writer.bytes.count
        let start = writer.begin(2)
        var hasSpans = false
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: try scope(try cursor.message())
            case 2 << 3 | 2:
                let spanMessage = try cursor.message()
                defer { nextOrdinal += 1 }
                if skipped.first == nextOrdinal {
                    skipped.removeFirst()
                    continue
                }
                let spanStart = writer.begin(2)
                try span(spanMessage)
                writer.end(spanStart)
                hasSpans = true
            case 3 << 3 | 2: text(3, try cursor.message())
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        if hasSpans { writer.end(start) } else { writer.truncate(to: before) }
        return hasSpans
    }

    // MARK: What the other files of this folder build on

    /// A text that is a name, a message, a URL.
    mutating func text(_ field: Int, _ message: WireCursor) {
        let raw = message.buffer
        guard raw.count <= filter.maximumValueByteCount else { return filter.foundLongValue() }
        if let replacement = filter.replacement(of: raw) { writer.content(field, replacement) } else { writer.content(field, raw) }
    }

    /// An id of the right length is no text. Any other length makes its span a rejected one, and may hold anything.
    mutating func identifier(_ field: Int, _ message: WireCursor, byteCount: Int) {
        if message.count == byteCount { writer.content(field, message.buffer) } else { text(field, message) }
    }

    mutating func action(onPath path: UnsafeRawBufferPointer) -> AttributeAction { filter.action(onPath: path) }
    mutating func replacement(ofKey key: UnsafeRawBufferPointer) -> [UInt8]? { filter.replacement(ofKey: key) }
    mutating func replacement(of value: UnsafeRawBufferPointer) -> [UInt8]? { filter.replacement(of: value) }
    mutating func replacement(of integer: Int64) -> [UInt8]? { filter.replacement(of: integer) }
    mutating func digest(_ value: UnsafeRawBufferPointer) -> [UInt8] { filter.digest(value) }
    mutating func foundLongValue() { filter.foundLongValue() }
}

extension WireCursor {
    /// The unread bytes.
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pointer, count: count) }
}
