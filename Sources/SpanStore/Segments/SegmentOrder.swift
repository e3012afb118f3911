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
        var byStart: [RadixSort.Item] = []
        byStart.reserveCapacity(rowCount)
        for row in 0..<rowCount where !isSuperseded[row] { byStart.append(.init(key: starts[row], row: UInt32(row))) }
        let groupCount = (byStart.count + maximumRowGroupRowCount - 1) / maximumRowGroupRowCount
        if groupCount > 1 { RadixSort.sort(&byStart) }

        let highs = memtable.traceHighs.array(0..<rowCount), lows = memtable.traceLows.array(0..<rowCount)
        var groups: [[UInt32]] = []
        for group in 0..<groupCount {
            let slice = byStart[byStart.count * group / groupCount..<byStart.count * (group + 1) / groupCount]
            var byTrace = slice.map { RadixSort.Item(key: highs[Int($0.row)], row: $0.row) }
            RadixSort.sort(&byTrace, byLeadingBits: Self.traceBitCount)
            var keyed = byTrace.map { SortKey(high: $0.key, low: lows[Int($0.row)], start: starts[Int($0.row)], row: $0.row) }
            keyed.withUnsafeMutableBufferPointer { Self.sortRuns(&$0) }
            groups.append(keyed.map(\.row))
        }
        rowGroups = groups
    }

    /// Leading bits of a trace id by which rows are sorted first: traces of a row group seldom share as many.
    private static let traceBitCount = 33

    /// Sorts what begins alike, which is one trace for the most part.
    private static func sortRuns(_ keyed: inout UnsafeMutableBufferPointer<SortKey>) {
        var start = 0
        while start < keyed.count {
            let prefix = keyed[start].high >> (64 - traceBitCount)
            var end = start + 1
            while end < keyed.count, keyed[end].high >> (64 - traceBitCount) == prefix { end += 1 }
            if end - start > 1 {
                var run = UnsafeMutableBufferPointer(rebasing: keyed[start..<end])
                run.sort()
            }
            start = end
        }
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

/// Sorts rows by a 64-bit key, keeping the order of equal ones: eleven bits at a time from the last to the first, without comparing.
enum RadixSort {
    struct Item: BitwiseCopyable {
        var key: UInt64
        var row: UInt32
    }

    private static let digitBitCount = 11
    /// Counting digits costs more than comparing so few.
    private static let minimumCount = 512

    /// - Parameter leading: how many of the highest bits count; the others do not change the order.
    static func sort(_ items: inout [Item], byLeadingBits leading: Int = 64) {
        let dropped = 64 - leading
        guard let first = items.first?.key else { return }
        // Bits that all have in common need no pass.
        var differing: UInt64 = 0
        for item in items { differing |= item.key ^ first }
        differing = (differing >> dropped) << dropped
        guard differing != 0 else { return }
        guard items.count >= minimumCount else {
            return items.sort { ($0.key >> dropped, $0.row) < ($1.key >> dropped, $1.row) }
        }
        let top = 64 - differing.leadingZeroBitCount
        var shift = max(dropped, differing.trailingZeroBitCount)
        var other = items
        var counts = [Int](repeating: 0, count: 1 << digitBitCount)
        while shift < top {
            pass(from: items, to: &other, shift: shift, &counts)
            swap(&items, &other)
            shift += digitBitCount
        }
    }

    private static func pass(from items: [Item], to other: inout [Item], shift: Int, _ counts: inout [Int]) {
        let mask = (1 << digitBitCount) - 1
        counts.withUnsafeMutableBufferPointer { counts in
            items.withUnsafeBufferPointer { items in
                other.withUnsafeMutableBufferPointer { other in
                    // A digit is at most the mask, for which there is a count; the counts add up to the items, of which `other` has as
                    // many.
                    counts.update(repeating: 0)
                    for item in items { counts[Int(truncatingIfNeeded: item.key >> UInt64(shift)) & mask] &+= 1 }
                    var next = 0
                    for digit in counts.indices {
                        let count = counts[digit]
                        counts[digit] = next
                        next &+= count
                    }
                    for item in items {
                        let digit = Int(truncatingIfNeeded: item.key >> UInt64(shift)) & mask
                        other[counts[digit]] = item
                        counts[digit] &+= 1
                    }
                }
            }
        }
    }
}
