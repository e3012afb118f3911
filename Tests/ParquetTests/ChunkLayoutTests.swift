import SeededRandom
import Testing

@testable import Parquet

@Suite("Layout of chunks")
struct ChunkLayoutTests {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    private static func file(_ node: ParquetSchema.Node, rowCount: Int, _ write: (ParquetFileWriter) throws -> Void) throws -> ParquetFile {
        let sink = Sink()
        let writer = try ParquetFileWriter(schema: ParquetSchema([node])) { sink.bytes.append(contentsOf: $0) }
        try writer.beginRowGroup(rowCount: rowCount)
        try write(writer)
        try writer.endRowGroup()
        try writer.finish()
        return try ParquetFile.open(MemorySource(sink.bytes))
    }

    private static func numbers(_ values: [Int64]) throws -> ParquetFile {
        try file(.required("n", .int64), rowCount: values.count) { writer in
            try values.withUnsafeBufferPointer { try writer.writeColumn(.int64($0), options: ColumnOptions(maximumPageRowCount: 1000)) }
        }
    }

    private static func codec(_ file: ParquetFile) -> CompressionCodec { file.metadata.rowGroups[0].columns[0].codec }

    @Test("what compression does not make smaller is written as it is, and read back")
    func incompressible() throws {
        var random = SeededGenerator(seed: 1)
        let noise = (0..<10_000).map { _ in Int64.random(in: .min ... .max, using: &random) }
        let noisy = try Self.numbers(noise)
        #expect(Self.codec(noisy) == .uncompressed)
        guard case .int64(let values) = try noisy.readLeaf(rowGroup: 0, leaf: 0).values else { return #expect(Bool(false)) }
        #expect(values == noise)
        let repeating = try Self.numbers((0..<10_000).map { Int64($0 % 3) })
        #expect(Self.codec(repeating) == .zstd)
    }

    @Test("a first page with few values does not decide for those behind it")
    func laterValues() throws {
        // The first thousand rows are null, the others are texts that repeat.
        let levels = (0..<10_000).map { UInt8($0 < 1_000 ? 0 : 1) }
        var offsets: [UInt32] = [0], bytes: [UInt8] = []
        for row in 1_000..<10_000 {
            bytes += Array("a text that repeats itself, row after row, \(row % 100)".utf8)
            offsets.append(UInt32(bytes.count))
        }
        let file = try Self.file(.optional("t", .byteArray, .string), rowCount: levels.count) { writer in
            try levels.withUnsafeBufferPointer { levels in
                try offsets.withUnsafeBufferPointer { offsets in
                    try bytes.withUnsafeBytes { bytes in
                        try writer.writeColumn(
                            .byteArray(offsets: offsets, bytes: bytes), definitionLevels: levels,
                            options: ColumnOptions(encoding: .deltaLengthByteArray, maximumPageRowCount: 1_000))
                    }
                }
            }
        }
        #expect(Self.codec(file) == .zstd)
        guard case .byteArray(let found, let text) = try file.readLeaf(rowGroup: 0, leaf: 0).values else { return #expect(Bool(false)) }
        #expect(found == offsets && text == bytes)
    }

    @Test("a dictionary of long texts is compressed though its codes are not worth it")
    func largeDictionary() throws {
        var random = SeededGenerator(seed: 2)
        let codes = (0..<2_000).map { _ in UInt32.random(in: 0..<1_000, using: &random) }
        var offsets: [UInt32] = [0], bytes: [UInt8] = []
        for entry in 0..<1_000 {
            bytes += Array("https://example.org/a/path/that/many/share/\(entry)".utf8)
            offsets.append(UInt32(bytes.count))
        }
        let file = try Self.file(.required("t", .byteArray, .string), rowCount: codes.count) { writer in
            try codes.withUnsafeBufferPointer { codes in
                try offsets.withUnsafeBufferPointer { offsets in
                    try bytes.withUnsafeBytes { bytes in
                        try writer.writeColumn(
                            .dictionary(codes: codes, offsets: offsets, bytes: bytes), options: ColumnOptions(encoding: .dictionary))
                    }
                }
            }
        }
        #expect(Self.codec(file) == .zstd)
        guard case .dictionary(let found, _, _) = try file.readLeaf(rowGroup: 0, leaf: 0).values else { return #expect(Bool(false)) }
        #expect(found == codes)
    }

    @Test("a chunk of nulls is one page, without a dictionary")
    func nulls() throws {
        let levels = [UInt8](repeating: 0, count: 50_000)
        let file = try Self.file(.optional("t", .byteArray, .string), rowCount: levels.count) { writer in
            try levels.withUnsafeBufferPointer { levels in
                try writer.writeColumn(
                    .dictionary(
                        codes: UnsafeBufferPointer(start: nil, count: 0), offsets: UnsafeBufferPointer(start: nil, count: 0),
                        bytes: UnsafeRawBufferPointer(start: nil, count: 0)),
                    definitionLevels: levels, options: ColumnOptions(encoding: .dictionary, maximumPageRowCount: 1_000))
            }
        }
        #expect(try file.offsetIndex(rowGroup: 0, leaf: 0)?.pages.count == 1)
        #expect(file.metadata.rowGroups[0].columns[0].dictionaryPageOffset == nil)
        #expect(try file.readLeaf(rowGroup: 0, leaf: 0).definitionLevels == levels)
    }

    @Test("a chunk of elements without a value has pages like any other: one has to know which rows have elements")
    func elementsWithoutValue() throws {
        let rowCount = 5_000
        for definition in [UInt8(0), 1] {
            let definitions = (0..<rowCount).map { $0 == 4_000 ? definition : 0 }, repetitions = [UInt8](repeating: 0, count: rowCount)
            let list = ParquetSchema.Node.list("l", .required, element: .optional("element", .int32))
            let file = try Self.file(list, rowCount: rowCount) { writer in
                try definitions.withUnsafeBufferPointer { definitions in
                    try repetitions.withUnsafeBufferPointer { repetitions in
                        try writer.writeColumn(
                            .int32(UnsafeBufferPointer(start: nil, count: 0)), definitionLevels: definitions, repetitionLevels: repetitions,
                            options: ColumnOptions(encoding: .deltaBinaryPacked, maximumPageRowCount: 1_000))
                    }
                }
            }
            #expect(try file.offsetIndex(rowGroup: 0, leaf: 0)?.pages.count == (definition == 0 ? 1 : 5))
            #expect(try file.readLeaf(rowGroup: 0, leaf: 0).definitionLevels == definitions)
        }
    }
}
