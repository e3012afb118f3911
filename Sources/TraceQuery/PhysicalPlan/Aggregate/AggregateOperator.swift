import SpanStore

/// Groups the rows of units and runs the aggregates over each group. One per lane; lanes are merged at the end.
struct AggregateOperator {
    private let fields: [SpanField]
    private let bucket: TimeBucket?
    private let aggregates: [Aggregate]
    private var table: GroupTable
    private var rowCounts: [Int] = []
    private var accumulators: [any Accumulator] = []
    private var accumulatorFields: [SpanField] = []
    /// For sums of what calls used: a call that two rows report is added once.
    private var accumulatorFigures: [RepeatedRows.Figure?] = []
    /// Which accumulator an aggregate reads; nil for those of `rowCounts`.
    private var sources: [Int?] = []
    private var countedByteCount = 0

    private enum Kind { case values, errors, sum, callSum, extremes, quantiles, distinct, exactDistinct }

    init(_ fields: [SpanField], _ aggregates: [Aggregate], bucket: TimeBucket?) {
        self.fields = fields
        self.bucket = bucket
        self.aggregates = aggregates
        table = GroupTable(columnCount: fields.count + (bucket == nil ? 0 : 1))
        var kinds: [(Kind, SpanField)] = []
        for aggregate in aggregates {
            guard let (kind, field) = Self.kind(of: aggregate) else {
                sources.append(nil)
                continue
            }
            // p50 and p99 of one field share what they keep.
            if let known = kinds.firstIndex(where: { $0 == (kind, field) }) {
                sources.append(known)
                continue
            }
            kinds.append((kind, field))
            sources.append(kinds.count - 1)
            accumulatorFields.append(field)
            accumulatorFigures.append(kind == .callSum ? RepeatedRows.Figure(field) : nil)
            accumulators.append(Self.accumulator(kind))
        }
    }

    private static func kind(of aggregate: Aggregate) -> (Kind, SpanField)? {
        switch aggregate.function {
        case .rate: nil
        case .count: aggregate.field.map { (.values, $0) }
        case .errorCount, .errorRate: (.errors, .status)
        case .sum: aggregate.field.map { (RepeatedRows.Figure($0) == nil ? .sum : .callSum, $0) }
        case .average: aggregate.field.map { (.sum, $0) }
        case .minimum, .maximum: aggregate.field.map { (.extremes, $0) }
        case .p50, .p90, .p95, .p99: aggregate.field.map { (.quantiles, $0) }
        case .countDistinct: aggregate.field.map { (aggregate.isExact ? .exactDistinct : .distinct, $0) }
        }
    }

    private static func accumulator(_ kind: Kind) -> any Accumulator {
        switch kind {
        case .values: ValueCountAccumulator()
        case .errors: ErrorAccumulator()
        case .sum, .callSum: SumAccumulator()
        case .extremes: ExtremeAccumulator()
        case .quantiles: QuantileAccumulator()
        case .distinct: DistinctAccumulator()
        case .exactDistinct: DistinctAccumulator(maximumExactCount: .max)
        }
    }

    /// Whether `add` wants to know which rows repeat a call.
    var countsCallsOnce: Bool { accumulatorFigures.contains { $0 != nil } }

    mutating func add(_ scan: UnitScan, rows: [Int32], repeated: RepeatedRows? = nil) throws {
        var columns: [FieldColumn] = []
        if let bucket { columns.append(try bucketColumn(bucket, scan, rows)) }
        for field in fields { columns.append(try scan.field(field, rows: rows)) }
        let groups = table.groups(of: columns, rowCount: rows.count)
        try grow(scan.budget)
        rowCounts.withUnsafeMutableBufferPointer { counts in
            for group in groups { counts[Int(group)] &+= 1 }
        }
        for (place, accumulator) in accumulators.enumerated() {
            try scan.budget.check()
            let column = try scan.field(accumulatorFields[place], rows: rows)
            if let figure = accumulatorFigures[place], let counted = repeated?.counted(figure, among: rows) {
                accumulator.add(
                    FieldColumn(vector: column.vector, positions: counted.map { column.positions[$0] }), groups: counted.map { groups[$0] })
            } else {
                accumulator.add(column, groups: groups)
            }
        }
        try count(scan.budget)
    }

    /// The number of the bucket each row starts in.
    private func bucketColumn(_ bucket: TimeBucket, _ scan: UnitScan, _ rows: [Int32]) throws -> FieldColumn {
        let start = try scan.column(.startTime, rows: rows)
        guard case .int64(let times, _) = start.vector else { throw QueryError(.storage, "start_time is not a column of integers") }
        // Bounds: `positions` are places in `times` (UnitScan checks the vector's count), one for each row.
        let numbers = times.withUnsafeBufferPointer { times in
            start.positions.withUnsafeBufferPointer { BucketNumbers.numbers(of: times, at: $0, bucket) }
        }
        return FieldColumn(vector: .int64(numbers, .all), positions: SortedRows.identity(rows.count))
    }

    private mutating func grow(_ budget: QueryBudget) throws {
        let groupCount = table.count
        // Asked before the arrays are made: a grouping by something unique must fail, not swap.
        try count(budget)
        rowCounts.append(contentsOf: repeatElement(0, count: groupCount - rowCounts.count))
        for accumulator in accumulators { accumulator.grow(to: groupCount) }
        try count(budget)
    }

    private mutating func count(_ budget: QueryBudget) throws {
        let byteCount = table.byteCount + rowCounts.count * 8 + accumulators.reduce(0) { $0 + $1.byteCount }
        try budget.use(byteCount: byteCount - countedByteCount)
        countedByteCount = byteCount
    }

    mutating func merge(_ other: AggregateOperator, _ budget: QueryBudget) throws {
        let mapping = table.merge(other.table)
        try grow(budget)
        for (group, count) in other.rowCounts.enumerated() { rowCounts[Int(mapping[group])] += count }
        for (mine, theirs) in zip(accumulators, other.accumulators) { mine.merge(theirs, mapping: mapping) }
        try count(budget)
        try budget.use(byteCount: -other.countedByteCount)
    }

    // MARK: The answer

    /// The first `limit` groups in order, and whether there are more. Ties, and no order at all, go by the keys.
    mutating func rows(order: [OrderTerm], limit: Int, seconds: Double?, _ budget: QueryBudget) throws -> ([[QueryValue]], Bool) {
        // Without grouping there is one row, also of nothing.
        if table.count == 1, fields.isEmpty, bucket == nil { try grow(budget) }
        let terms = order.isEmpty ? defaultOrder : order
        let keyCount = fields.count + (bucket == nil ? 0 : 1)
        var best = BoundedHeap<[QueryValue]>(capacity: limit + 1) { a, b in
            for term in terms {
                guard case .column(let column) = term.target else { continue }
                let result = RowOrder.compare(a[column], b[column], isDescending: term.isDescending)
                if result != 0 { return result < 0 }
            }
            for column in 0..<keyCount {
                let result = a[column].compare(b[column])
                if result != 0 { return result < 0 }
            }
            return false
        }
        for group in rowCounts.indices where rowCounts[group] > 0 || keyCount == 0 {
            if group & 4095 == 0 { try budget.check() }
            // Of many groups most are behind the last one kept by the first term alone: of those no row is made.
            if best.isFull, let term = terms.first, case .column(let column) = term.target, column >= keyCount, let worst = best.worst,
                RowOrder.compare(figure(column - keyCount, of: group, seconds), worst[column], isDescending: term.isDescending) > 0
            {
                continue
            }
            best.insert(row(group, seconds))
        }
        let sorted = best.sorted()
        return (Array(sorted.prefix(limit)), sorted.count > limit)
    }

    /// Over time: along the time. Else the largest first aggregate first.
    private var defaultOrder: [OrderTerm] {
        if bucket != nil { return [OrderTerm(.column(0), isDescending: false)] }
        return aggregates.isEmpty ? [] : [OrderTerm(.column(fields.count), isDescending: true)]
    }

    private func row(_ group: Int, _ seconds: Double?) -> [QueryValue] {
        var row: [QueryValue] = []
        row.reserveCapacity(fields.count + aggregates.count + 1)
        for (index, key) in table.keys(of: group).enumerated() {
            if let bucket, index == 0 {
                row.append(key.value(type: .time, bucket: bucket))
            } else {
                row.append(key.value(type: fields[index - (bucket == nil ? 0 : 1)].type, bucket: nil))
            }
        }
        for index in aggregates.indices { row.append(figure(index, of: group, seconds)) }
        return row
    }

    /// What an aggregate, by its place, says of a group.
    private func figure(_ index: Int, of group: Int, _ seconds: Double?) -> QueryValue {
        let aggregate = aggregates[index], rowCount = rowCounts[group]
        if let source = sources[index] {
            let value = accumulators[source].value(aggregate.function, group: group, type: aggregate.field?.type ?? .integer)
            guard aggregate.function == .errorRate, case .int(let errorCount) = value else { return value }
            return rowCount == 0 ? .null : .double(Double(errorCount) / Double(rowCount))
        }
        guard aggregate.function == .rate else { return .int(Int64(rowCount)) }
        let width = bucket?.seconds ?? seconds ?? 0
        return width > 0 ? .double(Double(rowCount) / width) : .null
    }
}
