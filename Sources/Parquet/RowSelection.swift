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
        repetitionLevels.withUnsafeBufferPointer { levels in
            var parts: [Range<Int>] = [], starts = RowStarts(levels, row: row)
            while current < ranges.count {
                let range = ranges[current]
                if starts.row < range.upperBound {
                    // A row that began in the page before has the first entries of this one.
                    guard let first = starts.row >= range.lowerBound ? 0 : starts.find(range.lowerBound) else { break }
                    let end = starts.find(range.upperBound)
                    if first < end ?? levels.count { parts.append(first..<(end ?? levels.count)) }
                    // A range that reaches to the end of these entries may go on in the next page.
                    if end == nil { break }
                }
                current += 1
            }
            row = starts.lastRow()
            return parts
        }
    }

    /// Whether any selected row lies in `rows`, for choosing pages before any is read.
    func overlaps(_ rows: Range<Int>, from hint: inout Int) -> Bool {
        while hint < ranges.count, ranges[hint].upperBound <= rows.lowerBound { hint += 1 }
        return hint < ranges.count && ranges[hint].lowerBound < rows.upperBound
    }
}

/// Walks over repetition levels from one row's first entry to another's. Only a level of 0 begins a row, so eight entries are passed at a
/// time by counting the zeros among the bytes of a word: who wants a few rows of a page passes thousands.
private struct RowStarts {
    private let levels: UnsafeBufferPointer<UInt8>
    /// The next entry to be looked at, and the row of the one before it.
    private var entry = 0
    private(set) var row: Int

    init(_ levels: UnsafeBufferPointer<UInt8>, row: Int) {
        self.levels = levels
        self.row = row
    }

    /// The first entry of a row behind the present one; nil where it does not begin here.
    mutating func find(_ wanted: Int) -> Int? {
        while levels.count - entry >= 8 {
            let count = Self.zeroCount(word(at: entry))
            guard row + count < wanted else { break }
            row += count
            entry += 8
        }
        while entry < levels.count {
            defer { entry += 1 }
            guard levels[entry] == 0 else { continue }
            row += 1
            if row == wanted { return entry }
        }
        return nil
    }

    /// The row of the last entry of all.
    mutating func lastRow() -> Int {
        _ = find(.max)
        return row
    }

    private func word(at entry: Int) -> UInt64 {
        // The caller has seen that eight entries follow.
        UnsafeRawPointer(levels.baseAddress.unsafelyUnwrapped).loadUnaligned(fromByteOffset: entry, as: UInt64.self)
    }

    private static func zeroCount(_ word: UInt64) -> Int {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        // A byte's high bit is clear exactly if the byte is 0.
        return 8 - (((word & low) &+ low | word) & ~low).nonzeroBitCount
    }
}
