import SpanStore

/// `p50` to `p99` of one field together. A group keeps its values until there are too many, then counts them in a sketch.
final class QuantileAccumulator: Accumulator {
    private var values: [[Double]] = []
    private var sketches: [QuantileSketch?] = []
    private var keptValueCount = 0
    private var sketchByteCount = 0

    func grow(to groupCount: Int) {
        values.append(contentsOf: repeatElement([], count: groupCount - values.count))
        sketches.append(contentsOf: repeatElement(nil, count: groupCount - sketches.count))
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
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
        guard values.count > 1 else {
            numbers.withUnsafeBufferPointer { add($0, to: 0) }
            return
        }
        // Sorted by group (counting sort), each group takes its values in one piece.
        var starts = [Int](repeating: 0, count: values.count + 1)
        for group in rowGroups { starts[Int(group) &+ 1] &+= 1 }
        for group in 0..<values.count { starts[group + 1] += starts[group] }
        var ends = starts
        let sorted = [Double](unsafeUninitializedCapacity: numbers.count) { output, count in
            for index in numbers.indices {
                let group = Int(rowGroups[index])
                output[ends[group]] = numbers[index]
                ends[group] &+= 1
            }
            count = numbers.count
        }
        sorted.withUnsafeBufferPointer { sorted in
            for group in 0..<values.count where starts[group + 1] > starts[group] {
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
        return values[group].isEmpty ? .null : .double(ExactQuantile.value(quantile, of: &values[group]))
    }

    var byteCount: Int { keptValueCount * 8 + values.count * 160 + sketchByteCount }
}
