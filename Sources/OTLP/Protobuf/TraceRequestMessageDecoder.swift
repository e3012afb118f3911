import TraceModel

/// Reads a whole protobuf export request: outline first, then every span under its resource and scope.
extension SpanMessageDecoder {
    /// Decodes `body` into the builder. Throws only when the outer levels are broken.
    mutating func request(_ body: WireCursor) throws(OTLPError) {
        let outline = try TraceRequestOutline(body, builder: &builder)
        builder.reserve(spanCount: outline.spanCount)
        for resourceSpans in outline.resourceSpans {
            let resourceMark = builder.mark
            let resource: SpanBatch.Resource
            do throws(SpanFault) {
                var decoded = try self.resource(resourceSpans.resource)
                decoded.schemaURL = try schemaURL(resourceSpans.schemaURL)
                resource = decoded
            } catch {
                builder.rollBack(to: resourceMark)
                for scope in outline.scopeSpans[resourceSpans.scopeSpans] { rejectSpans(of: scope, in: body, error.reason) }
                continue
            }
            let resourceIndex = UInt32(truncatingIfNeeded: builder.batch.resources.count)
            builder.batch.resources.append(resource)
            for scope in outline.scopeSpans[resourceSpans.scopeSpans] { scopeSpans(scope, in: body, resourceIndex: resourceIndex) }
        }
    }

    private mutating func scopeSpans(_ scopeSpans: TraceRequestOutline.ScopeSpans, in body: WireCursor, resourceIndex: UInt32) {
        let scopeMark = builder.mark
        do throws(SpanFault) {
            var scope = try self.scope(scopeSpans.scope)
            scope.schemaURL = try schemaURL(scopeSpans.schemaURL)
            builder.batch.scopes.append(scope)
        } catch {
            builder.rollBack(to: scopeMark)
            return rejectSpans(of: scopeSpans, in: body, error.reason)
        }
        let scopeIndex = UInt32(truncatingIfNeeded: builder.batch.scopes.count - 1)
        forEachSpan(of: scopeSpans, in: body) { decoder, message in
            let mark = decoder.builder.mark
            do throws(SpanFault) {
                try decoder.span(message, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
            } catch {
                decoder.builder.rollBack(to: mark)
                decoder.builder.reject(error.reason, source: message.range)
            }
        }
    }

    /// A resource or scope that breaks a rule takes its spans with it: without it they would be someone else's.
    private mutating func rejectSpans(
        of scopeSpans: TraceRequestOutline.ScopeSpans, in body: WireCursor, _ reason: SpanRejection.Reason
    ) {
        forEachSpan(of: scopeSpans, in: body) { decoder, message in decoder.builder.reject(reason, source: message.range) }
    }

    @inline(__always)
    private mutating func forEachSpan(
        of scopeSpans: TraceRequestOutline.ScopeSpans, in body: WireCursor, _ read: (inout SpanMessageDecoder, WireCursor) -> Void
    ) {
        var cursor = WireCursor(base: body.base, offset: scopeSpans.offset, end: scopeSpans.end, shift: body.shift)
        // The outline has read the same fields without fault.
        while cursor.hasMore, let tag = try? cursor.tag() {
            if tag == 2 << 3 | 2 {
                guard let message = try? cursor.message() else { return }
                if builder.beginSpan() { read(&self, message) }
            } else if (try? cursor.skip(tag, known: 2...2)) == nil {
                return
            }
        }
    }

    private mutating func schemaURL(_ range: ByteRange) throws(SpanFault) -> ByteRange {
        guard !range.isNone else { return .none }
        return try builder.text(WireCursor(builder.body, shift: 0).base + range.start, range)
    }
}
