/// Where the spans of a page lie: found by their ids first, read whole only where somebody wants them.

import SpanStore
import TraceModel

package struct SpanLocation: Sendable, Equatable {
    package let traceID: TraceID
    package let spanID: SpanID
    let unit: Int
    let row: Int32

    init(_ candidate: RowOrder.Candidate) {
        traceID = candidate.traceID
        spanID = candidate.spanID
        unit = Int(candidate.unit)
        row = candidate.row
    }
}

package struct SpanLocations: Sendable {
    /// In the order asked for.
    package let spans: [SpanLocation]
    let units: [any ScanUnit]
    /// For the next page; nil on the last one.
    package let nextCursor: String?
}
