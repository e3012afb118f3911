import SpanStore

/// `p50` to `p99` of one field together. A group keeps its values until there are too many, then counts them in a sketch.
final class QuantileAccumulator: Accumulator {
    private var values: [[Double]] = []
    private var sketches: [QuantileSketch?] = []
    private var keptValueCount = 0
    private var sketchByteCount = 0
    /// Of the group that was asked for last: whoever wants one of its quantiles mostly wants others.
    private var known: (group: Int, quantiles: [Double])?

    private static let quantiles = [0.5, 0.9, 0.95, 0.99]

    func grow(to groupCount: Int) {
        values.append(contentsOf: repeatElement([], count: groupCount - values.count))
        sketches.append(contentsOf: repeatElement(nil, count: groupCount - sketches.count))
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        known = nil
        if case .int64(let integers, .all) = column.vector {
            // Bounds: `positions` are places in `integers` (UnitScan checks the vector's count), one for each group.
            integers.withUnsafeBufferPointer { integers in
                column.positions.withUnsafeBufferPointer { positions in
                    groups.withUnsafeBufferPointer { add($0) { Double(integers[Int(positions[$0])]) } }
                }
            }
            return
        }
        var rowGroups: [UInt32] = []
        var numbers: [Double] = []
        rowGroups.reserveCapacity(groups.count)
        numbers.reserveCapacity(groups.count)
        NumericColumn.forEach(column) { index, value in
            rowGroups.append(groups[index])
            numbers.append(Double(value))
        } double: { index, value in
            rowGroups.append(groups[index])
            numbers.append(value)
        }
        // Bounds: a number for each group.
        rowGroups.withUnsafeBufferPointer { rowGroups in
            numbers.withUnsafeBufferPointer { numbers in add(rowGroups) { numbers[$0] } }
        }
    }

    /// Adds a value for each of `groups`. Sorted by group (counting sort), each group takes its values in one piece.
    @inline(__always)
    private func add(_ groups: UnsafeBufferPointer<UInt32>, _ value: (Int) -> Double) {
        var starts = [Int](repeating: 0, count: values.count + 1)
        // Bounds: groups are numbers below `values.count` (`grow`), and as many values end up in each as were counted.
        starts.withUnsafeMutableBufferPointer { starts in
            for group in groups { starts[Int(group) &+ 1] &+= 1 }
        }
        for group in values.indices { starts[group + 1] += starts[group] }
        var ends = starts
        let sorted = ends.withUnsafeMutableBufferPointer { ends in
            [Double](unsafeUninitializedCapacity: groups.count) { output, count in
                for index in 0..<groups.count {
                    let group = Int(groups[index])
                    output[ends[group]] = value(index)
                    ends[group] &+= 1
                }
                count = groups.count
            }
        }
        sorted.withUnsafeBufferPointer { sorted in
            for group in values.indices where starts[group + 1] > starts[group] {
                add(UnsafeBufferPointer(rebasing: sorted[starts[group]..<starts[group + 1]]), to: group)
            }
        }
    }

    private func add(_ added: UnsafeBufferPointer<Double>, to group: Int) {
        if sketches[group] != nil {
            sketches[group]?.add(added)
            return
        }
        let maximum =
            keptValueCount > QueryLimits.maximumExactQuantileTotalCount
            ? QueryLimits.reducedExactQuantileValueCount : QueryLimits.maximumExactQuantileValueCount
        if values[group].count + added.count <= maximum {
            values[group].append(contentsOf: added)
            keptValueCount += added.count
        } else {
            makeSketch(of: group)
            sketches[group]?.add(added)
        }
    }

    private func makeSketch(of group: Int) {
        var sketch = QuantileSketch()
        values[group].withUnsafeBufferPointer { sketch.add($0) }
        keptValueCount -= values[group].count
        values[group] = []
        sketches[group] = sketch
        sketchByteCount += 16 << 10
    }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? QuantileAccumulator else { return }
        known = nil
        for group in other.values.indices {
            let target = Int(mapping[group])
            if let sketch = other.sketches[group] {
                if sketches[target] == nil { makeSketch(of: target) }
                sketches[target]?.merge(sketch)
            } else {
                other.values[group].withUnsafeBufferPointer { add($0, to: target) }
            }
        }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue {
        guard let quantile = function.quantile else { return .null }
        if let sketch = sketches[group] { return .double(sketch.quantile(quantile)) }
        guard !values[group].isEmpty, let place = Self.quantiles.firstIndex(of: quantile) else { return .null }
        if let known, known.group == group { return .double(known.quantiles[place]) }
        let quantiles = ExactQuantiles.values(Self.quantiles, of: values[group])
        known = (group, quantiles)
        return .double(quantiles[place])
    }

    var byteCount: Int { keptValueCount * 8 + values.count * 160 + sketchByteCount }
}
