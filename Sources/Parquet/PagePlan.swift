/// Where the pages of a column chunk begin and end: always between rows, near the byte count asked for.
struct PagePlan {
    var rows: Range<Int>
    /// Positions in the level arrays; equal to `rows` for flat leaves.
    var entries: Range<Int>
    /// Positions among the values that are present.
    var values: Range<Int>
}

struct PagePlanner {
    let values: ColumnValues
    let definitionLevels: UnsafeBufferPointer<UInt8>?
    let repetitionLevels: UnsafeBufferPointer<UInt8>?
    let maximumDefinitionLevel: Int
    let rowCount: Int
    let pageByteCount: Int
    let maximumPageRowCount: Int
    /// Encoded bytes of one value where all have the same, in 1/8 bytes (dictionary codes are bits); nil for byte arrays.
    let bitsPerValue: Int?

    /// The page that starts where `previous` ends (nil: the first), or nil after the last.
    func page(after previous: PagePlan?) throws(ParquetError) -> PagePlan? {
        let row = previous?.rows.upperBound ?? 0
        guard row < rowCount else { return nil }
        let entry = previous?.entries.upperBound ?? 0
        let value = previous?.values.upperBound ?? 0
        if let repetitionLevels {
            return try nestedPage(row: row, entry: entry, value: value, repetitionLevels: repetitionLevels)
        }
        var length = min(maximumPageRowCount, rowCount - row)
        // A last page of a few rows costs a header and an index entry for nothing.
        if rowCount - row - length < length / 8, rowCount - row < 1 << 20 { length = rowCount - row }
        while true {
            let entries = entry..<entry + length
            let present = try presentCount(in: entries)
            guard value + present <= values.count else { throw .invalid("fewer values than definition levels ask for") }
            let page = PagePlan(rows: row..<row + length, entries: entries, values: value..<value + present)
            let byteCount = byteCount(of: page.values)
            // A quarter over the goal is let pass: splitting would only make one full and one nearly empty page.
            if length == 1 || byteCount <= pageByteCount + pageByteCount / 4 { return page }
            length = max(1, min(length - 1, Int(Double(length) * Double(pageByteCount) / Double(byteCount))))
        }
    }

    /// A page of as many rows as it may have, if these keep to the bytes it may have; else found row by row.
    private func nestedPage(
        row: Int, entry: Int, value: Int, repetitionLevels: UnsafeBufferPointer<UInt8>
    ) throws(ParquetError) -> PagePlan {
        guard entry < repetitionLevels.count, repetitionLevels[entry] == 0 else { throw .invalid("a row does not start at level 0") }
        let wanted = min(maximumPageRowCount, rowCount - row)
        // Levels cost bytes too: no page has more entries than that.
        let entryLimit =
            pageByteCount < (repetitionLevels.count - entry) / 4 ? entry + 4 * pageByteCount : repetitionLevels.count
        let (end, rowsFound) = Levels.endOfRows(wanted, in: UnsafeBufferPointer(rebasing: repetitionLevels[..<entryLimit]), from: entry)
        if rowsFound < wanted || end == entryLimit && entryLimit < repetitionLevels.count {
            return try nestedPageByRows(row: row, entry: entry, value: value, repetitionLevels: repetitionLevels)
        }
        guard row + wanted == rowCount || end < repetitionLevels.count else { throw .invalid("fewer rows than announced") }
        let present = try presentCount(in: entry..<end)
        guard value + present <= values.count else { throw .invalid("fewer values than definition levels ask for") }
        let page = PagePlan(rows: row..<row + wanted, entries: entry..<end, values: value..<value + present)
        if byteCount(of: page.values) + page.entries.count / 4 <= pageByteCount { return page }
        return try nestedPageByRows(row: row, entry: entry, value: value, repetitionLevels: repetitionLevels)
    }

    /// Walks row by row, as only the levels tell where rows begin.
    private func nestedPageByRows(
        row: Int, entry: Int, value: Int, repetitionLevels: UnsafeBufferPointer<UInt8>
    ) throws(ParquetError) -> PagePlan {
        let maximum = UInt8(truncatingIfNeeded: maximumDefinitionLevel)
        var rowEnd = row
        var position = entry
        var present = 0
        while rowEnd < rowCount, rowEnd - row < maximumPageRowCount {
            var next = position
            repeat {
                if let definitionLevels {
                    present += definitionLevels[next] == maximum ? 1 : 0
                } else {
                    present += 1
                }
                next += 1
            } while next < repetitionLevels.count && repetitionLevels[next] != 0
            guard value + present <= values.count else { throw .invalid("fewer values than definition levels ask for") }
            position = next
            rowEnd += 1
            guard rowEnd == rowCount || position < repetitionLevels.count else { throw .invalid("fewer rows than announced") }
            if byteCount(of: value..<value + present) + (position - entry) / 4 >= pageByteCount { break }
        }
        return PagePlan(rows: row..<rowEnd, entries: entry..<position, values: value..<value + present)
    }

    private func presentCount(in entries: Range<Int>) throws(ParquetError) -> Int {
        guard let definitionLevels else { return entries.count }
        let slice = UnsafeBufferPointer(rebasing: definitionLevels[entries])
        guard let count = Levels.countPresent(slice, maximum: maximumDefinitionLevel) else {
            throw .invalid("a definition level above the leaf's maximum of \(maximumDefinitionLevel)")
        }
        return count
    }

    private func byteCount(of range: Range<Int>) -> Int {
        if let bitsPerValue { return range.count * bitsPerValue / 8 }
        switch values {
        case .byteArray(let offsets, _):
            return range.isEmpty ? 0 : Int(offsets[range.upperBound] - offsets[range.lowerBound]) + 4 * range.count
        case .dictionary(let codes, let offsets, _):
            var total = 4 * range.count
            for index in range { total += Int(offsets[Int(codes[index]) + 1] - offsets[Int(codes[index])]) }
            return total
        default:
            return range.count * 8
        }
    }
}
