/// Every limit of the query engine, with its reason.
package struct QueryLimits: Sendable {
    // Requests
    /// Bytes of a filter as JSON: what fits into a URL, and far more than a person or a form writes.
    package static let maximumFilterByteCount = 16 << 10
    /// Nesting of `_and`, `_or`, `_not`: bounds the recursion of parser and planner.
    package static let maximumFilterDepth = 8
    /// Conditions and combinations of one filter: each costs a pass over the rows.
    package static let maximumFilterNodeCount = 200
    /// Elements of `_in` and `_not_in`.
    package static let maximumMembershipCount = 1000
    /// Selected columns, grouping fields or aggregates of one request.
    package static let maximumColumnCount = 64
    package static let maximumGroupFieldCount = 8
    package static let maximumOrderFieldCount = 8
    /// Rows of one answer; more are fetched by cursor.
    package static let maximumRowCount = 10_000
    package static let defaultRowCount = 100
    /// Rows of one page of the lists of traces and sessions.
    package static let maximumListRowCount = 1000
    package static let defaultListRowCount = 50
    /// Names a row of a list gives of models or users; the counts beside them are of all.
    package static let maximumNamesPerListRow = 20

    /// Bars of a histogram of traces: more than a screen has columns for.
    package static let maximumHistogramBucketCount = 1000
    /// Bars it has at most when the step is chosen to fit.
    package static let fittingHistogramBucketCount = 120

    // Execution
    package static let defaultTimeMilliseconds = 10_000
    package static let maximumTimeMilliseconds = 60_000
    /// Values of a group that percentiles keep exactly; a group with more is counted in a sketch.
    package static let maximumExactQuantileValueCount = 65_536
    /// The same once one aggregate has kept `maximumExactQuantileTotalCount` values over all groups (64 MiB).
    package static let reducedExactQuantileValueCount = 1024
    package static let maximumExactQuantileTotalCount = 8 << 20
    /// Distinct values of a group that `count_distinct` keeps exactly; more are estimated.
    package static let maximumExactDistinctCount = 65_536
    /// Trace ids of a filter that are looked up one by one instead of by a scan.
    package static let maximumTraceLookupCount = 100
    /// Spans of one trace that are read as a whole.
    package static let maximumSpansPerTrace = 1_000_000
    /// Event records of one span and time that a further one is compared with, to show a repeat once: more would take the square of their
    /// number, and an exporter sends the same batch again as it was.
    package static let comparedEventCount = 64
    /// Event records that are read together at first: of a span there are some few. More as long as they are small.
    package static let firstEventPieceCount = 64
    /// Bytes of event records that are read together, about: from here on fewer at a time.
    package static let eventPieceByteCount = 4 << 20
    /// Rows of one window of a trace: a screen has some fifty; more would be sent to be scrolled past.
    package static let maximumTraceWindowRowCount = 1000
    package static let defaultTraceWindowRowCount = 200
    /// Subtrees of a trace that are collapsed at a time: their ids stand in a URL.
    package static let maximumCollapsedCount = 1000
    /// Spans with errors that a window of a trace names: the first ones lead to the others.
    package static let maximumFirstErrorCount = 20
    /// Points of what a trace used over its time: a line over a waterfall shows no more.
    package static let usagePointCount = 60
    /// Spans that a search inside a trace answers.
    package static let maximumTraceMatchCount = 10_000
    package static let defaultTraceMatchCount = 1000
    /// Bytes of the text that is searched for.
    package static let maximumTraceSearchByteCount = 1024
    /// Outlines of traces kept between two windows: ten traces of 100,000 spans, or one of the largest.
    package static let maximumTraceOutlinesByteCount = 160 << 20
    /// Row groups and memtables whose repeated calls are known: as many as a store of thousands of millions of spans has.
    static let maximumRepeatedRowsUnitCount = 65_536
    /// Pairs of rows these may come to, of 8 bytes each: repeats are where an SDK traces itself inside an instrumentation.
    static let maximumRepeatedRowsPairCount = 4 << 20
    /// Threads of a query: the machine also ingests.
    package static let scanThreadCount = 2

    /// How long the query may run.
    package var timeMilliseconds: Int
    /// Bytes of groups, kept values and rows the query may hold.
    package var maximumMemoryByteCount: Int

    package init(timeMilliseconds: Int = Self.defaultTimeMilliseconds, maximumMemoryByteCount: Int = 256 << 20) {
        self.timeMilliseconds = min(max(timeMilliseconds, 1), Self.maximumTimeMilliseconds)
        self.maximumMemoryByteCount = maximumMemoryByteCount
    }
}
