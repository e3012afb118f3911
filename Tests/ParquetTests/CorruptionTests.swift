import SeededRandom
import Testing

@testable import Parquet

/// Damaged files end in an error or in values, never in a crash. Checksums would hide most damage inside pages from the decoders, so
/// half of the rounds leave them out of the reckoning by damaging uncompressed pages together with their checksum.
@Suite("Damaged files")
struct CorruptionTests {
    @Test("flipped, overwritten and removed bytes never crash the reader", arguments: 0..<8)
    func damage(_ round: UInt64) throws {
        var random = RandomRows(seed: TestSeed.value &+ 2_000 &+ round)
        let schema = try RandomRows.everyShape()
        let rows = random.rows(schema, count: 60)
        let options = schema.leaves.map { random.options(for: $0) }
        let bytes = try TestFile.write(schema, rows: rows, rowGroupSizes: [40, 20], options: options)
        for _ in 0..<60 {
            var damaged = bytes
            switch Int.random(in: 0...3, using: &random.generator) {
            case 0:
                for _ in 0..<Int.random(in: 1...20, using: &random.generator) {
                    damaged[Int.random(in: damaged.indices, using: &random.generator)] = UInt8.random(in: 0...255, using: &random.generator)
                }
            case 1:
                // The footer and the page indexes are the last third of so small a file.
                for _ in 0..<Int.random(in: 1...4, using: &random.generator) {
                    damaged[Int.random(in: damaged.count * 2 / 3..<damaged.count, using: &random.generator)] ^=
                        1 << UInt8.random(in: 0...7, using: &random.generator)
                }
            case 2: damaged.removeLast(Int.random(in: 1...damaged.count, using: &random.generator))
            default:
                let start = Int.random(in: damaged.indices, using: &random.generator)
                damaged.removeSubrange(start..<min(damaged.count, start + Int.random(in: 1...30, using: &random.generator)))
            }
            damaged.withUnsafeBytes { ParquetFuzz.run($0) }
        }
    }

    @Test("damage behind the checksum never crashes the decoders", arguments: 0..<8)
    func damagePages(_ round: UInt64) throws {
        var random = RandomRows(seed: TestSeed.value &+ 3_000 &+ round)
        let schema = try RandomRows.everyShape()
        let rows = random.rows(schema, count: 200)
        let leaf = schema.leaves[Int(round) * 3 % schema.leaves.count]
        var shredder = Shredder(schema: schema)
        for row in rows { shredder.add(row: row) }
        let single = ParquetSchema.Leaf(
            index: 0, path: leaf.path, type: leaf.type, logicalType: leaf.logicalType, repetition: leaf.repetition,
            maximumDefinitionLevel: leaf.maximumDefinitionLevel, maximumRepetitionLevel: leaf.maximumRepetitionLevel)
        let levels = shredder.leaves[leaf.index]
        let page = PageBuffer()
        let context = ParquetReadContext()
        for encoding in [
            ParquetEncoding.plain, .runLengthDictionary, .deltaBinaryPacked, .deltaLengthByteArray, .deltaByteArray, .byteStreamSplit,
            .runLength,
        ] {
            for _ in 0..<100 {
                page.removeAll()
                levels.repetition.withUnsafeBufferPointer {
                    Levels.encode($0, count: $0.count, maximum: leaf.maximumRepetitionLevel, into: page)
                }
                levels.definition.withUnsafeBufferPointer {
                    Levels.encode($0, count: $0.count, maximum: leaf.maximumDefinitionLevel, into: page)
                }
                let start = Int.random(in: 0...page.count, using: &random.generator)
                random.generator.bytes(Int.random(in: 0...600, using: &random.generator)).withUnsafeBytes { page.append($0) }
                var bytes = Array(page.bytes)
                for index in bytes.indices where index >= start && Int.random(in: 0..<20, using: &random.generator) == 0 {
                    bytes[index] = UInt8.random(in: 0...255, using: &random.generator)
                }
                _ = try? Self.decode(bytes, encoding, single, entryCount: levels.definition.count, context)
            }
        }
    }

    /// Takes a page apart as a chunk reader would, in one piece and in many.
    private static func decode(
        _ bytes: [UInt8], _ encoding: ParquetEncoding, _ leaf: ParquetSchema.Leaf, entryCount: Int, _ context: ParquetReadContext
    ) throws {
        var writer = ThriftCompactWriter()
        PageHeaderWriter.dataPage(
            entryCount: entryCount, encoding: encoding, uncompressedByteCount: bytes.count, compressedByteCount: bytes.count, checksum: 0,
            into: &writer)
        let header = try writer.bytes.withUnsafeBytes { try PageHeader($0) }
        try bytes.withUnsafeBytes { body in
            guard let page = try DataPage(header, body: body, leaf: leaf, codec: .uncompressed, context: context) else { return }
            var dictionary: ChunkDictionary?
            if leaf.type != .boolean {
                let entries = [UInt8](repeating: 0, count: 400)
                dictionary = try entries.withUnsafeBytes { try ChunkDictionary($0, entryCount: 4, leaf: leaf) }
            }
            for step in [page.valueCount, 3] {
                var builder = LeafBuilder(leaf: leaf)
                var decoder = try PageValueDecoder(
                    page.values, encoding: encoding, valueCount: page.valueCount, leaf: leaf, dictionary: dictionary)
                var taken = 0
                while taken + step <= page.valueCount, step > 0 {
                    if step == 3, taken % 2 == 0 { try decoder.skip(step) } else { try decoder.take(step, into: &builder) }
                    taken += step
                }
            }
        }
    }

    @Test("a file cut anywhere is refused when it is opened")
    func truncation() throws {
        let schema = try ParquetSchema([.required("a", .int64)])
        let bytes = try TestFile.write(schema, rows: [[.integer(1)], [.integer(2)]], rowGroupSizes: [2], options: [ColumnOptions()])
        for length in 0..<bytes.count {
            #expect(throws: ParquetError.self, "\(length) bytes") { try ParquetFile.open(MemorySource(Array(bytes.prefix(length)))) }
        }
    }

    @Test("a flipped bit in a page is caught by its checksum")
    func checksum() throws {
        let schema = try ParquetSchema([.required("a", .int64)])
        let options = ColumnOptions(encoding: .plain, compression: .uncompressed)
        let bytes = try TestFile.write(schema, rows: (0..<100).map { [.integer($0)] }, rowGroupSizes: [100], options: [options])
        var damaged = bytes
        damaged[400] ^= 1
        let file = try ParquetFile.open(MemorySource(damaged))
        let error = try #require(throws: ParquetError.self) { try file.readLeaf(rowGroup: 0, leaf: 0) }
        #expect(error.code == .corrupt)
        #expect(error.description.contains("checksum"))
    }
}
