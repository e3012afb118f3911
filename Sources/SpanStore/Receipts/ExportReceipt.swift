import ByteCoding
import TraceModel

/// What became of one accepted request, as the ledger keeps it under the LSN of its log entry.
package struct ExportReceipt: Hashable, Sendable {
    package var lsn: UInt64
    package var receivedUnixNano: UInt64
    /// Since when its spans are in what queries see. Of a request that was read back from the log: since that was read.
    package var visibleUnixNano: UInt64
    package var storedSpanCount: Int
    /// What the sender was told.
    package var reply: StoredReply
    /// The first of the refused spans, by position.
    package var rejections: [ReceiptRejection]

    package init(
        lsn: UInt64, receivedUnixNano: UInt64, visibleUnixNano: UInt64, storedSpanCount: Int, reply: StoredReply,
        rejections: [ReceiptRejection] = []
    ) {
        self.lsn = lsn
        self.receivedUnixNano = receivedUnixNano
        self.visibleUnixNano = visibleUnixNano
        self.storedSpanCount = storedSpanCount
        self.reply = reply
        self.rejections = rejections
    }

    /// Leaves the ids of refused spans of these traces out. Answers whether there was one.
    mutating func forget(_ traces: Set<TraceID>) -> Bool {
        var isChanged = false
        for index in rejections.indices {
            guard let trace = rejections[index].traceID, traces.contains(trace) else { continue }
            rejections[index].traceID = nil
            rejections[index].spanID = nil
            isChanged = true
        }
        return isChanged
    }

    /// What it takes beyond its fixed part.
    var variableByteCount: Int {
        reply.errorMessage.utf8.count + rejections.reduce(0) { $0 + ReceiptRejection.fixedByteCount + $1.reason.utf8.count }
    }
}

/// A refused span, as its sender can find it again.
package struct ReceiptRejection: Hashable, Sendable {
    /// Position among all spans of the request, from 0.
    package var ordinal: UInt32
    /// `SpanRejection.Reason`'s raw value; empty in log entries of versions that did not keep it.
    package var reason: String
    /// Nil where it had none of the right length.
    package var traceID: TraceID?
    package var spanID: SpanID?

    package init(ordinal: UInt32, reason: String, traceID: TraceID? = nil, spanID: SpanID? = nil) {
        self.ordinal = ordinal
        self.reason = reason
        self.traceID = traceID
        self.spanID = spanID
    }

    static let fixedByteCount = 30
}

/// A list of refused spans, in a log entry's enrichment and in the ledger's files:
///
///     varint    number of spans, then for each
///     varint    ordinal: the first as it is, each next as its distance to the one before
///     1 byte    flags: 1 = trace id, 2 = span id
///     16, 8     the ids that there are, as in OTLP
///     varint n, n bytes of UTF-8: the reason
extension ReceiptRejection {
    static func encode(_ rejections: [ReceiptRejection], into writer: inout ByteWriter) {
        writer.varint(rejections.count)
        var previous: UInt32 = 0
        for rejection in rejections {
            writer.varint(UInt64(rejection.ordinal &- previous))
            previous = rejection.ordinal
            writer.integer(UInt8((rejection.traceID == nil ? 0 : 1) | (rejection.spanID == nil ? 0 : 2)))
            if let id = rejection.traceID { writer.append(id.bytes) }
            if let id = rejection.spanID { writer.append(id.bytes) }
            writer.lengthPrefixed(rejection.reason)
        }
    }

    static func decode(_ reader: inout ByteReader) throws(ByteCodingError) -> [ReceiptRejection] {
        let count = try reader.count()
        // Each takes three bytes at least: an absurd count ends here.
        guard count <= reader.remaining / 3 else { throw .truncated }
        var rejections: [ReceiptRejection] = []
        rejections.reserveCapacity(count)
        var ordinal: UInt64 = 0
        for _ in 0..<count {
            ordinal &+= try reader.varint()
            let flags: UInt8 = try reader.integer()
            var rejection = ReceiptRejection(ordinal: UInt32(truncatingIfNeeded: ordinal), reason: "")
            if flags & 1 != 0 {
                let high: UInt64 = try reader.integer()
                let low: UInt64 = try reader.integer()
                rejection.traceID = TraceID(high: high.byteSwapped, low: low.byteSwapped)
            }
            if flags & 2 != 0 { rejection.spanID = SpanID(rawValue: try reader.integer(UInt64.self).byteSwapped) }
            rejection.reason = String(decoding: try reader.lengthPrefixed(), as: UTF8.self)
            rejections.append(rejection)
        }
        return rejections
    }
}
