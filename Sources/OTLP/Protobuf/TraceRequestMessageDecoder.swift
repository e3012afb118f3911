import TraceModel

/// Reads a whole protobuf export request: of spans, or of log records, whose outer levels have the same field numbers.
///
///     ExportTraceServiceRequest   1* resource_spans
///     ResourceSpans               1 resource  2* scope_spans  3 schema_url
///     ScopeSpans                  1 scope  2* spans  3 schema_url
///
/// Fields may come in any order and the owner of a span may stand behind it, so owners are sought first. That costs little: stepping
/// over `scope_spans` is a few steps, and stepping over spans is spared when a `ScopeSpans` begins with its scope, as all encoders
/// write it.
extension SpanMessageDecoder {
    /// Decodes `body` into the builder. Throws only when the outer levels are broken.
    mutating func request(_ body: WireCursor) throws(OTLPError) {
        var cursor = body
        while cursor.hasMore {
            let start = cursor.offset
            do throws(SpanFault) {
                let tag = try cursor.tag()
                if tag == 1 << 3 | 2 {
                    try resourceSpans(try cursor.message())
                } else {
                    try cursor.skip(tag, known: 1...1)
                }
            } catch {
                throw OTLPError(
                    .malformedProtobuf,
                    "the body is no \(signal.requestName): the field at byte \(start) is truncated or of the wrong type. "
                        + "Is it compressed without Content-Encoding, or JSON sent as application/x-protobuf?",
                    byteOffset: start)
            }
            if builder.batch.receivedSpanCount > builder.limits.maximumSpanCount {
                throw OTLPError(
                    .tooLarge, "the request holds more than \(builder.limits.maximumSpanCount) \(signal.rowsName); send smaller batches")
            }
        }
    }

    /// A `SpanFault` that leaves this function is one of the envelope.
    private mutating func resourceSpans(_ message: WireCursor) throws(SpanFault) {
        var cursor = message
        var hasScopeSpans = false
        var encoded = ByteRange.none
        var schemaURL = ByteRange.none
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: builder.merge(try cursor.message().range, into: &encoded)
            case 2 << 3 | 2:
                _ = try cursor.message()
                hasScopeSpans = true
            case 3 << 3 | 2: schemaURL = try cursor.message().range
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        guard hasScopeSpans else { return }
        var owner = SpanOwner()
        let mark = builder.mark
        let receivedBefore = builder.batch.receivedSpanCount
        do throws(SpanFault) {
            var resource = try self.resource(encoded)
            resource.schemaURL = try self.schemaURL(schemaURL)
            owner.resourceIndex = UInt32(truncatingIfNeeded: builder.batch.resources.count)
            builder.batch.resources.append(resource)
        } catch {
            builder.rollBack(to: mark)
            owner.fault = error
        }
        cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            if tag == 2 << 3 | 2 { try scopeSpans(try cursor.message(), owner) } else { try cursor.skip(tag, known: 2...2) }
        }
        if builder.batch.receivedSpanCount == receivedBefore, owner.fault == nil {
            builder.batch.resources.removeLast()
            builder.rollBack(to: mark)
        }
    }

    /// Where the spans of a `ScopeSpans` belong, or why they are rejected: a resource or scope that breaks a rule takes its spans
    /// with it, as without it they would be someone else's.
    private struct SpanOwner {
        var resourceIndex: UInt32 = 0
        var scopeIndex: UInt32 = 0
        var fault: SpanFault?
    }

    private mutating func scopeSpans(_ message: WireCursor, _ resourceOwner: SpanOwner) throws(SpanFault) {
        var encoded = ByteRange.none
        var schemaURL = ByteRange.none
        var first = message
        let beginsWithScope = first.hasMore ? try first.tag() == 1 << 3 | 2 : false
        if beginsWithScope {
            encoded = try first.message().range
        } else {
            try find(scope: &encoded, in: message)
        }
        var owner = resourceOwner
        let mark = builder.mark
        let receivedBefore = builder.batch.receivedSpanCount
        do throws(SpanFault) {
            let scope = try self.scope(encoded)
            owner.scopeIndex = UInt32(truncatingIfNeeded: builder.batch.scopes.count)
            if owner.fault == nil { builder.batch.scopes.append(scope) }
        } catch {
            builder.rollBack(to: mark)
            owner.fault = owner.fault ?? error
        }
        var cursor = beginsWithScope ? first : message
        var hasLateParts = false
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 2 << 3 | 2: try span(try cursor.message(), owner)
            case 3 << 3 | 2: schemaURL = try cursor.message().range
            case 1 << 3 | 2:
                _ = try cursor.message()
                hasLateParts = beginsWithScope
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        guard owner.fault == nil else { return }
        if builder.batch.receivedSpanCount == receivedBefore {
            builder.batch.scopes.removeLast()
            builder.rollBack(to: mark)
        } else {
            if hasLateParts {
                // More of a scope that came first: legal, and written by no known encoder. Its parts are put together once, at the
                // end: one by one, each would copy all before it.
                encoded = .none
                try find(scope: &encoded, in: message)
                builder.batch.scopes[Int(owner.scopeIndex)] = try self.scope(encoded)
            }
            builder.batch.scopes[Int(owner.scopeIndex)].schemaURL = try self.schemaURL(schemaURL)
        }
    }

    private mutating func find(scope: inout ByteRange, in message: WireCursor) throws(SpanFault) {
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            if tag == 1 << 3 | 2 { builder.merge(try cursor.message().range, into: &scope) } else { try cursor.skip(tag, known: 1...1) }
        }
    }

    @inline(__always)
    private mutating func span(_ message: WireCursor, _ owner: SpanOwner) throws(SpanFault) {
        guard builder.beginSpan() else { return }
        // `request` refuses such a body when this message is through: until then nothing more is kept of it.
        guard builder.batch.receivedSpanCount <= builder.limits.maximumSpanCount else { return }
        let mark = builder.mark
        do throws(SpanFault) {
            if let fault = owner.fault { throw fault }
            switch signal {
            case .traces: try span(message, resourceIndex: owner.resourceIndex, scopeIndex: owner.scopeIndex)
            case .logs: try logRecord(message, resourceIndex: owner.resourceIndex, scopeIndex: owner.scopeIndex)
            }
        } catch {
            builder.rollBack(to: mark)
            builder.reject(error.reason, source: message.range)
        }
    }

    private mutating func schemaURL(_ range: ByteRange) throws(SpanFault) -> ByteRange {
        guard !range.isNone else { return .none }
        return try builder.text(WireCursor(builder.body, shift: 0).base + range.start, range)
    }
}
