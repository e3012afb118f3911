import SeededRandom
import Testing

@testable import Parquet

@Suite("Bloom filter")
struct BloomFilterTests {
    @Test("hashes are XXH64 with seed 0")
    func hash() {
        #expect(Self.hash("") == 0xEF46_DB37_51D8_E999)
        #expect(Self.hash("a") == 0xD24E_C4F1_A98C_6E5B)
        #expect(Self.hash("abc") == 0x44BC_2CF5_AD77_0999)
    }

    @Test("a value sets one bit in each word of its block, as the specification says")
    func knownBits() throws {
        // One block: hash 1 << 32 | 1 picks bit salt[i] >> 27 of word i.
        var filter = try [UInt8](repeating: 0, count: 32).withUnsafeBytes { try BloomFilter(bytes: $0) }
        filter.insert(0x0000_0001_0000_0001)
        let bits = [0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31].map {
            UInt32($0) >> 27
        }
        #expect(filter.words == bits.map { 1 << $0 })
    }

    @Test("everything inserted is found, and about one in a thousand of the rest")
    func falsePositives() {
        var generator = SeededGenerator(seed: TestSeed.value)
        var filter = BloomFilter(distinctCount: 10_000)
        let hashes = (0..<10_000).map { _ in generator.next() }
        for hash in hashes { filter.insert(hash) }
        #expect(hashes.allSatisfy { filter.mightContain($0) })
        let wrong = (0..<100_000).filter { _ in filter.mightContain(generator.next()) }.count
        #expect(wrong < 200)
        #expect(filter.byteCount < 10_000 * 18 / 8)
    }

    @Test("a filter comes back from the file with what was inserted, nulls left out")
    func file() throws {
        let schema = try ParquetSchema([.optional("id", .fixedLengthByteArray(16)), .optional("name", .byteArray, .string)])
        let rows: [[TestValue]] = (0..<500).map { row in
            row % 3 == 0 ? [.null, .null] : [.bytes([UInt8](repeating: UInt8(row / 5), count: 16)), .bytes(Array("n\(row)".utf8))]
        }
        let options = ColumnOptions(bloomFilterDistinctCount: 400)
        let file = try ParquetFile.open(
            MemorySource(try TestFile.write(schema, rows: rows, rowGroupSizes: [500], options: [options, options])))
        for leaf in 0..<2 {
            let filter = try #require(try file.bloomFilter(rowGroup: 0, leaf: leaf))
            for row in rows {
                guard case .bytes(let bytes) = row[leaf] else { continue }
                #expect(bytes.withUnsafeBytes { filter.mightContain(BloomFilter.hash($0)) })
            }
            for probe in 0..<2_000 {
                let hash = UInt64(probe) &* 0x9E37_79B9_7F4A_7C15
                #expect(try file.mightContain(hash, rowGroup: 0, leaf: leaf) == filter.mightContain(hash))
            }
        }
    }

    @Test("bytes that are no whole blocks are refused")
    func malformed() {
        for count in [0, 16, 33] {
            #expect(throws: ParquetError.self) { try [UInt8](repeating: 0, count: count).withUnsafeBytes { try BloomFilter(bytes: $0) } }
        }
    }

    private static func hash(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBytes { BloomFilter.hash($0) } }
}
