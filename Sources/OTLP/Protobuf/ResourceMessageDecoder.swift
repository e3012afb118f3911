import TraceModel

/// Reads `Resource` and `InstrumentationScope` messages into the columns. The messages themselves are kept too, byte for byte
/// unless their text had to be mended: a later reader finds in them what the columns have no place for.
extension SpanMessageDecoder {
    /// Reads the resource whose message lies at `encoded` (`.none`: the request had none).
    mutating func resource(_ encoded: ByteRange) throws(SpanFault) -> SpanBatch.Resource {
        var resource = SpanBatch.Resource()
        guard !encoded.isNone else { return resource }
        resource.encoded = encoded
        resource.attributeStart = UInt32(truncatingIfNeeded: builder.batch.nestedAttributes.count)
        let invalidStringCount = try readingMessage(at: encoded) { decoder, message throws(SpanFault) in
            var cursor = message
            while cursor.hasMore {
                let tag = try cursor.tag()
                switch tag {
                case 1 << 3 | 2: try decoder.nestedAttribute(try cursor.message(), count: &resource.attributeCount)
                case 2 << 3 | 0: _ = try cursor.varint()
                case 3 << 3 | 2: try decoder.entityRef(try cursor.message())
                default: try cursor.skip(tag, known: 1...3)
                }
            }
        }
        if invalidStringCount > 0 {
            guard let decoded = try? ResourceDecoder.decode(builder.copy(encoded)) else { throw .malformed }
            resource.encoded = builder.append(ResourceEncoder.encode(decoded))
        }
        return resource
    }

    /// Reads the scope whose message lies at `encoded` (`.none`: the request had none).
    mutating func scope(_ encoded: ByteRange) throws(SpanFault) -> SpanBatch.Scope {
        var scope = SpanBatch.Scope()
        guard !encoded.isNone else { return scope }
        scope.encoded = encoded
        scope.name = .empty
        scope.version = .empty
        scope.attributeStart = UInt32(truncatingIfNeeded: builder.batch.nestedAttributes.count)
        let invalidStringCount = try readingMessage(at: encoded) { decoder, message throws(SpanFault) in
            var cursor = message
            while cursor.hasMore {
                let tag = try cursor.tag()
                switch tag {
                case 1 << 3 | 2: scope.name = try decoder.text(&cursor)
                case 2 << 3 | 2: scope.version = try decoder.text(&cursor)
                case 3 << 3 | 2: try decoder.nestedAttribute(try cursor.message(), count: &scope.attributeCount)
                case 4 << 3 | 0: _ = try cursor.varint()
                default: try cursor.skip(tag, known: 1...4)
                }
            }
        }
        if invalidStringCount > 0 {
            guard let decoded = try? ScopeDecoder.decode(builder.copy(encoded)) else { throw .malformed }
            scope.encoded = builder.append(ScopeEncoder.encode(decoded))
        }
        return scope
    }

    /// Runs a reader over a message in the body, or over a copy of one in the appendix (which may grow meanwhile). Returns how many
    /// strings had to be mended.
    private mutating func readingMessage(
        at range: ByteRange, _ read: (inout SpanMessageDecoder, WireCursor) throws(SpanFault) -> Void
    ) throws(SpanFault) -> Int {
        let before = builder.batch.replacedStringCount
        if range.start + range.count <= builder.body.count {
            let body = WireCursor(builder.body, shift: 0)
            try read(&self, WireCursor(base: body.base, offset: range.start, end: range.start + range.count, shift: 0))
        } else {
            try builder.copy(range).withUnsafeBufferPointer { copy throws(SpanFault) in
                try read(&self, WireCursor(UnsafeRawBufferPointer(copy), shift: range.start))
            }
        }
        return builder.batch.replacedStringCount - before
    }

    /// Entity references are not columns: only checked, so that `ResourceDecoder` reads them without fault.
    private mutating func entityRef(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2, 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2: _ = try text(&cursor)
            default: try cursor.skip(tag, known: 1...4)
            }
        }
    }
}
