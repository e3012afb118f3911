import ByteCoding
import TraceModel

/// Reads a whole OTLP/JSON export request, of spans or of log records. Exporters write a resource before its scopes and a scope before its spans, so one pass
/// does; lists that come too early are skipped and read again at the end of their object.
extension SpanJSONDecoder {
    /// Decodes `body` into the builder. Throws when it is not JSON, or when an outer level has the wrong shape.
    mutating func request(_ body: UnsafeRawBufferPointer) throws(OTLPError) {
        var scanner = JSONScanner(body, maximumDepth: OTLPLimits.maximumJSONDepth)
        do {
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                guard scanner.matches(key, signal.resourcesName), try scanner.peek() != .null else {
                    try scanner.skipValue()
                    continue
                }
                try scanner.beginArray()
                while try scanner.nextElement() { try resourceSpans(&scanner) }
            }
            try scanner.finish()
        } catch {
            throw OTLPError(
                .malformedJSON, "the body is no \(signal.requestName) in JSON: \(error.message)", byteOffset: error.byteOffset)
        }
        if builder.batch.receivedSpanCount > builder.limits.maximumSpanCount {
            throw OTLPError(
                .tooLarge, "the request holds more than \(builder.limits.maximumSpanCount) \(signal.rowsName); send smaller batches")
        }
    }

    /// What stands above spans: it is added to the batch with its first span, and a fault in it is theirs.
    private struct Owner<Value> {
        var value: Value
        var index: UInt32?
        var fault: SpanRejection.Reason?
    }

    private mutating func resourceSpans(_ scanner: inout JSONScanner) throws(JSONError) {
        let mark = builder.mark
        let receivedBefore = builder.batch.receivedSpanCount
        var owner = Owner(value: SpanBatch.Resource())
        var schemaURL = ByteRange.none
        var isRead = false
        var early: [JSONScanner] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if case .null = try scanner.peek() {
                try scanner.null()
            } else if scanner.matches(key, "resource"), !isRead {
                isRead = true
                try read(&scanner, &owner) { decoder, reader throws(SpanFault) in
                    let resource = try reader.resource(maximumDepth: decoder.builder.limits.nestingDepth)
                    return try decoder.messages.resource(decoder.builder.append(ResourceEncoder.encode(resource)))
                }
                owner.value.schemaURL = schemaURL
            } else if scanner.matches(key, "schemaUrl") {
                schemaURL = try self.schemaURL(&scanner)
                owner.value.schemaURL = schemaURL
                if let index = owner.index { builder.batch.resources[Int(index)].schemaURL = schemaURL }
            } else if scanner.matches(key, signal.scopesName) {
                if isRead {
                    try scopeSpansList(&scanner, &owner)
                } else {
                    early.append(scanner)
                    try scanner.skipValue()
                }
            } else {
                try scanner.skipValue()
            }
        }
        for var list in early { try scopeSpansList(&list, &owner) }
        if builder.batch.receivedSpanCount == receivedBefore { builder.rollBack(to: mark) }
    }

    private mutating func scopeSpansList(_ scanner: inout JSONScanner, _ resource: inout Owner<SpanBatch.Resource>) throws(JSONError) {
        try scanner.beginArray()
        while try scanner.nextElement() { try scopeSpans(&scanner, &resource) }
    }

    private mutating func scopeSpans(_ scanner: inout JSONScanner, _ resource: inout Owner<SpanBatch.Resource>) throws(JSONError) {
        let mark = builder.mark
        let receivedBefore = builder.batch.receivedSpanCount
        var owner = Owner(value: SpanBatch.Scope())
        var schemaURL = ByteRange.none
        var isRead = false
        var early: [JSONScanner] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if case .null = try scanner.peek() {
                try scanner.null()
            } else if scanner.matches(key, "scope"), !isRead {
                isRead = true
                try read(&scanner, &owner) { decoder, reader throws(SpanFault) in
                    let scope = try reader.scope(maximumDepth: decoder.builder.limits.nestingDepth)
                    return try decoder.messages.scope(decoder.builder.append(ScopeEncoder.encode(scope)))
                }
                owner.value.schemaURL = schemaURL
            } else if scanner.matches(key, "schemaUrl") {
                schemaURL = try self.schemaURL(&scanner)
                owner.value.schemaURL = schemaURL
                if let index = owner.index { builder.batch.scopes[Int(index)].schemaURL = schemaURL }
            } else if scanner.matches(key, signal.listName) {
                if isRead {
                    try spans(&scanner, &resource, &owner)
                } else {
                    early.append(scanner)
                    try scanner.skipValue()
                }
            } else {
                try scanner.skipValue()
            }
        }
        for var list in early { try spans(&list, &resource, &owner) }
        if builder.batch.receivedSpanCount == receivedBefore { builder.rollBack(to: mark) }
    }

    private mutating func spans(
        _ scanner: inout JSONScanner, _ resource: inout Owner<SpanBatch.Resource>, _ scope: inout Owner<SpanBatch.Scope>
    ) throws(JSONError) {
        try scanner.beginArray()
        while try scanner.nextElement() {
            scanner.skipWhitespace()
            let start = scanner
            guard builder.beginSpan(), builder.batch.receivedSpanCount <= builder.limits.maximumSpanCount else {
                try scanner.skipValue()
                continue
            }
            let mark = builder.mark
            do throws(SpanFault) {
                if let reason = resource.fault ?? scope.fault { throw SpanFault(reason) }
                let resourceIndex = Self.index(of: &resource, in: &builder.batch.resources)
                let scopeIndex = Self.index(of: &scope, in: &builder.batch.scopes)
                var reader = OTLPJSONReader(scanner)
                switch signal {
                case .traces: try span(&reader, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
                case .logs: try logRecord(&reader, resourceIndex: resourceIndex, scopeIndex: scopeIndex)
                }
                scanner = reader.scanner
            } catch {
                builder.rollBack(to: mark)
                scanner = start
                try scanner.skipValue()
                builder.reject(error.reason, source: ByteRange(offset: start.offset, length: scanner.offset - start.offset))
            }
        }
    }

    private static func index<Value>(of owner: inout Owner<Value>, in values: inout [Value]) -> UInt32 {
        if let index = owner.index { return index }
        let index = UInt32(truncatingIfNeeded: values.count)
        values.append(owner.value)
        owner.index = index
        return index
    }

    /// Reads a resource or scope. A fault in it is kept for its spans, and its text is passed over.
    private mutating func read<Value>(
        _ scanner: inout JSONScanner, _ owner: inout Owner<Value>,
        _ body: (inout SpanJSONDecoder, inout OTLPJSONReader) throws(SpanFault) -> Value
    ) throws(JSONError) {
        let start = scanner
        let mark = builder.mark
        do throws(SpanFault) {
            var reader = OTLPJSONReader(scanner)
            owner.value = try body(&self, &reader)
            builder.batch.replacedStringCount += reader.replacedStringCount
            scanner = reader.scanner
        } catch {
            builder.rollBack(to: mark)
            owner.fault = error.reason
            scanner = start
            try scanner.skipValue()
        }
    }

    private mutating func schemaURL(_ scanner: inout JSONScanner) throws(JSONError) -> ByteRange {
        let start = scanner
        var reader = OTLPJSONReader(scanner)
        guard let text = try? text(&reader) else {
            throw JSONError("schemaUrl must be a string of moderate length", byteOffset: start.offset)
        }
        scanner = reader.scanner
        return text
    }
}
