import SpanStore
import TraceModel

/// The running state of one or more aggregates over one field, an element per group. Called once per unit; the loops are
/// inside. A class, so that its arrays stay where they are.
protocol Accumulator: AnyObject {
    /// Makes room for groups up to `groupCount`.
    func grow(to groupCount: Int)
    /// Adds the selected rows; `groups` has a group for each.
    func add(_ column: FieldColumn, groups: [UInt32])
    /// Adds another lane's state; `mapping` gives the group here for each group there.
    func merge(_ other: any Accumulator, mapping: [UInt32])
    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue
    /// Memory, roughly.
    var byteCount: Int { get }
}

/// `count(field)`: rows where it is not null.
final class ValueCountAccumulator: Accumulator {
    private var counts: [Int] = []

    func grow(to groupCount: Int) { counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count)) }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        // The kept indices of 0, 1, 2... are the places of the rows with a value.
        for index in LeafEvaluation.keepValid(column, SortedRows.identity(groups.count)) { counts[Int(groups[Int(index)])] += 1 }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? ValueCountAccumulator else { return }
        for (group, count) in other.counts.enumerated() { counts[Int(mapping[group])] += count }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue { .int(Int64(counts[group])) }

    var byteCount: Int { counts.count * 8 }
}

/// `error_count` and `error_rate`, over the status.
final class ErrorAccumulator: Accumulator {
    private var errors: [Int] = []
    private var rows: [Int] = []

    func grow(to groupCount: Int) {
        errors.append(contentsOf: repeatElement(0, count: groupCount - errors.count))
        rows.append(contentsOf: repeatElement(0, count: groupCount - rows.count))
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        guard case .int64(let statuses, _) = column.vector else { return }
        let error = EnumerationNames.statusError
        // Bounds: `positions` are places in `statuses` (UnitScan checks the vector's count), one for each group.
        errors.withUnsafeMutableBufferPointer { errors in
            rows.withUnsafeMutableBufferPointer { rows in
                statuses.withUnsafeBufferPointer { statuses in
                    column.positions.withUnsafeBufferPointer { positions in
                        for index in groups.indices {
                            let group = Int(groups[index])
                            errors[group] &+= statuses[Int(positions[index])] == error ? 1 : 0
                            rows[group] &+= 1
                        }
                    }
                }
            }
        }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? ErrorAccumulator else { return }
        for group in other.rows.indices {
            errors[Int(mapping[group])] += other.errors[group]
            rows[Int(mapping[group])] += other.rows[group]
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        if function == .errorCount { return .int(Int64(errors[group])) }
        return rows[group] == 0 ? .null : .double(Double(errors[group]) / Double(rows[group]))
    }

    var byteCount: Int { rows.count * 16 }
}

/// `sum` and `avg`. Whole numbers are added in 128 bits, so that no sum of a store can overflow; NaN counts as null.
final class SumAccumulator: Accumulator {
    private struct Sum {
        var integers: Int128 = 0
        var doubles = 0.0
        var count = 0
        var hasDouble = false
    }

    private var sums: [Sum] = []

    func grow(to groupCount: Int) { sums.append(contentsOf: repeatElement(Sum(), count: groupCount - sums.count)) }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        sums.withUnsafeMutableBufferPointer { sums in
            NumericColumn.forEach(column) { index, value in
                let group = Int(groups[index])
                sums[group].integers &+= Int128(value)
                sums[group].count &+= 1
            } double: { index, value in
                let group = Int(groups[index])
                sums[group].doubles += value
                sums[group].hasDouble = true
                sums[group].count &+= 1
            }
        }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? SumAccumulator else { return }
        for (group, sum) in other.sums.enumerated() {
            let target = Int(mapping[group])
            sums[target].integers += sum.integers
            sums[target].doubles += sum.doubles
            sums[target].count += sum.count
            if sum.hasDouble { sums[target].hasDouble = true }
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        let sum = sums[group]
        guard sum.count > 0 else { return .null }
        let total = sum.doubles + Double(sum.integers)
        if function == .average { return .double(total / Double(sum.count)) }
        if !sum.hasDouble, let whole = Int64(exactly: sum.integers) { return .int(whole) }
        return .double(total)
    }

    var byteCount: Int { sums.count * MemoryLayout<Sum>.stride }
}

/// `min` and `max`.
final class ExtremeAccumulator: Accumulator {
    private struct Extremes {
        var minimumInteger = Int64.max
        var maximumInteger = Int64.min
        var minimumDouble = Double.infinity
        var maximumDouble = -Double.infinity
        var hasInteger = false
        var hasDouble = false
    }

    private var extremes: [Extremes] = []

    func grow(to groupCount: Int) { extremes.append(contentsOf: repeatElement(Extremes(), count: groupCount - extremes.count)) }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        extremes.withUnsafeMutableBufferPointer { extremes in
            NumericColumn.forEach(column) { index, value in
                let group = Int(groups[index])
                extremes[group].minimumInteger = min(extremes[group].minimumInteger, value)
                extremes[group].maximumInteger = max(extremes[group].maximumInteger, value)
                extremes[group].hasInteger = true
            } double: { index, value in
                let group = Int(groups[index])
                extremes[group].minimumDouble = min(extremes[group].minimumDouble, value)
                extremes[group].maximumDouble = max(extremes[group].maximumDouble, value)
                extremes[group].hasDouble = true
            }
        }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? ExtremeAccumulator else { return }
        for (group, added) in other.extremes.enumerated() {
            let target = Int(mapping[group])
            extremes[target].minimumInteger = min(extremes[target].minimumInteger, added.minimumInteger)
            extremes[target].maximumInteger = max(extremes[target].maximumInteger, added.maximumInteger)
            extremes[target].minimumDouble = min(extremes[target].minimumDouble, added.minimumDouble)
            extremes[target].maximumDouble = max(extremes[target].maximumDouble, added.maximumDouble)
            if added.hasInteger { extremes[target].hasInteger = true }
            if added.hasDouble { extremes[target].hasDouble = true }
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        let wantsMinimum = function == .minimum
        let found = extremes[group]
        let integer = wantsMinimum ? found.minimumInteger : found.maximumInteger
        let double = wantsMinimum ? found.minimumDouble : found.maximumDouble
        switch (found.hasInteger, found.hasDouble) {
        case (false, false): return .null
        case (true, false): return type == .time ? .time(integer) : .int(integer)
        case (false, true): return .double(double)
        case (true, true):
            let isIntegerFirst = QueryValue.int(integer).compare(.double(double)) < 0
            return isIntegerFirst == wantsMinimum ? .int(integer) : .double(double)
        }
    }

    var byteCount: Int { extremes.count * MemoryLayout<Extremes>.stride }
}

/// The numbers of a column, whatever its vector: nulls, NaN and other values are passed over.
enum NumericColumn {
    @inline(__always)
    static func forEach(_ column: FieldColumn, integer: (Int, Int64) -> Void, double: (Int, Double) -> Void) {
        let positions = column.positions
        switch column.vector {
        case .int64(let values, .all):
            for index in positions.indices { integer(index, values[Int(positions[index])]) }
        case .int64(let values, .some(let flags)):
            for index in positions.indices where flags[Int(positions[index])] { integer(index, values[Int(positions[index])]) }
        case .double(let values, let validity):
            for index in positions.indices where validity.isValid(Int(positions[index])) {
                let value = values[Int(positions[index])]
                if !value.isNaN { double(index, value) }
            }
        case .attributes(let values):
            for index in positions.indices {
                switch values[Int(positions[index])] {
                case .int(let value)?: integer(index, value)
                case .double(let value)? where !value.isNaN: double(index, value)
                default: continue
                }
            }
        case .int64(_, .none), .boolean, .dictionary, .traceIDs, .spanIDs: break
        }
    }
}
