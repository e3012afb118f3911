import ByteCoding
import TraceModel

/// What both decoders write to: the columns of a batch, its appendix and its keys, with the way back when a span turns out
/// bad half-way.
///
/// The body itself stays outside while it is being read; `finish` joins body, appendix and columns.
struct SpanBatchBuilder {
    var batch = SpanBatch(body: [])
    /// Bytes behind the body. Grows only.
    var appendix: [UInt8] = []
    var keys = KeyInterner()
    let limits: OTLPLimits
    /// The body's bytes. The pointer is valid for the decoder's life: decoders run inside `withUnsafe...` of the body.
    let body: UnsafeRawBufferPointer
    private let bodyBase: UnsafeRawPointer

    /// Ordinals that are not to be decoded, ascending, and how many of them lie behind.
    private let skippedOrdinals: [Int]
    private var passedSkippedCount = 0

    init(body: UnsafeRawBufferPointer, limits: OTLPLimits, skipping skippedOrdinals: [Int]) {
        self.body = body
        self.limits = limits
        self.skippedOrdinals = skippedOrdinals.sorted()
        bodyBase = WireCursor(body, shift: 0).base
        reserve()
    }

    /// Columns sized for the spans a body of this length usually holds: about one per KiB, with nine attributes.
    private mutating func reserve() {
        let count = body.count / 1024 + 16
        batch.traceIDs.reserveCapacity(count)
        batch.spanIDs.reserveCapacity(count)
        batch.parentSpanIDs.reserveCapacity(count)
        batch.startTimesUnixNano.reserveCapacity(count)
        batch.endTimesUnixNano.reserveCapacity(count)
        batch.names.reserveCapacity(count)
        batch.traceStates.reserveCapacity(count)
        batch.kinds.reserveCapacity(count)
        batch.flags.reserveCapacity(count)
        batch.statusCodes.reserveCapacity(count)
        batch.statusMessages.reserveCapacity(count)
        batch.hasStatus.reserveCapacity(count)
        batch.droppedAttributesCounts.reserveCapacity(count)
        batch.droppedEventsCounts.reserveCapacity(count)
        batch.droppedLinksCounts.reserveCapacity(count)
        batch.resourceIndexes.reserveCapacity(count)
        batch.scopeIndexes.reserveCapacity(count)
        batch.attributeStarts.reserveCapacity(count + 1)
        batch.eventStarts.reserveCapacity(count + 1)
        batch.linkStarts.reserveCapacity(count + 1)
        batch.attributes.reserveCapacity(count * 9)
    }

    // MARK: Text

    /// The interned index of a key of `count` bytes at `base`, which lie at `offset` of the batch's bytes.
    @inline(__always)
    mutating func keyIndex(_ base: UnsafeRawPointer, offset: Int, count: Int) throws(SpanFault) -> UInt32 {
        if count > limits.maximumKeyByteCount { throw SpanFault(.keyTooLong) }
        let hash = keys.hash(base, count: count)
        if let index = keys.index(of: base, count: count, hash: hash, body: bodyBase, bodyCount: body.count, appendix: appendix) {
            return index
        }
        return try newKeyIndex(base, ByteRange(offset: offset, length: count), hash: hash)
    }

    @inline(never)
    private mutating func newKeyIndex(_ base: UnsafeRawPointer, _ range: ByteRange, hash: UInt64) throws(SpanFault) -> UInt32 {
        let bytes = UnsafeRawBufferPointer(start: base, count: range.count)
        if UTF8Text.isValid(bytes) { return keys.insert(range, hash: hash) }
        batch.replacedStringCount += 1
        return try keyIndex(of: Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    /// The interned index of a key that is valid but does not stand in the body as it is.
    mutating func keyIndex(of text: [UInt8]) throws(SpanFault) -> UInt32 {
        if text.count > limits.maximumKeyByteCount { throw SpanFault(.keyTooLong) }
        return text.withUnsafeBytes { bytes in
            let base = WireCursor(bytes, shift: 0).base
            let hash = keys.hash(base, count: bytes.count)
            if let index = keys.index(
                of: base, count: bytes.count, hash: hash, body: bodyBase, bodyCount: body.count, appendix: appendix)
            {
                return index
            }
            return keys.insert(append(bytes), hash: hash)
        }
    }

    /// The range of a text, after a look at its length and its UTF-8.
    @inline(__always)
    mutating func text(_ base: UnsafeRawPointer, _ range: ByteRange) throws(SpanFault) -> ByteRange {
        if range.count > limits.maximumValueByteCount { throw SpanFault(.valueTooLarge) }
        if UTF8Text.isValid(base, count: range.count) { return range }
        return repaired(UnsafeRawBufferPointer(start: base, count: range.count))
    }

    /// Puts a text with bad UTF-8 into the appendix, U+FFFD in the place of each bad sequence.
    @inline(never)
    mutating func repaired(_ bytes: UnsafeRawBufferPointer) -> ByteRange {
        batch.replacedStringCount += 1
        return append(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// Appends to the appendix; the range is one of the finished batch.
    mutating func append(_ bytes: some Sequence<UInt8>) -> ByteRange {
        let start = appendix.count
        appendix.append(contentsOf: bytes)
        return ByteRange(offset: body.count + start, length: appendix.count - start)
    }

    /// Joins two pieces of a message that was sent in parts. A first piece that ends the appendix already is extended in
    /// place, so that many parts cost no more than their bytes.
    mutating func append(_ second: ByteRange, behind first: ByteRange) -> ByteRange {
        let secondBytes = copy(second)
        if first.start >= body.count, first.start + first.count == body.count + appendix.count {
            appendix.append(contentsOf: secondBytes)
            return ByteRange(offset: first.start, length: first.count + secondBytes.count)
        }
        return append(copy(first) + secondBytes)
    }

    /// Two parts of a message, one behind the other, are the merged message.
    mutating func merge(_ part: ByteRange, into whole: inout ByteRange) {
        whole = whole.isNone ? part : append(part, behind: whole)
    }

    /// The bytes of a range in body or appendix, copied.
    func copy(_ range: ByteRange) -> [UInt8] {
        let indices = range.indices
        if indices.lowerBound < body.count { return Array(body[indices]) }
        return Array(appendix[indices.lowerBound - body.count..<indices.upperBound - body.count])
    }

    // MARK: Spans

    /// Takes the next span's place in the body. False when it is to be passed over.
    mutating func beginSpan() -> Bool {
        defer { batch.receivedSpanCount += 1 }
        guard passedSkippedCount < skippedOrdinals.count, skippedOrdinals[passedSkippedCount] == batch.receivedSpanCount else {
            return true
        }
        passedSkippedCount += 1
        return false
    }

    var mark: Mark {
        Mark(
            attributeCount: batch.attributes.count, eventCount: batch.events.count, linkCount: batch.links.count,
            nestedAttributeCount: batch.nestedAttributes.count, replacedStringCount: batch.replacedStringCount)
    }

    /// How far the lists were filled before a span, event owner or resource began. Keys and appendix are not taken back: they may
    /// be referred to, and are bounded by the body.
    struct Mark {
        let attributeCount: Int
        let eventCount: Int
        let linkCount: Int
        let nestedAttributeCount: Int
        let replacedStringCount: Int
    }

    mutating func rollBack(to mark: Mark) {
        batch.attributes.removeLast(batch.attributes.count - mark.attributeCount)
        batch.events.removeLast(batch.events.count - mark.eventCount)
        batch.links.removeLast(batch.links.count - mark.linkCount)
        batch.nestedAttributes.removeLast(batch.nestedAttributes.count - mark.nestedAttributeCount)
        batch.replacedStringCount = mark.replacedStringCount
    }

    /// Notes the rejection of the span last begun.
    mutating func reject(_ reason: SpanRejection.Reason, source: ByteRange) {
        batch.rejections.append(SpanRejection(ordinal: batch.receivedSpanCount - 1, reason: reason, source: source))
    }

    /// Checks what can only be checked once a span was read whole, and appends its row.
    @inline(__always)
    mutating func append(_ row: borrowing SpanRow, resourceIndex: UInt32, scopeIndex: UInt32) throws(SpanFault) {
        try row.check()
        let elementCount = batch.attributes.count &+ batch.events.count &+ batch.links.count &+ batch.nestedAttributes.count
        if elementCount > limits.maximumElementCount { throw SpanFault(.tooManyAttributes) }
        batch.traceIDs.append(row.traceID)
        batch.spanIDs.append(row.spanID)
        batch.parentSpanIDs.append(row.parentSpanID)
        batch.startTimesUnixNano.append(row.startTimeUnixNano)
        batch.endTimesUnixNano.append(row.endTimeUnixNano)
        batch.names.append(row.name)
        batch.traceStates.append(row.traceState)
        batch.kinds.append(row.kind)
        batch.flags.append(row.flags)
        batch.statusCodes.append(row.statusCode)
        batch.statusMessages.append(row.statusMessage)
        batch.hasStatus.append(row.hasStatus)
        batch.droppedAttributesCounts.append(row.droppedAttributesCount)
        batch.droppedEventsCounts.append(row.droppedEventsCount)
        batch.droppedLinksCounts.append(row.droppedLinksCount)
        batch.resourceIndexes.append(resourceIndex)
        batch.scopeIndexes.append(scopeIndex)
        batch.attributeStarts.append(UInt32(truncatingIfNeeded: batch.attributes.count))
        batch.eventStarts.append(UInt32(truncatingIfNeeded: batch.events.count))
        batch.linkStarts.append(UInt32(truncatingIfNeeded: batch.links.count))
    }

    /// The columns and the appendix; `SpanBatch.bytes` is still to be set by `SpanBatch.take`.
    consuming func finish() -> (columns: SpanBatch, appendix: [UInt8]) {
        batch.keys = keys.keys
        return (batch, appendix)
    }
}
