import SeededRandom
import Testing

@testable import Parquet

@Suite("Rows of nested pages")
struct RowSelectionTests {
    /// What the entries of pages are chosen by, one entry after the other.
    private static func expected(_ ranges: [Range<Int>], _ levels: [UInt8], row: Int) -> (entries: [Int], lastRow: Int) {
        var row = row, entries: [Int] = []
        for entry in levels.indices {
            if levels[entry] == 0 { row += 1 }
            if ranges.contains(where: { $0.contains(row) }) { entries.append(entry) }
        }
        return (entries, row)
    }

    @Test("are found by their levels in page after page, as if each entry were looked at", arguments: 0..<200)
    func partsOfEntries(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rowCount = Int.random(in: 1...400, using: &random), pageCount = Int.random(in: 1...4, using: &random)
        // Pages begin with a row or in the middle of one.
        var levels: [UInt8] = []
        for _ in 0..<rowCount {
            levels.append(0)
            levels += (0..<Int.random(in: 0...[0, 1, 30].randomElement(using: &random)!, using: &random)).map { _ in
                UInt8.random(in: 1...2, using: &random)
            }
        }
        let cuts = [0] + (1..<pageCount).map { _ in Int.random(in: 0...levels.count, using: &random) }.sorted() + [levels.count]
        let density = Double.random(in: 0...1, using: &random)
        let rows = (0..<Int32(rowCount)).filter { _ in Double.random(in: 0...1, using: &random) < density }
        var selection = try RowSelection(rows, below: rowCount), row = -1
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            let page = Array(levels[start..<end])
            let (entries, lastRow) = Self.expected(selection.ranges, page, row: row)
            #expect(selection.parts(ofEntries: page, row: &row).flatMap { Array($0) } == entries, "seed \(seed)")
            #expect(row == lastRow)
        }
    }

    @Test("are found behind pages that were not read")
    func skippedPages() throws {
        var selection = try RowSelection([6, 7, 20, 21], below: 100), row = 3
        #expect(selection.parts(ofEntries: [0, 1, 0, 0, 1, 0], row: &row) == [3..<6] && row == 7)
        row = 15
        #expect(selection.parts(ofEntries: [0, 0, 0, 0, 0, 1, 0], row: &row) == [4..<7] && row == 21)
        row = 40
        #expect(selection.parts(ofEntries: [1, 0, 0], row: &row).isEmpty && row == 42)
    }
}
