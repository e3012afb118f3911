import SpanStore
import TraceModel

/// The columns of one unit while it is scanned: read whole when many rows want them, gathered when few do, kept until the
/// unit is done, and combined into derived fields.
final class UnitScan {
    let unit: any ScanUnit
    let budget: QueryBudget
    private var loaded: [ScanColumn: Loaded] = [:]
    private var loadedByteCount = 0

    private struct Loaded {
        var vector: ColumnVector
        /// The rows of the vector; nil for all of the unit.
        var rows: [Int32]?
    }

    init(_ unit: any ScanUnit, budget: QueryBudget) {
        self.unit = unit
        self.budget = budget
    }

    /// Forgets the unit's columns and gives their memory back.
    func finish() throws {
        loaded = [:]
        try budget.use(byteCount: -loadedByteCount)
        loadedByteCount = 0
    }

    /// Every row that is not masked.
    func visibleRows() throws -> [Int32] {
        let masked = try unit.maskedRows
        if masked.isEmpty { return SortedRows.identity(unit.rowCount) }
        var rows: [Int32] = []
        rows.reserveCapacity(unit.rowCount - masked.count)
        var next = 0
        for row in 0..<Int32(unit.rowCount) {
            if next < masked.count, masked[next] == row { next += 1 } else { rows.append(row) }
        }
        return rows
    }

    /// Takes the masked rows out of ascending rows.
    func withoutMasked(_ rows: [Int32]) throws -> [Int32] {
        let masked = try unit.maskedRows
        return masked.isEmpty ? rows : SortedRows.subtract(masked, from: rows)
    }

    func field(_ field: SpanField, rows: [Int32]) throws -> FieldColumn {
        if let column = field.column { return try self.column(column, rows: rows) }
        switch field {
        case .endTime:
            let start = try column(.startTime, rows: rows), duration = try column(.duration, rows: rows)
            return DerivedFields.endTime(start: start, duration: duration)
        case .durationMilliseconds: return DerivedFields.milliseconds(try column(.duration, rows: rows))
        case .totalTokens:
            return DerivedFields.sum(try column(.inputTokens, rows: rows), try column(.outputTokens, rows: rows))
        case .inputUncachedTokens:
            return DerivedFields.rest(
                try column(.inputTokens, rows: rows),
                without: [try column(.cacheReadTokens, rows: rows), try column(.cacheWriteTokens, rows: rows)])
        case .outputVisibleTokens:
            return DerivedFields.rest(try column(.outputTokens, rows: rows), without: [try column(.reasoningTokens, rows: rows)])
        default:
            return DerivedFields.firstText(try column(.responseModel, rows: rows), try column(.requestModel, rows: rows))
        }
    }

    /// A column that is asked for again and again is read whole, and kept, if one row in so many is wanted: decoding it once costs less than
    /// finding the rows' pages every time.
    private static let maximumRowsPerWanted = 64

    /// Long values are only read where they are wanted; of narrow ones, reading all is cheaper once a quarter is.
    private static func readsWhole(_ column: ScanColumn, rowCount: Int, of total: Int) -> Bool {
        switch column {
        case .input, .output: rowCount == total
        case .attribute: rowCount * 2 >= total
        default: rowCount * 4 >= total
        }
    }

    func column(_ column: ScanColumn, rows: [Int32]) throws -> FieldColumn {
        if let known = loaded[column] {
            guard let knownRows = known.rows else { return FieldColumn(vector: known.vector, positions: rows) }
            if let positions = SortedRows.positions(of: rows, in: knownRows) {
                return FieldColumn(vector: known.vector, positions: positions)
            }
        }
        try budget.check()
        if let vector = unit.known(column), vector.count == unit.rowCount {
            loaded[column] = Loaded(vector: vector, rows: nil)
            return FieldColumn(vector: vector, positions: rows)
        }
        let readsAll =
            Self.readsWhole(column, rowCount: rows.count, of: unit.rowCount)
            || rows.count * Self.maximumRowsPerWanted >= unit.rowCount && unit.isWorthKeeping(column)
        let vector = try readsAll ? unit.read(column, rows: 0..<unit.rowCount) : unit.gather(column, rows: rows)
        guard vector.count == (readsAll ? unit.rowCount : rows.count) else {
            throw QueryError(.storage, "a column has \(vector.count) values where \(readsAll ? unit.rowCount : rows.count) were asked for")
        }
        let byteCount = vector.approximateByteCount
        loadedByteCount += byteCount
        try budget.use(byteCount: byteCount)
        loaded[column] = Loaded(vector: vector, rows: readsAll ? nil : rows)
        return FieldColumn(vector: vector, positions: readsAll ? rows : SortedRows.identity(rows.count))
    }
}

/// Set operations on ascending row numbers.
enum SortedRows {
    static func identity(_ count: Int) -> [Int32] {
        [Int32](unsafeUninitializedCapacity: count) { rows, filled in
            for row in 0..<count { rows[row] = Int32(truncatingIfNeeded: row) }
            filled = count
        }
    }

    static func rows(of values: [Int64], atLeast minimum: Int64) -> [Int32] { rows(of: values) { $0 >= minimum } }

    static func rows(of values: [Int64], atMost maximum: Int64) -> [Int32] { rows(of: values) { $0 <= maximum } }

    /// The rows whose values pass, where few do: one branch for eight of them.
    @inline(__always)
    private static func rows(of values: [Int64], _ passes: (Int64) -> Bool) -> [Int32] {
        var rows: [Int32] = []
        values.withUnsafeBufferPointer { values in
            var row = 0
            while row < values.count {
                let end = min(row &+ 8, values.count)
                var count = 0
                if end &- row == 8 {
                    // Eight values lie from `row` on.
                    for place in 0..<8 { count &+= passes(values[row &+ place]) ? 1 : 0 }
                } else {
                    count = 1
                }
                if count > 0 { for place in row..<end where passes(values[place]) { rows.append(Int32(truncatingIfNeeded: place)) } }
                row = end
            }
        }
        return rows
    }

    /// Places of `rows` in `all`; nil unless every one is there.
    static func positions(of rows: [Int32], in all: [Int32]) -> [Int32]? {
        if rows.count == all.count { return rows == all ? identity(rows.count) : nil }
        guard rows.count < all.count else { return nil }
        var result: [Int32] = []
        result.reserveCapacity(rows.count)
        var place = 0
        for row in rows {
            while place < all.count, all[place] < row { place += 1 }
            guard place < all.count, all[place] == row else { return nil }
            result.append(Int32(place))
        }
        return result
    }

    static func subtract(_ removed: [Int32], from rows: [Int32]) -> [Int32] {
        guard !removed.isEmpty else { return rows }
        // A few rows of a trace beside all that is masked in its unit.
        if rows.count < removed.count / 16 { return rows.filter { !contains($0, in: removed) } }
        var result: [Int32] = []
        result.reserveCapacity(rows.count)
        var place = 0
        for row in rows {
            while place < removed.count, removed[place] < row { place += 1 }
            if place < removed.count, removed[place] == row { continue }
            result.append(row)
        }
        return result
    }

    private static func contains(_ row: Int32, in rows: [Int32]) -> Bool {
        var low = 0, high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row
    }

    static func union(_ a: [Int32], _ b: [Int32]) -> [Int32] {
        if a.isEmpty { return b }
        if b.isEmpty { return a }
        var result: [Int32] = []
        result.reserveCapacity(a.count + b.count)
        var i = 0
        var j = 0
        while i < a.count, j < b.count {
            if a[i] < b[j] {
                result.append(a[i])
                i += 1
            } else {
                if a[i] == b[j] { i += 1 }
                result.append(b[j])
                j += 1
            }
        }
        result.append(contentsOf: a[i...])
        result.append(contentsOf: b[j...])
        return result
    }
}
