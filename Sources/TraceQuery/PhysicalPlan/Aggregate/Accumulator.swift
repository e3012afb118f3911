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
        for index in groups.indices {
            errors[Int(groups[index])] += statuses[Int(column.positions[index])] == EnumerationNames.statusError ? 1 : 0
            rows[Int(groups[index])] += 1
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
    private var integers: [Int128] = []
    private var doubles: [Double] = []
    private var hasDouble: [Bool] = []
    private var counts: [Int] = []

    func grow(to groupCount: Int) {
        integers.append(contentsOf: repeatElement(0, count: groupCount - integers.count))
        doubles.append(contentsOf: repeatElement(0, count: groupCount - doubles.count))
        hasDouble.append(contentsOf: repeatElement(false, count: groupCount - hasDouble.count))
        counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count))
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        NumericColumn.forEach(column) { index, value in
            let group = Int(groups[index])
            integers[group] &+= Int128(value)
            counts[group] &+= 1
        } double: { index, value in
            let group = Int(groups[index])
            doubles[group] += value
            hasDouble[group] = true
            counts[group] &+= 1
        }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? SumAccumulator else { return }
        for group in other.counts.indices {
            let target = Int(mapping[group])
            integers[target] += other.integers[group]
            doubles[target] += other.doubles[group]
            if other.hasDouble[group] { hasDouble[target] = true }
            counts[target] += other.counts[group]
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        guard counts[group] > 0 else { return .null }
        let sum = doubles[group] + Double(integers[group])
        if function == .average { return .double(sum / Double(counts[group])) }
        if !hasDouble[group], let whole = Int64(exactly: integers[group]) { return .int(whole) }
        return .double(sum)
    }

    var byteCount: Int { counts.count * 33 }
}

/// `min` and `max`.
final class ExtremeAccumulator: Accumulator {
    private var minimumIntegers: [Int64] = []
    private var maximumIntegers: [Int64] = []
    private var minimumDoubles: [Double] = []
    private var maximumDoubles: [Double] = []
    private var hasInteger: [Bool] = []
    private var hasDouble: [Bool] = []

    func grow(to groupCount: Int) {
        let added = groupCount - hasInteger.count
        minimumIntegers.append(contentsOf: repeatElement(.max, count: added))
        maximumIntegers.append(contentsOf: repeatElement(.min, count: added))
        minimumDoubles.append(contentsOf: repeatElement(.infinity, count: added))
        maximumDoubles.append(contentsOf: repeatElement(-.infinity, count: added))
        hasInteger.append(contentsOf: repeatElement(false, count: added))
        hasDouble.append(contentsOf: repeatElement(false, count: added))
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        NumericColumn.forEach(column) { index, value in
            let group = Int(groups[index])
            minimumIntegers[group] = min(minimumIntegers[group], value)
            maximumIntegers[group] = max(maximumIntegers[group], value)
            hasInteger[group] = true
        } double: { index, value in
            let group = Int(groups[index])
            minimumDoubles[group] = min(minimumDoubles[group], value)
            maximumDoubles[group] = max(maximumDoubles[group], value)
            hasDouble[group] = true
        }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? ExtremeAccumulator else { return }
        for group in other.hasInteger.indices {
            let target = Int(mapping[group])
            minimumIntegers[target] = min(minimumIntegers[target], other.minimumIntegers[group])
            maximumIntegers[target] = max(maximumIntegers[target], other.maximumIntegers[group])
            minimumDoubles[target] = min(minimumDoubles[target], other.minimumDoubles[group])
            maximumDoubles[target] = max(maximumDoubles[target], other.maximumDoubles[group])
            if other.hasInteger[group] { hasInteger[target] = true }
            if other.hasDouble[group] { hasDouble[target] = true }
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        let wantsMinimum = function == .minimum
        let integer = wantsMinimum ? minimumIntegers[group] : maximumIntegers[group]
        let double = wantsMinimum ? minimumDoubles[group] : maximumDoubles[group]
        switch (hasInteger[group], hasDouble[group]) {
        case (false, false): return .null
        case (true, false): return type == .time ? .time(integer) : .int(integer)
        case (false, true): return .double(double)
        case (true, true):
            let isIntegerFirst = QueryValue.int(integer).compare(.double(double)) < 0
            return isIntegerFirst == wantsMinimum ? .int(integer) : .double(double)
        }
    }

    var byteCount: Int { hasInteger.count * 34 }
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
