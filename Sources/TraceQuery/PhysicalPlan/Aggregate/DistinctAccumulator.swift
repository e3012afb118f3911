import ByteCoding
import SpanStore
import TraceModel

/// `count_distinct`. Values are told apart by 64 well mixed bits of them (whole numbers and span ids by a bijection, so
/// exactly; of 65,536 texts two fall together once in 10^10 queries).
final class DistinctAccumulator: Accumulator {
    private var counters: [DistinctCounter] = []
    private var heapByteCount = 0
    private let maximumExactCount: Int

    init(maximumExactCount: Int = QueryLimits.maximumExactDistinctCount) { self.maximumExactCount = maximumExactCount }

    // Kinds of values differ in their hash, so that the text "1" and the number 1 are two.
    private enum Salt {
        static let integer = DenseTable.seed
        static let double = DenseTable.mix(DenseTable.seed &+ 1)
        static let text = DenseTable.mix(DenseTable.seed &+ 2)
        static let other = DenseTable.mix(DenseTable.seed &+ 3)
    }

    func grow(to groupCount: Int) {
        let empty = DistinctCounter(maximumExactCount: maximumExactCount)
        counters.append(contentsOf: repeatElement(empty, count: groupCount - counters.count))
    }

    func add(_ column: FieldColumn, groups: [UInt32]) {
        let positions = column.positions
        switch column.vector {
        case .dictionary(let codes, let dictionary):
            var hashes: [UInt64] = []
            hashes.reserveCapacity(dictionary.count)
            dictionary.forEach { _, text in hashes.append(Self.hash(text, Salt.text)) }
            for index in groups.indices where codes[Int(positions[index])] != TextDictionary.null {
                insert(hashes[Int(codes[Int(positions[index])])], groups[index])
            }
        case .int64(let values, let validity):
            for index in groups.indices where validity.isValid(Int(positions[index])) {
                insert(Self.hash(values[Int(positions[index])]), groups[index])
            }
        case .double(let values, let validity):
            for index in groups.indices where validity.isValid(Int(positions[index])) {
                insert(Self.hash(values[Int(positions[index])]), groups[index])
            }
        case .boolean(let values, let validity):
            for index in groups.indices where validity.isValid(Int(positions[index])) {
                insert(DenseTable.mix(values[Int(positions[index])] ? Salt.other &+ 1 : Salt.other), groups[index])
            }
        case .traceIDs(let ids):
            for index in groups.indices {
                let id = ids[Int(positions[index])]
                insert(DenseTable.mix(DenseTable.mix(id.high ^ Salt.other) ^ id.low), groups[index])
            }
        case .spanIDs(let ids):
            for index in groups.indices where !ids[Int(positions[index])].isZero {
                insert(DenseTable.mix(ids[Int(positions[index])].rawValue ^ Salt.other), groups[index])
            }
        case .attributes(let values):
            for index in groups.indices {
                switch values[Int(positions[index])] {
                case nil, .empty?: continue
                case .int(let value)?: insert(Self.hash(value), groups[index])
                case .double(let value)?: insert(Self.hash(value), groups[index])
                case .bool(let value)?: insert(DenseTable.mix(value ? Salt.other &+ 1 : Salt.other), groups[index])
                case .string(var text)?:
                    insert(text.withUTF8 { Self.hash(UnsafeRawBufferPointer($0), Salt.text) }, groups[index])
                case .some(let value):
                    var writer = JSONWriter()
                    QueryValue(value).write(to: &writer)
                    insert(writer.bytes.withUnsafeBytes { Self.hash($0, Salt.other) }, groups[index])
                }
            }
        }
    }

    private static func hash(_ value: Int64) -> UInt64 { DenseTable.mix(UInt64(bitPattern: value) ^ Salt.integer) }
    private static func hash(_ value: Double) -> UInt64 { DenseTable.mix(value.bitPattern ^ Salt.double) }

    private static func hash(_ text: UnsafeRawBufferPointer, _ salt: UInt64) -> UInt64 {
        guard let base = text.baseAddress else { return DenseTable.mix(salt) }
        return DenseTable.mix(ShortHash.hash(base, count: text.count, seed: salt))
    }

    @inline(__always)
    private func insert(_ hash: UInt64, _ group: UInt32) { heapByteCount &+= counters[Int(group)].insert(hash) }

    func merge(_ other: any Accumulator, mapping: [UInt32]) {
        guard let other = other as? DistinctAccumulator else { return }
        for (group, counter) in other.counters.enumerated() { heapByteCount += counters[Int(mapping[group])].merge(counter) }
    }

    func value(_ function: AggregateFunction, group: Int, type: FieldType) -> QueryValue { .int(Int64(counters[group].count)) }

    var byteCount: Int { counters.count * 48 + heapByteCount }
}
