import TraceModel

/// What a sender of log records is told: how many are not stored, and why.
///
///     7 log records rejected: 6 of kinds that are not stored (Spandrel keeps ... ), 1 trace_id_length (a trace id has 16 bytes)
package struct LogRejections: Sendable, Equatable {
    package let rejectedRecordCount: Int
    /// Empty when all were stored.
    package let errorMessage: String

    package init(of batch: SpanBatch) {
        let refused = RejectionSummary(of: batch)
        rejectedRecordCount = refused.rejectedSpanCount + batch.otherRecordCount
        guard rejectedRecordCount > 0 else {
            errorMessage = ""
            return
        }
        var clauses: [String] = []
        if batch.otherRecordCount > 0 { clauses.append("\(batch.otherRecordCount) of kinds that are not stored (\(Self.kinds))") }
        clauses += refused.counts.map { "\($0.spanCount) \($0.reason.rawValue) (\(Self.explanation($0.reason)))" }
        let noun = rejectedRecordCount == 1 ? "log record" : "log records"
        errorMessage = "\(rejectedRecordCount) \(noun) rejected: " + clauses.joined(separator: ", ")
    }

    private static let kinds = "Spandrel stores only GenAI and exception events of spans: event names gen_ai.* and exception"

    private static func explanation(_ reason: SpanRejection.Reason) -> String {
        switch reason {
        case .malformed:
            "not a valid OTLP log record: a field is truncated or of the wrong type, or attributes are no list of key and value"
        case .traceIDLength, .spanIDLength: reason.explanation + "; an event is stored with the span it was recorded in"
        default: reason.explanation
        }
    }
}
