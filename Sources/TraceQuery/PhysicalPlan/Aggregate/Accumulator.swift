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

/// `error_count` over the status; the share of errors is the caller's to tell, who counts all rows.
final class ErrorAccumulator: Accumulator {
    private var errors: [Int] = []

    func grow(to groupCount: Int) { errors.append(contentsOf: repeatElement(0, count: groupCount - errors.count)) }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        guard case .int64(let statuses, _) = column.vector else { return }
        let error = EnumerationNames.statusError
        // Bounds: `positions` are places in `statuses` (UnitScan checks the vector's count), one for each group.
        errors.withUnsafeMutableBufferPointer { errors in
            statuses.withUnsafeBufferPointer { statuses in
                column.positions.withUnsafeBufferPointer { positions in
                    // A jump over what is rare.
                    for index in 0..<groups.count where statuses[Int(positions[index])] == error { errors[Int(groups[index])] &+= 1 }
                }
            }
        }
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? ErrorAccumulator else { return }
        for (group, count) in other.errors.enumerated() { errors[Int(mapping[group])] += count }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue { .int(Int64(errors[group])) }

    var byteCount: Int { errors.count * 8 }
}

/// `sum` and `avg`. Whole numbers are added in 64 bits, and what overflows them in 128, so that no sum of a store can; NaN counts as null.
final class SumAccumulator: Accumulator {
    private struct Sum {
        var integers: Int64 = 0
        var count = 0
    }

    private var sums: [Sum] = []
    /// What belongs to a group's `integers` beside: few groups have any.
    private var overflows: [Int: Int128] = [:]
    /// Sums of numbers that are not whole, of groups with such; empty where no row had one.
    private var doubles: [Double?] = []

    func grow(to groupCount: Int) {
        sums.append(contentsOf: repeatElement(Sum(), count: groupCount - sums.count))
        if !doubles.isEmpty { doubles.append(contentsOf: repeatElement(nil, count: groupCount - doubles.count)) }
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        var sums = sums
        self.sums = []
        defer { self.sums = sums }
        sums.withUnsafeMutableBufferPointer { sums in
            groups.withUnsafeBufferPointer { groups in
                NumericColumn.forEach(column) { index, value in
                    let group = Int(groups[index])
                    let (total, isOverflow) = sums[group].integers.addingReportingOverflow(value)
                    if isOverflow {
                        overflows[group, default: 0] += Int128(sums[group].integers)
                        sums[group].integers = value
                    } else {
                        sums[group].integers = total
                    }
                    sums[group].count &+= 1
                } double: { index, value in
                    let group = Int(groups[index])
                    add(value, to: group, of: sums.count)
                    sums[group].count &+= 1
                }
            }
        }
    }

    private func add(_ value: Double, to group: Int, of groupCount: Int) {
        if doubles.isEmpty { doubles = Array(repeating: nil, count: groupCount) }
        doubles[group] = (doubles[group] ?? 0) + value
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? SumAccumulator else { return }
        for (group, sum) in other.sums.enumerated() {
            let target = Int(mapping[group])
            let (total, isOverflow) = sums[target].integers.addingReportingOverflow(sum.integers)
            if isOverflow { overflows[target, default: 0] += Int128(sum.integers) } else { sums[target].integers = total }
            sums[target].count += sum.count
        }
        for (group, overflow) in other.overflows { overflows[Int(mapping[group]), default: 0] += overflow }
        for (group, value) in other.doubles.enumerated() {
            if let value { add(value, to: Int(mapping[group]), of: sums.count) }
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        let sum = sums[group], double = doubles.isEmpty ? nil : doubles[group]
        guard sum.count > 0 else { return .null }
        var integers = Double(sum.integers)
        if let overflow = overflows[group] {
            let whole = overflow + Int128(sum.integers)
            if let whole = Int64(exactly: whole), double == nil, function == .sum { return .int(whole) }
            integers = Double(whole)
        } else if double == nil, function == .sum {
            return .int(sum.integers)
        }
        let total = (double ?? 0) + integers
        return .double(function == .average ? total / Double(sum.count) : total)
    }

    var byteCount: Int { sums.count * MemoryLayout<Sum>.stride + overflows.count * 64 + doubles.count * MemoryLayout<Double?>.stride }
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
        // Bounds, of both: `positions` are places in `values` and its validity (UnitScan checks the vector's count).
        case .int64(let values, .all):
            values.withUnsafeBufferPointer { values in
                positions.withUnsafeBufferPointer { positions in
                    for index in 0..<positions.count { integer(index, values[Int(positions[index])]) }
                }
            }
        case .int64(let values, .some(let flags)):
            values.withUnsafeBufferPointer { values in
                flags.withUnsafeBufferPointer { flags in
                    positions.withUnsafeBufferPointer { positions in
                        for index in 0..<positions.count where flags[Int(positions[index])] {
                            integer(index, values[Int(positions[index])])
                        }
                    }
                }
            }
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
