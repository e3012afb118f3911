import TraceModel

/// The scalar fields of one span while it is being read: nothing goes into the columns before the span is known to be good.
struct SpanRow {
    var traceID = TraceID(high: 0, low: 0)
    /// Bytes that were sent as the trace id; 16 when it is in `traceID`.
    var traceIDByteCount = 0
    var spanID = SpanID.none
    var spanIDByteCount = 0
    var parentSpanID = SpanID.none
    var parentSpanIDByteCount = 0
    var startTimeUnixNano: UInt64 = 0
    var endTimeUnixNano: UInt64 = 0
    var name = ByteRange.empty
    var traceState = ByteRange.empty
    var kind: Int32 = 0
    var flags: UInt32 = 0
    var hasStatus = false
    var statusCode: Int32 = 0
    var statusMessage = ByteRange.empty
    var droppedAttributesCount: UInt32 = 0
    var droppedEventsCount: UInt32 = 0
    var droppedLinksCount: UInt32 = 0

    /// Times are signed 64-bit nanoseconds in every reader of the stored files.
    static let maximumTimeUnixNano = UInt64(Int64.max)

    /// The rules on single fields, in the order in which their reasons are reported. A parent of eight zeros is no parent.
    @inline(__always)
    func check() throws(SpanFault) {
        let idsAreWhole = traceIDByteCount == 16 && spanIDByteCount == 8 && (parentSpanIDByteCount == 8 || parentSpanIDByteCount == 0)
        let idsAreSet = !traceID.isZero && !spanID.isZero
        if idsAreWhole, idsAreSet, (startTimeUnixNano | endTimeUnixNano) <= Self.maximumTimeUnixNano { return }
        try refuse()
    }

    @inline(never)
    private func refuse() throws(SpanFault) {
        if traceIDByteCount != 16 { throw SpanFault(.traceIDLength) }
        if traceID.isZero { throw SpanFault(.traceIDZero) }
        if spanIDByteCount != 8 { throw SpanFault(.spanIDLength) }
        if spanID.isZero { throw SpanFault(.spanIDZero) }
        if parentSpanIDByteCount != 8, parentSpanIDByteCount != 0 { throw SpanFault(.parentSpanIDLength) }
        throw SpanFault(.timeOutOfRange)
    }
}
