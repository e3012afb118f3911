/// The list of traces, one row each.

import ByteCoding
import SpanStore
import TraceModel

package enum TraceSortField: String, CaseIterable, Sendable {
    case startTime = "start_time"
    case durationMilliseconds = "duration_ms"
    case spanCount = "span_count"
    case errorCount = "error_count"
    case totalTokens = "total_tokens"
    case cost

    func value(of figures: SpanFigures) -> QueryValue {
        switch self {
        case .startTime: .int(figures.start)
        case .durationMilliseconds: .int(figures.duration)
        case .spanCount: .int(Int64(figures.spanCount))
        case .errorCount: .int(Int64(figures.errorCount))
        case .totalTokens: QueryValue(figures.totalTokens)
        case .cost: QueryValue(figures.cost)
        }
    }
}

package typealias TraceListRequest = ListRequest<TraceSortField, TraceListField>

/// `GET /api/v1/traces`: a row per trace. A trace is listed when one of its spans (or, for texts, of its event records) matches the filter and
/// starts within the time range; its figures are of all its spans. There is no default time range.
///
/// Newest first, the default, reads units from the newest on and stops when no older one can matter. Any other order has
/// to look at every trace, within the limits of a query.
package struct TraceList: Sendable {
    let threads: ScanThreads

    package init(threads: ScanThreads) { self.threads = threads }

    package func list(
        _ request: TraceListRequest, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> TraceListPage {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            let units = snapshot.units, costBefore = snapshot.cost
            let cursor = try request.cursor.map { text throws(QueryError) in
                try PageCursor(text, order: request.fingerprint, valueCount: 1)
            }
            var counts = ScanCounts()
            var entries =
                if request.sort == .startTime, request.isDescending {
                    try await newest(request, cursor, units, threads, budget, &counts)
                } else {
                    try await sorted(request, cursor, units, threads, budget, &counts)
                }
            let hasMore = entries.count > request.limit
            entries = Array(entries.prefix(request.limit))
            let ids = entries.map(\.traceID)
            let finalCounts = counts
            let last = entries.last
            return try await threads.run {
                var page = TraceListPage(traces: try TraceSummary.read(ids, units, budget))
                if hasMore, let last {
                    page.nextCursor =
                        PageCursor(order: request.fingerprint, values: [last.value], traceID: last.traceID, spanID: .none).text
                }
                if request.explain {
                    page.explanation = finalCounts.explanation(
                        of: units, cost: snapshot.cost, since: costBefore, elapsedNanoseconds: budget.elapsedNanoseconds)
                }
                return page
            }
        }
    }

    private func newest(
        _ request: TraceListRequest, _ cursor: PageCursor?, _ units: [any ScanUnit], _ threads: ScanThreads, _ budget: QueryBudget,
        _ counts: inout ScanCounts
    ) async throws -> [TraceListEntry] {
        let keys = units.map { OrderKey.best(in: $0, field: .startTime, isDescending: true) }
        let order = units.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        // Where a unit takes its time, the next ones are looked at meanwhile, although the first may turn out to have enough.
        let bound = NewestTracesBound(), isCostly = FilterOperator(request.predicate, budget).isCostly
        let laneCount = isCostly ? QueryLimits.scanThreadCount : 1
        let set = try await ParallelScan.run(units, order: order, on: threads, maximumLaneCount: laneCount) {
            NewestTracesLane(request, cursor, units, bound, budget)
        }
        for lane in set.lanes { counts.merge(lane.counts) }
        guard set.lanes.count > 1 else { return set.lanes[0].heap.sorted() }
        // A trace with spans in several units may have been met by several lanes.
        var heap = TraceListEntry.heap(limit: request.limit + 1, isDescending: true), met = Set<TraceID>()
        for lane in set.lanes { for entry in lane.heap.elements where met.insert(entry.traceID).inserted { heap.insert(entry) } }
        return heap.sorted()
    }

    private func sorted(
        _ request: TraceListRequest, _ cursor: PageCursor?, _ units: [any ScanUnit], _ threads: ScanThreads, _ budget: QueryBudget,
        _ counts: inout ScanCounts
    ) async throws -> [TraceListEntry] {
        var members: TraceIndex?
        if !request.isUnfiltered {
            let set = try await ParallelScan.run(units, order: Array(units.indices), on: threads) {
                MatchingTracesLane(FilterOperator(request.predicate, budget, findsEvents: true), budget)
            }
            for lane in set.lanes { counts.merge(lane.counts) }
            members = try await threads.run {
                var all = set.lanes[0].index
                for lane in set.lanes.dropFirst() { for id in lane.index.ids { _ = all.place(of: id) } }
                return all
            }
        }
        let known = members
        let set = try await ParallelScan.run(units, order: Array(units.indices), on: threads, maximumLaneCount: 1) {
            TraceFiguresLane(known, budget)
        }
        for lane in set.lanes where known == nil { counts.merge(lane.counts) }
        return try await threads.run {
            var heap = TraceListEntry.heap(limit: request.limit + 1, isDescending: request.isDescending)
            for lane in set.lanes {
                lane.settle()
                for (id, figures) in zip(lane.index.ids, lane.figures) where figures.spanCount > 0 {
                    let entry = TraceListEntry(value: request.sort.value(of: figures), traceID: id)
                    if let cursor, !TraceListEntry(cursor).precedes(entry, isDescending: request.isDescending) { continue }
                    heap.insert(entry)
                }
            }
            return heap.sorted()
        }
    }
}

/// A trace on its way into a list: its sort value, then its id.
struct TraceListEntry: Sendable {
    var value: QueryValue
    var traceID: TraceID

    init(value: QueryValue, traceID: TraceID) {
        self.value = value
        self.traceID = traceID
    }

    init(_ cursor: PageCursor) { self.init(value: cursor.values[0], traceID: cursor.traceID) }

    func precedes(_ other: TraceListEntry, isDescending: Bool) -> Bool {
        let result = RowOrder.compare(value, other.value, isDescending: isDescending)
        return result != 0 ? result < 0 : traceID < other.traceID
    }

    static func heap(limit: Int, isDescending: Bool) -> BoundedHeap<TraceListEntry> {
        BoundedHeap(capacity: limit) { $0.precedes($1, isDescending: isDescending) }
    }
}

/// A page of the list of traces.
package struct TraceListPage: Equatable, Sendable {
    package var traces: [TraceSummary]
    package var nextCursor: String?
    package var explanation: Explanation?
    /// How far the list reaches in the order of arrival; left out where nobody asks.
    package var arrivalPosition: UInt64?

    package init(traces: [TraceSummary]) { self.traces = traces }

    /// `{"data":[...],"next_cursor":...}`
    package func encode(fields: [TraceListField] = TraceListField.allCases) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for trace in traces { trace.write(to: &writer, fields: fields) }
        writer.endArray()
        writer.key("next_cursor")
        if let nextCursor { writer.string(nextCursor) } else { writer.null() }
        if let arrivalPosition { writer.member("arrival_position", Int64(clamping: arrivalPosition)) }
        if let explanation {
            writer.key("explain")
            explanation.write(to: &writer)
        }
        writer.endObject()
        return writer.bytes
    }
}
