import SeededRandom
import Testing

@testable import Parquet

@Suite("Copying row groups")
struct RowGroupCopyTests {
    @Test("row groups of several files make one file with the same rows, indexes and filters", arguments: 0..<3)
    func concatenation(_ round: UInt64) throws {
        var random = RandomRows(seed: TestSeed.value &+ 4_000 &+ round)
        let schema = try RandomRows.everyShape()
        let options = schema.leaves.map { random.options(for: $0) }
        var rows: [[[TestValue]]] = []
        let files = try (0..<3).map { _ in
            let part = random.rows(schema, count: 150)
            rows += [Array(part[..<100]), Array(part[100...])]
            return try ParquetFile.open(MemorySource(try TestFile.write(schema, rows: part, rowGroupSizes: [100, 50], options: options)))
        }
        var bytes: [UInt8] = []
        let writer = try ParquetFileWriter(schema: schema) { bytes.append(contentsOf: $0) }
        // Backwards, so that offsets shrink for some and grow for others.
        for place in (0..<6).reversed() { try writer.copyRowGroup(from: files[place / 2], rowGroup: place % 2) }
        try writer.finish()
        let copy = try ParquetFile.open(MemorySource(bytes))
        #expect(copy.metadata.rowCount == 450)
        for (place, expected) in rows.reversed().enumerated() {
            #expect(try TestFile.rows(copy, rowGroup: place) == expected)
            #expect(try TestFile.rows(copy, rowGroup: place, 11..<37) == Array(expected[11..<37]))
            let (file, rowGroup) = (files[(5 - place) / 2], (5 - place) % 2)
            for leaf in schema.leaves {
                let (ours, theirs) = (
                    copy.metadata.rowGroups[place].columns[leaf.index], file.metadata.rowGroups[rowGroup].columns[leaf.index]
                )
                #expect(ours.statistics == theirs.statistics)
                #expect(try copy.columnIndex(rowGroup: place, leaf: leaf.index) == file.columnIndex(rowGroup: rowGroup, leaf: leaf.index))
                #expect(try copy.bloomFilter(rowGroup: place, leaf: leaf.index) == file.bloomFilter(rowGroup: rowGroup, leaf: leaf.index))
            }
        }
    }

    @Test("a row group of another schema is refused")
    func otherSchema() throws {
        let one = try ParquetSchema([.required("n", .int32)])
        let other = try ParquetSchema([.optional("n", .int32)])
        let bytes = try TestFile.write(one, rows: [[.integer(1)]], rowGroupSizes: [1], options: [ColumnOptions()])
        let file = try ParquetFile.open(MemorySource(bytes))
        let writer = try ParquetFileWriter(schema: other) { _ in }
        #expect(throws: ParquetError.self) { try writer.copyRowGroup(from: file, rowGroup: 0) }
    }
}
