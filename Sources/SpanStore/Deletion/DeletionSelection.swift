import TraceModel

/// Which of a project's spans are to be deleted.
package enum DeletionSelection: Equatable, Sendable {
    /// Every span and event record of a trace.
    case trace(TraceID)
    /// Every span and event record of every trace in which one carries the session.
    case session(String)
    /// Every span and event record of every trace in which one carries the user.
    case user(String)
    /// Everything: spans, event records, refused spans, receipts.
    case project
}

/// What a deletion takes, or took, away.
package struct DeletionOutcome: Equatable, Sendable {
    package var spanCount = 0
    package var eventCount = 0
    /// Ascending. Empty for a whole project, whose ids are not read for this.
    package var traces: [TraceID] = []
    package var segmentCount = 0
    /// Of long values of the deleted spans that stay because spans that are kept have the same bytes.
    package var keptPayloadByteCount = 0
    /// Refused spans in the quarantine that are of one of the traces, or carry the session or user.
    package var refusedSpanCount = 0
    /// From when on no answer has them, ns since 1970; 0 while they are only found.
    package var maskedUnixNano: UInt64 = 0
    /// The log's files up to this one may hold bytes of them until they are overwritten.
    package var throughLogFile: UInt64 = 0

    package init() {}
}

/// What is left on disk of something that was deleted.
package struct DeletionRemains: Equatable, Sendable {
    /// Rows that are masked, and not yet written out of their segments.
    package var maskedRowCount = 0
    package var maskedSegmentCount = 0
    /// Of these, segments that cannot be read and so cannot be rewritten.
    package var damagedSegmentCount = 0
    /// Files of segments that were dropped, which a reader still holds or which could not be removed.
    package var droppedFileCount = 0
    /// Whether files of the log wait to be overwritten.
    package var isInLog = false

    package var isEmpty: Bool { maskedRowCount == 0 && droppedFileCount == 0 && !isInLog }

    package init() {}
}
