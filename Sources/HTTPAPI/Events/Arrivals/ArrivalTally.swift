/// What came in for a filter since somebody began to follow it: a pure value. Counts only grow, so that a follower who misses a message
/// misses none of them.

import TraceModel

struct ArrivalTally: Sendable, Equatable {
    private(set) var spanCount: Int64 = 0
    /// Traces that were not among the newest ones already.
    private(set) var traceCount: Int64 = 0
    /// Of the last addition: the newest of its traces, the newest last.
    private(set) var newest: [TraceID] = []
    /// False once something came in faster than it could be held against the filter.
    private(set) var isComplete = true
    private var recent: Set<TraceID> = []
    /// The traces of `recent` in the order they came; the first is the next to be forgotten.
    private var order: [TraceID] = []
    private var head = 0

    /// - Parameter traces: each once, in the order of arrival.
    mutating func add(spanCount count: Int, traces: [TraceID]) {
        spanCount += Int64(count)
        newest = Array(traces.suffix(EventLimits.newestTraceCount))
        for trace in traces where recent.insert(trace).inserted {
            traceCount += 1
            order.append(trace)
            guard order.count - head > EventLimits.rememberedTraceCount else { continue }
            recent.remove(order[head])
            head += 1
            if head > EventLimits.rememberedTraceCount {
                order.removeFirst(head)
                head = 0
            }
        }
    }

    mutating func missed() { isComplete = false }
}
