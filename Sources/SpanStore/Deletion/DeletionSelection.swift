import TraceModel

/// Which of a project's spans are to be deleted.
package enum DeletionSelection: Equatable, Sendable {
    /// Every span and event record of a trace.
    case trace(TraceID)
    /// Every span that carries the session, and the event records of these spans.
    case session(String)
    /// Every span that carries the user, and the event records of these spans.
    case user(String)
    /// Everything: spans, event records, refused spans, receipts.
    case project
}

/// What a deletion took away.
package struct DeletionOutcome: Equatable, Sendable {
    package var spanCount = 0
    package var eventCount = 0
    /// Nil for a whole project, whose ids are not read for this.
    package var traceCount: Int?
    package var segmentCount = 0
    /// Of long values of the deleted spans that stay because spans that are kept have the same bytes.
    package var keptPayloadByteCount = 0

    package init() {}
}
