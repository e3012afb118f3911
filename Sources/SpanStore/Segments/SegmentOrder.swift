import TraceModel

/// The order of a memtable's rows in the segment made from it.
///
/// Rows are first ordered by start time and cut into row groups of equal size, so that each group is a slice of time however
/// late its spans came in; inside a group they are ordered by (trace id, start time, arrival), so that a trace lies
/// together and the page index on `trace_id` finds it. Superseded rows are left out.
struct SegmentOrder {
    /// For each row group the memtable rows it holds, in their new order.
    let rowGroups: [[UInt32]]

    static let absent = UInt32.max

    init(memtable: Memtable, rowCount: Int, maximumRowGroupRowCount: Int) {
        var isSuperseded = [Bool](repeating: false, count: rowCount)
        for index in 0..<memtable.supersededRows.publishedCount { isSuperseded[Int(memtable.supersededRows[index])] = true }
        let starts = memtable.startTimes.array(0..<rowCount)
        var byStart: [(start: UInt64, row: UInt32)] = []
        byStart.reserveCapacity(rowCount)
        for row in 0..<rowCount where !isSuperseded[row] { byStart.append((starts[row], UInt32(row))) }
        let groupCount = (byStart.count + maximumRowGroupRowCount - 1) / maximumRowGroupRowCount
        if groupCount > 1 { byStart.sort { ($0.start, $0.row) < ($1.start, $1.row) } }

        let highs = memtable.traceHighs.array(0..<rowCount), lows = memtable.traceLows.array(0..<rowCount)
        var groups: [[UInt32]] = []
        for group in 0..<groupCount {
            let slice = byStart[byStart.count * group / groupCount..<byStart.count * (group + 1) / groupCount]
            var keyed = slice.map { SortKey(high: highs[Int($0.row)], low: lows[Int($0.row)], start: $0.start, row: $0.row) }
            keyed.sort()
            groups.append(keyed.map(\.row))
        }
        rowGroups = groups
    }

    private struct SortKey: Comparable {
        let high: UInt64
        let low: UInt64
        let start: UInt64
        let row: UInt32

        @inline(__always)
        static func < (a: SortKey, b: SortKey) -> Bool {
            if a.high != b.high { return a.high < b.high }
            if a.low != b.low { return a.low < b.low }
            return a.start != b.start ? a.start < b.start : a.row < b.row
        }
    }

    /// Where each memtable row lies in a group; `absent` for rows of other groups.
    static func places(of group: [UInt32], rowCount: Int) -> [UInt32] {
        var places = [UInt32](repeating: absent, count: rowCount)
        for (place, row) in group.enumerated() { places[Int(row)] = UInt32(place) }
        return places
    }
}
