import Parquet
import SeededRandom
import Testing

@testable import SpanStore

@Suite("Columns of a segment")
struct SegmentColumnsTests {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    /// A column of a memtable of several row groups' rows, as cells and row by row.
    private struct Sparse {
        let rows = AppendOnlyBuffer<UInt32>()
        let codes = AppendOnlyBuffer<UInt32>()
        let bits = AppendOnlyBuffer<UInt64>()
        var byRow: [UInt32?] = []

        init(rowCount: Int, density: Double, codeCount: Int, _ random: inout SeededGenerator) {
            for row in 0..<rowCount {
                guard Double.random(in: 0..<1, using: &random) < density else {
                    byRow.append(nil)
                    continue
                }
                let code = UInt32.random(in: 0..<UInt32(codeCount), using: &random)
                rows.append(UInt32(row))
                codes.append(code)
                bits.append(UInt64(code))
                byRow.append(code)
            }
        }
    }

    private static func text(_ code: UInt32) -> String { code % 7 == 0 ? "" : String(repeating: "text \(code) ", count: Int(code % 5)) }

    @Test("texts and numbers at some rows come back where they were, whatever was placed before", arguments: TestSeed.several(12))
    func places(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sink = Sink()
        let schema = try ParquetSchema([.optional("text", .byteArray, .string), .optional("number", .int64), .optional("amount", .double)])
        let writer = try ParquetFileWriter(schema: schema) { sink.bytes.append(contentsOf: $0) }
        let columns = SegmentColumns(writer: writer)
        var expected: [[UInt32?]] = []
        for _ in 0..<4 {
            let rowCount = Int.random(in: 1...6_000, using: &random)
            let density = [0, 0.001, 0.1, 0.9, 1].randomElement(using: &random)!
            let codeCount = [1, 50, 5_000].randomElement(using: &random)!
            let column = Sparse(rowCount: rowCount, density: density, codeCount: codeCount, &random)
            // Some of the rows, in another order; the others belong to another row group.
            let group = (0..<UInt32(rowCount)).shuffled(using: &random).prefix(max(1, rowCount - Int.random(in: 0...10, using: &random)))
            let places = SegmentOrder.places(of: Array(group), rowCount: rowCount)
            let texts = (0..<UInt32(codeCount)).map { Array(Self.text($0).utf8) }
            let all = texts.flatMap { $0 }
            let ends = texts.reduce(into: [0]) { $0.append($0.last! + $1.count) }
            try writer.beginRowGroup(rowCount: group.count)
            try all.withUnsafeBytes { all in
                columns.place(column.rows, codes: column.codes, at: places, rowCount: group.count)
                try columns.writePlacedText(codeCount: codeCount) {
                    UnsafeRawBufferPointer(rebasing: all[ends[Int($0)]..<ends[Int($0) + 1]])
                }
            }
            columns.place(column.rows, bits: column.bits, at: places, rowCount: group.count)
            try columns.writePlacedNumbers(as: .int64)
            columns.place(column.rows, bits: column.bits, at: places, rowCount: group.count)
            try columns.writePlacedNumbers(as: .double)
            try writer.endRowGroup()
            expected.append(group.map { column.byRow[Int($0)] })
        }
        try writer.finish()
        let file = try ParquetFile.open(MemorySource(sink.bytes))
        for (group, rows) in expected.enumerated() {
            #expect(try Self.texts(file, group) == rows.map { $0.map(Self.text) }, "\(TestSeed.hint(seed))")
            let numbers = try file.readLeaf(rowGroup: group, leaf: 1), amounts = try file.readLeaf(rowGroup: group, leaf: 2)
            guard case .int64(let integers) = numbers.values, case .double(let doubles) = amounts.values else {
                return #expect(Bool(false))
            }
            #expect(numbers.spread(integers.map { Optional($0) }, filler: nil) == rows.map { $0.map { Int64($0) } })
            #expect(amounts.spread(doubles.map { Optional($0.bitPattern) }, filler: nil) == rows.map { $0.map { UInt64($0) } })
        }
    }

    private static func texts(_ file: ParquetFile, _ group: Int) throws -> [String?] {
        let leaf = try file.readLeaf(rowGroup: group, leaf: 0)
        let texts: [String?] =
            switch leaf.values {
            case .byteArray(let offsets, let bytes):
                zip(offsets, offsets.dropFirst()).map { String(decoding: bytes[Int($0)..<Int($1)], as: UTF8.self) }
            case .dictionary(let codes, let offsets, let bytes):
                codes.map { String(decoding: bytes[Int(offsets[Int($0)])..<Int(offsets[Int($0) + 1])], as: UTF8.self) }
            default: []
            }
        return leaf.spread(texts, filler: nil)
    }
}
