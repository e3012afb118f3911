/// The rows a read wants: ranges that ascend and do not touch. A contiguous read is one range, a gather many.
struct RowSelection {
    let ranges: [Range<Int>]
    let rowCount: Int
    /// The first range that may still reach into pages to come.
    private(set) var current = 0

    init(_ rows: Range<Int>) {
        ranges = rows.isEmpty ? [] : [rows]
        rowCount = rows.count
    }

    /// Rows that ascend strictly; neighbours become one range.
    init(_ rows: [Int32], below limit: Int) throws(ParquetError) {
        var ranges: [Range<Int>] = []
        for row in rows {
            let row = Int(row)
            guard row >= 0, row < limit, row >= ranges.last?.upperBound ?? 0 else {
                throw .invalid("rows to gather do not ascend inside the row group")
            }
            if let last = ranges.last, last.upperBound == row {
                ranges[ranges.count - 1] = last.lowerBound..<row + 1
            } else {
                ranges.append(row..<row + 1)
            }
        }
        self.ranges = ranges
        rowCount = rows.count
    }

    var isDone: Bool { current >= ranges.count }

    /// The parts of the selection that lie in `rows`, relative to its start. Calls come with ascending rows.
    mutating func parts(in rows: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        while current < ranges.count, ranges[current].lowerBound < rows.upperBound {
            let part = ranges[current].clamped(to: rows)
            if !part.isEmpty { parts.append(part.lowerBound - rows.lowerBound..<part.upperBound - rows.lowerBound) }
            // A range that reaches past these rows goes on in the next page.
            if ranges[current].upperBound > rows.upperBound { break }
            current += 1
        }
        return parts
    }

    /// The same for nested entries, where only the levels tell which row an entry belongs to. `row` is that of the entry before the
    /// first (-1 at the start of the row group) and is moved on to that of the last.
    mutating func parts(ofEntries repetitionLevels: [UInt8], row: inout Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var isWanted = current < ranges.count && ranges[current].contains(row)
        var start = isWanted ? 0 : nil
        for entry in repetitionLevels.indices where repetitionLevels[entry] == 0 {
            row += 1
            if current < ranges.count, ranges[current].upperBound <= row { current += 1 }
            let isNextWanted = current < ranges.count && ranges[current].contains(row)
            if isNextWanted, !isWanted { start = entry }
            if !isNextWanted, isWanted, let first = start {
                parts.append(first..<entry)
                start = nil
            }
            isWanted = isNextWanted
        }
        if let start, start < repetitionLevels.count { parts.append(start..<repetitionLevels.count) }
        return parts
    }

    /// Whether any selected row lies in `rows`, for choosing pages before any is read.
    func overlaps(_ rows: Range<Int>, from hint: inout Int) -> Bool {
        while hint < ranges.count, ranges[hint].upperBound <= rows.lowerBound { hint += 1 }
        return hint < ranges.count && ranges[hint].lowerBound < rows.upperBound
    }
}
