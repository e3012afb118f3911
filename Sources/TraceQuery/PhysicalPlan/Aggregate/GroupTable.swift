import SpanStore

/// Numbers the groups: one interner per grouping column, and for every column after the first a table of pairs (group so
/// far, number in this column). So a key of any width is packed into 64 bits at every step.
struct GroupTable {
    private var interners: [GroupKeyInterner]
    private var pairs: [DenseTable]

    private static let unknown = UInt32.max
    /// Pairs within so small a rectangle are looked up by position.
    private static let maximumDirectPairCount = 1 << 16

    init(columnCount: Int) {
        interners = Array(repeating: GroupKeyInterner(), count: columnCount)
        pairs = Array(repeating: DenseTable(), count: max(0, columnCount - 1))
    }

    /// How many numbers were given. Without grouping there is one group; else some may have no rows (null).
    var count: Int { pairs.last?.count ?? interners.first?.count ?? 1 }

    var byteCount: Int { interners.reduce(0) { $0 + $1.byteCount } + pairs.reduce(0) { $0 + $1.count * 16 } }

    mutating func groups(of columns: [FieldColumn], rowCount: Int) -> [UInt32] {
        guard let first = columns.first else { return Array(repeating: 0, count: rowCount) }
        var groups = interners[0].numbers(of: first)
        for index in 1..<max(1, columns.count) {
            let numbers = interners[index].numbers(of: columns[index])
            combine(&groups, numbers, index)
        }
        return groups
    }

    private mutating func combine(_ groups: inout [UInt32], _ numbers: [UInt32], _ index: Int) {
        let width = interners[index].count
        let height = index == 1 ? interners[0].count : pairs[index - 2].count
        guard height * width <= Self.maximumDirectPairCount else {
            for row in groups.indices { groups[row] = pairs[index - 1].number(of: Self.pack(groups[row], numbers[row])) }
            return
        }
        var local = [UInt32](repeating: Self.unknown, count: height * width)
        // Bounds: a row's group is below `height`, its number below `width`.
        groups.withUnsafeMutableBufferPointer { groups in
            local.withUnsafeMutableBufferPointer { local in
                for row in groups.indices {
                    let place = Int(groups[row]) &* width &+ Int(numbers[row])
                    var group = local[place]
                    if group == Self.unknown {
                        group = pairs[index - 1].number(of: Self.pack(groups[row], numbers[row]))
                        local[place] = group
                    }
                    groups[row] = group
                }
            }
        }
    }

    private static func pack(_ group: UInt32, _ number: UInt32) -> UInt64 { UInt64(group) << 32 | UInt64(number) }

    /// The key of a group, column by column.
    func keys(of group: Int) -> [GroupKey] {
        // One column numbers the groups.
        if interners.count == 1 { return [interners[0].key(of: group)] }
        guard !interners.isEmpty else { return [] }
        var numbers = [Int](repeating: 0, count: interners.count)
        var rest = group
        for index in stride(from: interners.count - 1, to: 0, by: -1) {
            let pair = pairs[index - 1].keys[rest]
            numbers[index] = Int(pair & 0xFFFF_FFFF)
            rest = Int(pair >> 32)
        }
        numbers[0] = rest
        return interners.indices.map { interners[$0].key(of: numbers[$0]) }
    }

    /// Takes over another table's groups; answers the number here of each number there.
    mutating func merge(_ other: GroupTable) -> [UInt32] {
        var mapping = [UInt32](repeating: 0, count: other.count)
        if interners.isEmpty { return mapping }
        let columns = other.interners.indices.map { interners[$0].merge(other.interners[$0]) }
        mapping = columns[0]
        for index in 1..<max(1, interners.count) {
            mapping = other.pairs[index - 1].keys.map { pair in
                pairs[index - 1].number(of: Self.pack(mapping[Int(pair >> 32)], columns[index][Int(pair & 0xFFFF_FFFF)]))
            }
        }
        return mapping
    }
}
