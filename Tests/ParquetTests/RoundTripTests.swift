import SeededRandom
import Testing

@testable import Parquet

@Suite("Writing and reading back")
struct RoundTripTests {
    @Test("every column shape comes back as it went in, in several row groups and pages", arguments: 0..<12)
    func everyShape(_ round: UInt64) throws {
        var random = RandomRows(seed: TestSeed.value &+ round)
        let schema = try RandomRows.everyShape()
        let sizes = [[1], [2, 1], [7, 130], [1_000], [333, 1, 500]][Int(round) % 5]
        let rows = random.rows(schema, count: sizes.reduce(0, +))
        let options = schema.leaves.map { random.options(for: $0) }
        let bytes = try TestFile.write(
            schema, rows: rows, rowGroupSizes: sizes, options: options, keyValues: [("format", "1"), ("näme", "wert")])
        let file = try ParquetFile.open(MemorySource(bytes))
        #expect(file.schema == schema)
        #expect(file.metadata.rowCount == Int64(rows.count))
        #expect(file.metadata.createdBy == "spandrel")
        #expect(file.metadata.value(forKey: "näme") == "wert")
        var start = 0
        for (rowGroup, size) in sizes.enumerated() {
            let expected = Array(rows[start..<start + size])
            #expect(try TestFile.rows(file, rowGroup: rowGroup) == expected)
            try readParts(file, rowGroup, expected, &random.generator)
            start += size
        }
    }

    private func readParts(_ file: ParquetFile, _ rowGroup: Int, _ expected: [[TestValue]], _ generator: inout SeededGenerator) throws {
        for _ in 0..<6 {
            let lower = Int.random(in: 0...expected.count, using: &generator)
            let range = lower..<Int.random(in: lower...expected.count, using: &generator)
            #expect(try TestFile.rows(file, rowGroup: rowGroup, range) == Array(expected[range]), "rows \(range)")
            let chance = Int.random(in: 1...30, using: &generator)
            let chosen = expected.indices.filter { _ in Int.random(in: 0..<chance, using: &generator) == 0 }
            let leaves = try file.schema.leaves.map {
                try file.gatherLeaf(rowGroup: rowGroup, leaf: $0.index, rows: chosen.map { Int32($0) }).shredded
            }
            var assembler = Assembler(schema: file.schema, leaves: leaves)
            #expect(assembler.rows(chosen.count) == chosen.map { expected[$0] }, "rows \(chosen)")
        }
    }

    @Test("a read of few rows touches only their pages")
    func readsFewPages() throws {
        let schema = try ParquetSchema([.required("value", .int64)])
        let rows = (0..<10_000).map { [TestValue.integer($0)] }
        let options = ColumnOptions(encoding: .plain, compression: .uncompressed, pageByteCount: 8_000)
        let bytes = try TestFile.write(schema, rows: rows, rowGroupSizes: [10_000], options: [options])
        let file = try ParquetFile.open(MemorySource(bytes))
        let index = try #require(try file.offsetIndex(rowGroup: 0, leaf: 0))
        #expect(index.pages.count == 10)
        let context = ParquetReadContext()
        let leaf = try file.gatherLeaf(rowGroup: 0, leaf: 0, rows: [5, 9_999], offsetIndex: index, context: context)
        #expect(leaf.values == .int64([5, 9_999]))
        #expect(context.pagesRead == 2)
        #expect(context.bytesRead == index.pages[0].byteCount + index.pages[9].byteCount)
    }

    @Test("a dictionary-coded leaf comes back as codes and entries")
    func keepsCodes() throws {
        let schema = try ParquetSchema([.optional("name", .byteArray, .string)])
        let rows: [[TestValue]] = (0..<100).map { [$0 % 10 == 0 ? .null : .bytes(Array("n\($0 % 3)".utf8))] }
        let bytes = try TestFile.write(schema, rows: rows, rowGroupSizes: [100], options: [ColumnOptions(encoding: .dictionary)])
        let file = try ParquetFile.open(MemorySource(bytes))
        let leaf = try file.readLeaf(rowGroup: 0, leaf: 0)
        guard case .dictionary(let codes, let offsets, _) = leaf.values else { throw ParquetError.invalid("not a dictionary") }
        #expect(codes.count == 90)
        #expect(offsets.count == 4)
        #expect(leaf.spread(codes, filler: .max).filter { $0 == .max }.count == 10)
        #expect(leaf.presence?.filter { !$0 }.count == 10)
        #expect(file.metadata.rowGroups[0].columns[0].isWhollyDictionaryCoded)
        #expect(try file.readDictionary(rowGroup: 0, leaf: 0)?.count == 3)
    }
}
