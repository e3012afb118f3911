import SpanStore
import TraceModel

/// Runs queries over snapshots: prunes units, scans them on the scan threads, merges, and answers rows.
package struct QueryExecutor: Sendable {
    let threads: ScanThreads
    private let repeatedRows = RepeatedRowsCache()

    package init(threads: ScanThreads) { self.threads = threads }

    package func execute(
        _ request: QueryRequest, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> QueryResult {
        let limits = QueryLimits(
            timeMilliseconds: request.timeMilliseconds ?? limits.timeMilliseconds, maximumMemoryByteCount: limits.maximumMemoryByteCount)
        return try await Self.run(limits) { budget in
            switch request.answer {
            case .spans(let fields): try await select(fields, request, snapshot, budget)
            case .groups(let fields, let aggregates, let bucket):
                try await group(fields, aggregates, bucket, request, snapshot, budget)
            }
        }
    }

    /// Runs `body` with a budget that ends with the task; errors become the engine's.
    static func run<Value: Sendable>(
        _ limits: QueryLimits, _ body: (QueryBudget) async throws -> Value
    ) async throws(QueryError) -> Value {
        let budget = QueryBudget(limits)
        do {
            return try await withTaskCancellationHandler {
                try await body(budget)
            } onCancel: {
                budget.cancel()
            }
        } catch {
            throw QueryError.wrapping(error)
        }
    }

    // MARK: Groups

    private func group(
        _ fields: [SpanField], _ aggregates: [Aggregate], _ bucket: TimeBucket?, _ request: QueryRequest, _ snapshot: any StoreSnapshot,
        _ budget: QueryBudget
    ) async throws -> QueryResult {
        let units = snapshot.units, costBefore = snapshot.cost
        let predicate = request.predicate, repeatedRows = repeatedRows
        let set = try await ParallelScan.run(units, order: Array(units.indices), on: threads) {
            GroupLane(FilterOperator(predicate, budget), AggregateOperator(fields, aggregates, bucket: bucket), repeatedRows, budget)
        }
        return try await threads.run {
            var counts = ScanCounts()
            var total = AggregateOperator(fields, aggregates, bucket: bucket)
            for lane in set.lanes {
                counts.merge(lane.counts)
                try total.merge(lane.aggregate, budget)
            }
            var seconds: Double?
            if let from = request.from, let to = request.to { seconds = (Double(to) - Double(from)) / 1e9 }
            let (rows, isTruncated) = try total.rows(order: request.order, limit: request.limit, seconds: seconds, budget)
            var result = QueryResult(columns: request.columns, rows: rows, isTruncated: isTruncated)
            if request.explain {
                result.explanation = counts.explanation(
                    of: units, cost: snapshot.cost, since: costBefore, elapsedNanoseconds: budget.elapsedNanoseconds)
            }
            return result
        }
    }

    private final class GroupLane: ScanLane {
        private var filter: FilterOperator
        private(set) var aggregate: AggregateOperator
        private(set) var counts = ScanCounts()
        private let repeatedRows: RepeatedRowsCache
        private let budget: QueryBudget

        init(_ filter: FilterOperator, _ aggregate: AggregateOperator, _ repeatedRows: RepeatedRowsCache, _ budget: QueryBudget) {
            self.filter = filter
            self.aggregate = aggregate
            self.repeatedRows = repeatedRows
            self.budget = budget
        }

        func process(_ unit: any ScanUnit, at index: Int) throws {
            try budget.check()
            let scan = UnitScan(unit, budget: budget)
            let rows = counts.add(try filter.select(scan), unit: index)
            if !rows.isEmpty {
                let repeated = aggregate.countsCallsOnce ? try repeatedRows.repeatedRows(of: unit, budget) : nil
                try aggregate.add(scan, rows: rows, repeated: repeated)
            }
            try scan.finish()
        }
    }

    // MARK: Spans

    /// The page of spans that a request for spans means, by where they lie: for those who want some of them whole. Its selection is not
    /// looked at.
    package func locate(
        _ request: QueryRequest, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> SpanLocations {
        try await Self.run(limits) { budget in
            let units = snapshot.units
            let page = try await page(request, units, budget)
            return SpanLocations(spans: page.candidates.map { SpanLocation($0) }, units: units, nextCursor: page.nextCursor)
        }
    }

    /// Some spans of a page, whole with their event records, in the order given. Throws `QueryError`.
    package func records(
        of spans: [SpanLocation], on page: SpanLocations, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> [SpanRecord] {
        let threads = threads
        return try await Self.run(limits) { budget in
            try await threads.run {
                var records = try spans.map { span in
                    try budget.check()
                    guard let record = try page.units[span.unit].records(at: [span.row]).first else {
                        throw QueryError(.storage, "a row of a unit is not there")
                    }
                    return record
                }
                try EventRecords.join(&records, from: page.units, budget)
                return records
            }
        }
    }

    private struct FoundPage {
        var candidates: [RowOrder.Candidate]
        var nextCursor: String?
        var counts: ScanCounts
    }

    private func page(_ request: QueryRequest, _ units: [any ScanUnit], _ budget: QueryBudget) async throws -> FoundPage {
        let order = RowOrder(request.order)
        let fingerprint = PageCursor.fingerprint(request.order)
        var cursor: RowOrder.Candidate?
        if let text = request.cursor { cursor = try Self.candidate(text, order, fingerprint) }
        let predicate = request.predicate
        let bound = SortBound()
        // Units that may hold the best rows first, so that the bound falls early.
        let first = order.terms[0]
        let keys = units.map { OrderKey.best(in: $0, field: first.field, isDescending: first.isDescending) }
        let unitOrder = units.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        let start = cursor
        let set = try await ParallelScan.run(units, order: unitOrder, on: threads) {
            SelectLane(
                FilterOperator(predicate, budget),
                SortOperator(order, limit: request.limit + 1, cursor: start, bound: bound, units: units), budget)
        }
        var found = FoundPage(candidates: [], counts: ScanCounts())
        var keyedRows: [SortOperator.KeyedRow] = []
        for lane in set.lanes {
            found.counts.merge(lane.counts)
            found.candidates.append(contentsOf: lane.sort.heap.elements)
            keyedRows.append(contentsOf: lane.sort.keyedRows)
        }
        let unsorted = found.candidates + (try await candidates(keyedRows, order, limit: request.limit + 1, bound, units, budget))
        found.candidates = try await threads.run { unsorted.sorted { order.precedes($0, $1) } }
        let isTruncated = found.candidates.count > request.limit
        found.candidates = Array(found.candidates.prefix(request.limit))
        if isTruncated, let last = found.candidates.last {
            found.nextCursor = PageCursor(order: fingerprint, values: last.values, traceID: last.traceID, spanID: last.spanID).text
        }
        return found
    }

    /// The rows that all lanes together have kept by their keys, without those that others of them push out.
    private func candidates(
        _ rows: [SortOperator.KeyedRow], _ order: RowOrder, limit: Int, _ bound: SortBound, _ units: [any ScanUnit], _ budget: QueryBudget
    ) async throws -> [RowOrder.Candidate] {
        var rows = rows
        if rows.count > limit {
            let last = min(bound.current, SortOperator.key(ofRank: limit, in: rows.lazy.map(\.key)))
            rows.removeAll { $0.key > last }
        }
        let byUnit = Dictionary(uniqueKeysWithValues: SortOperator.byUnit(rows).map { ($0.unit, $0.rows) })
        let set = try await ParallelScan.run(units, order: byUnit.keys.sorted(), on: threads) { CandidateLane(byUnit, order, budget) }
        return set.lanes.flatMap(\.candidates)
    }

    private final class CandidateLane: ScanLane {
        private let rows: [Int: [SortOperator.KeyedRow]]
        private let order: RowOrder
        private let budget: QueryBudget
        private(set) var candidates: [RowOrder.Candidate] = []

        init(_ rows: [Int: [SortOperator.KeyedRow]], _ order: RowOrder, _ budget: QueryBudget) {
            self.rows = rows
            self.order = order
            self.budget = budget
        }

        func process(_ unit: any ScanUnit, at index: Int) throws {
            let scan = UnitScan(unit, budget: budget)
            candidates += try SortOperator.candidates(rows[index] ?? [], scan, order)
            try scan.finish()
        }
    }

    private func select(
        _ fields: [SpanField], _ request: QueryRequest, _ snapshot: any StoreSnapshot, _ budget: QueryBudget
    ) async throws -> QueryResult {
        let units = snapshot.units, costBefore = snapshot.cost
        let page = try await page(request, units, budget)
        let materialization = Materialization(page.candidates, fields: fields, RowOrder(request.order), budget)
        let rows = try await materialization.rows(of: units, on: threads)
        var result = QueryResult(columns: request.columns, rows: rows, isTruncated: page.nextCursor != nil)
        result.nextCursor = page.nextCursor
        if request.explain {
            result.explanation = page.counts.explanation(
                of: units, cost: snapshot.cost, since: costBefore, elapsedNanoseconds: budget.elapsedNanoseconds)
        }
        return result
    }

    private static func candidate(_ text: String, _ order: RowOrder, _ fingerprint: String) throws(QueryError) -> RowOrder.Candidate {
        let cursor = try PageCursor(text, order: fingerprint, valueCount: order.terms.count)
        let first = order.terms[0]
        return RowOrder.Candidate(
            key: OrderKey.key(of: cursor.values[0], field: first.field, isDescending: first.isDescending), values: cursor.values,
            traceID: cursor.traceID, spanID: cursor.spanID, unit: 0, row: 0)
    }

    private final class SelectLane: ScanLane {
        private var filter: FilterOperator
        private(set) var sort: SortOperator
        private(set) var counts = ScanCounts()
        private let budget: QueryBudget

        init(_ filter: FilterOperator, _ sort: SortOperator, _ budget: QueryBudget) {
            self.filter = filter
            self.sort = sort
            self.budget = budget
        }

        func process(_ unit: any ScanUnit, at index: Int) throws {
            try budget.check()
            if sort.excludes(unit) {
                counts.skipped[PruningReason.order.rawValue] += 1
                return
            }
            let scan = UnitScan(unit, budget: budget)
            let sort = sort
            let outcome = try filter.select(scan, beginning: { try sort.rowsWithinBound(scan) }, narrowing: { try sort.narrow($0, scan) })
            try self.sort.add(scan, rows: counts.add(outcome, unit: index), unit: index, budget)
            try scan.finish()
        }
    }
}
