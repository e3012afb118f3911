import SeededRandom
import Testing

@testable import Parquet

@Suite("Statistics and page index")
struct PageIndexTests {
    @Test("pages of a sorted column have ascending bounds that find a value's page")
    func sorted() throws {
        let schema = try ParquetSchema([.optional("id", .fixedLengthByteArray(16))])
        let ids = (0..<1_000).map { row -> [UInt8] in [UInt8(row >> 8), UInt8(row & 0xFF)] + [UInt8](repeating: 0, count: 14) }
        let rows = ids.map { [TestValue.bytes($0)] }
        let options = ColumnOptions(pageByteCount: 1_600)
        let file = try Self.file(schema, rows, options)
        let columns = try #require(try file.columnIndex(rowGroup: 0, leaf: 0))
        let offsets = try #require(try file.offsetIndex(rowGroup: 0, leaf: 0))
        #expect(columns.boundaryOrder == .ascending)
        #expect(columns.minimums.count == offsets.pages.count && offsets.pages.count >= 8)
        let page = try #require(columns.maximums.firstIndex { !$0.lexicographicallyPrecedes(ids[637]) })
        #expect(offsets.pages(overlapping: 637..<638) == page..<page + 1)
        #expect(offsets.pages(overlapping: 0..<1_000) == offsets.pages.indices)
        #expect(offsets.pages(overlapping: 5..<5).isEmpty)
        let statistics = try #require(file.metadata.rowGroups[0].columns[0].statistics)
        #expect(statistics.minimum == ids[0] && statistics.maximum == ids[999] && statistics.nullCount == 0)
    }

    @Test("a page of nulls is marked, and null counts are kept per page")
    func nullPages() throws {
        let schema = try ParquetSchema([.optional("n", .int64)])
        let rows: [[TestValue]] = (0..<30).map { [$0 / 10 == 1 ? .null : .integer(Int64(100 - $0))] }
        let file = try Self.file(schema, rows, ColumnOptions(encoding: .deltaBinaryPacked, maximumPageRowCount: 10))
        let index = try #require(try file.columnIndex(rowGroup: 0, leaf: 0))
        #expect(index.nullPages == [false, true, false])
        #expect(index.nullCounts == [0, 10, 0])
        #expect(index.boundaryOrder == .descending)
    }

    @Test("long text bounds are cut between characters and still enclose the values")
    func longText() throws {
        let schema = try ParquetSchema([.required("text", .byteArray, .string)])
        let texts = ["é", "漢", "z", "\u{10FFFF}", "\u{D7FF}", "a\u{10FFFF}"].flatMap { [String(repeating: $0, count: 100), $0] }
        for text in texts {
            let file = try Self.file(schema, [[.bytes(Array(text.utf8))]], ColumnOptions())
            let statistics = try #require(file.metadata.rowGroups[0].columns[0].statistics)
            let minimum = try #require(statistics.minimum)
            #expect(minimum.count <= ParquetLimits.maximumBoundByteCount)
            #expect(String(validating: minimum, as: UTF8.self) != nil)
            #expect(!Array(text.utf8).lexicographicallyPrecedes(minimum))
            #expect(statistics.isMinimumExact == (text.utf8.count <= 64))
            guard let maximum = statistics.maximum else {
                #expect(text.unicodeScalars.allSatisfy { $0.value == 0x10FFFF }, "only the largest character has no successor")
                #expect(try file.columnIndex(rowGroup: 0, leaf: 0) == nil)
                continue
            }
            #expect(String(validating: maximum, as: UTF8.self) != nil)
            #expect(!maximum.lexicographicallyPrecedes(Array(text.utf8)))
        }
    }

    @Test("bounds of doubles leave out NaN and take in both zeros")
    func doubles() throws {
        let schema = try ParquetSchema([.required("d", .double)])
        let file = try Self.file(schema, [.nan, 0, 2, -0.0, .nan].map { [TestValue.double($0)] }, ColumnOptions())
        let statistics = try #require(file.metadata.rowGroups[0].columns[0].statistics)
        #expect(statistics.minimum == [0, 0, 0, 0, 0, 0, 0, 0x80])
        #expect(statistics.maximum == [0, 0, 0, 0, 0, 0, 0, 0x40])
        let nothing = try Self.file(schema, [[.double(.nan)]], ColumnOptions())
        #expect(nothing.metadata.rowGroups[0].columns[0].statistics?.minimum == nil)
        #expect(try nothing.columnIndex(rowGroup: 0, leaf: 0) == nil)
    }

    @Test("bounds of every type enclose exactly the values of each page", arguments: 0..<4)
    func encloses(_ round: UInt64) throws {
        var random = RandomRows(seed: TestSeed.value &+ 500 &+ round)
        let schema = try RandomRows.everyShape()
        let rows = random.rows(schema, count: 300)
        let options = schema.leaves.map { _ in ColumnOptions(pageByteCount: 200, maximumPageRowCount: 30) }
        let file = try ParquetFile.open(MemorySource(try TestFile.write(schema, rows: rows, rowGroupSizes: [300], options: options)))
        for leaf in schema.leaves where leaf.isFlat {
            guard let index = try file.columnIndex(rowGroup: 0, leaf: leaf.index) else { continue }
            let offsets = try #require(try file.offsetIndex(rowGroup: 0, leaf: leaf.index))
            for (page, location) in offsets.pages.enumerated() {
                let end = page + 1 < offsets.pages.count ? offsets.pages[page + 1].firstRow : 300
                let decoded = try file.readLeaf(rowGroup: 0, leaf: leaf.index, rows: location.firstRow..<end)
                let values = decoded.testValues
                #expect(index.nullPages[page] == values.isEmpty)
                #expect(index.nullCounts?[page] == Int64(end - location.firstRow - values.count))
                #expect(
                    values.allSatisfy { Self.encloses(index.minimums[page], index.maximums[page], $0, leaf.type) },
                    "\(leaf.path) page \(page)")
            }
        }
    }

    private static func encloses(_ minimum: [UInt8], _ maximum: [UInt8], _ value: TestValue, _ type: PhysicalType) -> Bool {
        func number<T>(_ bytes: [UInt8], _: T.Type) -> T { bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) } }
        switch value {
        case .integer(let value):
            if type == .int32 { return (number(minimum, Int32.self)...number(maximum, Int32.self)).contains(Int32(value)) }
            return (number(minimum, Int64.self)...number(maximum, Int64.self)).contains(value)
        case .double(let value): return (number(minimum, Double.self)...number(maximum, Double.self)).contains(value)
        case .boolean(let value): return minimum[0] <= (value ? 1 : 0) && maximum[0] >= (value ? 1 : 0)
        case .bytes(let value): return !value.lexicographicallyPrecedes(minimum) && !maximum.lexicographicallyPrecedes(value)
        default: return false
        }
    }

    private static func file(_ schema: ParquetSchema, _ rows: [[TestValue]], _ options: ColumnOptions) throws -> ParquetFile {
        try ParquetFile.open(MemorySource(try TestFile.write(schema, rows: rows, rowGroupSizes: [rows.count], options: [options])))
    }
}
