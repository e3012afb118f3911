/// How many traces a filter lists, over time: `GET /api/v1/traces/histogram`. A trace counts once, where its earliest matching span starts
/// (where it starts itself, if only an event record of it matches), so the bars add up to the number of traces.

import ByteCoding
import SpanStore
import TraceModel

package struct TraceHistogramRequest: Sendable {
    package var filter = Filter.everything
    package var from: Int64?
    package var to: Int64?
    /// Nil: chosen to fit.
    package var bucket: TimeBucket?

    package init() {}

    /// `parameters`: names and values of the URL, percent-decoded.
    package init(parameters: [(name: String, value: String)]) throws(QueryError) {
        filter = try FilterParameters.parse(parameters)
        for (name, value) in parameters where name != "filter" && !name.hasPrefix("filter[") {
            switch name {
            case "from": from = try FilterLiteral.time(.string(value), "from")
            case "to": to = try FilterLiteral.time(.string(value), "to")
            case "bucket":
                guard let step = TimeBucket(value) else {
                    throw .malformed("bucket", "takes a step such as \"30s\", \"5m\", \"1h\" or \"1d\"")
                }
                bucket = step
            default: throw .malformed(name, "unknown parameter; known: filter from to bucket")
            }
        }
        if let from, let to, from > to { throw .malformed("to", "lies before from") }
    }
}

package struct TraceHistogram: Sendable, Equatable {
    package struct Bar: Sendable, Equatable {
        /// Of the bucket.
        package var startTimeUnixNano: Int64
        package var traceCount = 0
        /// Traces with an error in a matching span.
        package var errorTraceCount = 0
    }

    package var bucket: TimeBucket
    /// Every bucket of the range, also empty ones.
    package var bars: [Bar] = []
    package var traceCount: Int { bars.reduce(0) { $0 + $1.traceCount } }
    package var errorTraceCount: Int { bars.reduce(0) { $0 + $1.errorTraceCount } }

    /// `starts`: of each trace.
    init(starts: [Int64], hasError: [Bool], _ request: TraceHistogramRequest) throws(QueryError) {
        let first = request.from ?? starts.min(), last = request.to.map { max($0, .min + 1) - 1 } ?? starts.max()
        guard let first, let last, first <= last else {
            bucket = request.bucket ?? TimeBucket(nanoseconds: Self.steps[0])
            return
        }
        bucket = request.bucket ?? Self.fitting(first, last)
        let width = bucket.nanoseconds, lowest = TimeText.floorDivide(first, width)
        let count = TimeText.floorDivide(last, width) - lowest + 1
        guard count <= Int64(QueryLimits.maximumHistogramBucketCount) else {
            throw .malformed(
                "bucket", "makes \(count) buckets of the range, and at most \(QueryLimits.maximumHistogramBucketCount) are given")
        }
        bars = (lowest..<lowest + count).map { number in
            // The first bucket of all time begins before its first nanosecond.
            let (start, overflow) = number.multipliedReportingOverflow(by: width)
            return Bar(startTimeUnixNano: overflow ? .min : start)
        }
        for (start, hasError) in zip(starts, hasError) {
            let place = Int(TimeText.floorDivide(start, width) - lowest)
            bars[place].traceCount += 1
            if hasError { bars[place].errorTraceCount += 1 }
        }
    }

    private static let second: Int64 = 1_000_000_000
    private static let steps: [Int64] = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000].map {
        $0 * second
    }

    /// The smallest step that people count in which makes no more bars than a chart has room for; whole years for the rest.
    private static func fitting(_ first: Int64, _ last: Int64) -> TimeBucket {
        func count(_ step: Int64) -> Int64 { TimeText.floorDivide(last, step) - TimeText.floorDivide(first, step) + 1 }
        let wanted = Int64(QueryLimits.fittingHistogramBucketCount)
        if let step = steps.first(where: { count($0) <= wanted }) { return TimeBucket(nanoseconds: step) }
        var step = 365 * 86_400 * second
        while count(step) > wanted { step *= 2 }
        return TimeBucket(nanoseconds: step)
    }
}

extension TraceList {
    package func histogram(
        _ request: TraceHistogramRequest, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> TraceHistogram {
        try await QueryExecutor.run(limits) { budget in
            let units = snapshot.units
            let predicate = QueryRequest.predicate(request.filter, from: request.from, to: request.to)
            let set = try await ParallelScan.run(units, order: Array(units.indices), on: threads) {
                TraceStartsLane(FilterOperator(predicate, budget, findsEvents: true), budget)
            }
            return try await threads.run {
                var all = set.lanes[0].starts
                for lane in set.lanes.dropFirst() { try all.merge(lane.starts, budget) }
                var events = TraceIndex()
                for id in set.lanes.flatMap(\.eventTraces.ids) where !all.contains(id) { _ = events.place(of: id) }
                for (id, start) in zip(events.ids, try TraceRows.starts(of: events.ids, in: units, budget)) {
                    if let start { all.add(id, start: start, isError: false) }
                }
                return try TraceHistogram(starts: all.starts, hasError: all.hasError, request)
            }
        }
    }
}

/// Of each trace with a matching span: where the earliest one starts, and whether one has an error.
struct TraceStarts: Sendable {
    private var index = TraceIndex()
    private(set) var starts: [Int64] = []
    private(set) var hasError: [Bool] = []

    mutating func add(_ id: TraceID, start: Int64, isError: Bool) {
        let place = Int(index.place(of: id))
        if place == starts.count {
            starts.append(start)
            hasError.append(isError)
        } else {
            starts[place] = min(starts[place], start)
            if isError { hasError[place] = true }
        }
    }

    func contains(_ id: TraceID) -> Bool { index.existingPlace(of: id) != nil }

    mutating func merge(_ other: TraceStarts, _ budget: QueryBudget) throws(QueryError) {
        for (place, id) in other.index.ids.enumerated() {
            if place & 65_535 == 0 { try budget.check() }
            add(id, start: other.starts[place], isError: other.hasError[place])
        }
    }

    static let traceByteCount = 56
}

private final class TraceStartsLane: ScanLane {
    private var filter: FilterOperator
    private let budget: QueryBudget
    private(set) var starts = TraceStarts()
    /// Traces with a matching event record. Whether they have spans, and since when, other units may say.
    private(set) var eventTraces = TraceIndex()

    init(_ filter: FilterOperator, _ budget: QueryBudget) {
        self.filter = filter
        self.budget = budget
    }

    func process(_ unit: any ScanUnit, at index: Int) throws {
        try budget.check()
        let scan = UnitScan(unit, budget: budget)
        let found = try filter.select(scan).rows
        let rows = try SortedRows.subtract(unit.eventRows, from: found), events = SortedRows.subtract(rows, from: found)
        if !events.isEmpty {
            let column = try scan.column(.traceID, rows: events)
            guard case .traceIDs(let ids) = column.vector else { throw QueryError(.storage, "trace_id is not a column of ids") }
            let before = eventTraces.count
            for position in column.positions { _ = eventTraces.place(of: ids[Int(position)]) }
            try budget.use(byteCount: (eventTraces.count - before) * TraceStarts.traceByteCount)
        }
        if !rows.isEmpty {
            let traces = try scan.column(.traceID, rows: rows), times = try scan.column(.startTime, rows: rows)
            let statuses = try scan.column(.statusCode, rows: rows)
            guard case .traceIDs(let ids) = traces.vector, case .int64(let starts, _) = times.vector,
                case .int64(let codes, _) = statuses.vector
            else { throw QueryError(.storage, "trace_id, start_time or status is not a column of its type") }
            let before = self.starts.starts.count
            for index in rows.indices {
                self.starts.add(
                    ids[Int(traces.positions[index])], start: starts[Int(times.positions[index])],
                    isError: codes[Int(statuses.positions[index])] == EnumerationNames.statusError)
            }
            try budget.use(byteCount: (self.starts.starts.count - before) * TraceStarts.traceByteCount)
        }
        try scan.finish()
    }
}
