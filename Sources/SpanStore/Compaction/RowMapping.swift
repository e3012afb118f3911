/// Where the rows of rewritten segments went: needed for masks that arrive while a rewrite runs.
///
/// Rows are numbered over a segment. A row group that was copied moved as a whole, a row of another has a place of its own or is gone.
struct RowMapping: Sendable {
    enum RowGroup: Sendable {
        /// Its first row is this one of the new segment.
        case moved(to: Int32)
        /// For each row the row of the new segment; `gone` where it was left out.
        case scattered([Int32])
    }

    static let gone: Int32 = -1

    /// By sequence of the old segment; row groups in their order, with their first row.
    private var segments: [UInt64: [(firstRow: Int32, target: RowGroup)]] = [:]

    /// Row groups come in their order.
    mutating func add(_ target: RowGroup, ofRowGroupAt firstRow: Int, ofSegment sequence: UInt64) {
        segments[sequence, default: []].append((Int32(firstRow), target))
    }

    /// The row of the new segment; nil where the row is gone.
    func row(_ row: Int32, ofSegment sequence: UInt64) -> Int32? {
        guard let groups = segments[sequence] else { return nil }
        var low = 0, high = groups.count
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].firstRow <= row { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let group = groups[low - 1]
        switch group.target {
        case .moved(let first): return first + (row - group.firstRow)
        case .scattered(let rows):
            let place = Int(row - group.firstRow)
            guard place < rows.count, rows[place] != Self.gone else { return nil }
            return rows[place]
        }
    }
}
