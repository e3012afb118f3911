import Parquet
import SeededRandom
import Testing

@testable import SpanStore

@Suite("Payload files")
struct PayloadFileTests {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    /// A payload file: of each row group its pages, of each page its ids.
    private static func file(_ groups: [[[Int64]]]) throws -> PayloadFile {
        let sink = Sink()
        let writer = try ParquetFileWriter(schema: ParquetSchema(SpanSchema.payloadColumns)) { sink.bytes.append(contentsOf: $0) }
        for pages in groups {
            let ids = Array(pages.joined())
            try writer.beginRowGroup(rowCount: ids.count)
            try ids.withUnsafeBufferPointer { try writer.writeColumn(.int64($0), options: ColumnOptions(encoding: .deltaBinaryPacked)) }
            try writer.writePreencodedColumn(
                pages.map { page in
                    var raw: [UInt8] = []
                    for id in page {
                        let text = Array(Self.text(id).utf8)
                        withUnsafeBytes(of: UInt32(text.count).littleEndian) { raw.append(contentsOf: $0) }
                        raw += text
                    }
                    return try raw.withUnsafeBytes {
                        try EncodedPage.plainByteArray(uncompressed: $0, valueCount: page.count, compressor: ZstdCompressor())
                    }
                })
            try writer.endRowGroup()
        }
        try writer.finish()
        return try PayloadFile(SegmentParquet(MemorySource(sink.bytes)))
    }

    private static func text(_ id: Int64) -> String { "payload \(id)" + String(repeating: "·", count: Int(id % 97)) }

    private static func id(_ sequence: Int64, _ ordinal: Int64) -> Int64 { sequence << 32 | ordinal }

    private static func found(_ ids: [Int64], in file: PayloadFile) throws -> [Int: String] {
        var found: [Int: String] = [:]
        try file.forEach(ids, costs: ScanCostCounter()) { index, text in
            #expect(found.updateValue(String(decoding: text, as: UTF8.self), forKey: index) == nil)
        }
        return found
    }

    @Test("payloads of several sequences, with gaps where some went, are found by their ids")
    func severalSequences() throws {
        var random = SeededGenerator(seed: TestSeed.value)
        var groups: [[[Int64]]] = [], all: [Int64] = [], absent: [Int64] = []
        for sequence in [Int64(3), 4, 9, 12, 300] {
            var group: [[Int64]] = []
            for page in 0..<Int64(4) {
                let ids = (0..<Int64(40)).map { Self.id(sequence, page * 40 + $0) }
                // Some row groups are whole, some have holes, and one begins in the middle.
                let kept = sequence == 4 || sequence == 12 && page > 1 ? ids : ids.filter { _ in !random.oneIn(3) }
                absent += Set(ids).subtracting(kept)
                if !kept.isEmpty { group.append(kept) }
            }
            all += group.joined()
            // Two sequences share a row group.
            if sequence == 9 { groups[groups.count - 1] += group } else { groups.append(group) }
        }
        let file = try Self.file(groups)
        for _ in 0..<30 {
            let wanted = (0..<Int.random(in: 1...60, using: &random)).map { _ in all[Int.random(in: 0..<all.count, using: &random)] }
            let found = try Self.found(wanted, in: file)
            #expect(found.count == wanted.count)
            for (index, id) in wanted.enumerated() { #expect(found[index] == Self.text(id), "\(TestSeed.hint(TestSeed.value))") }
        }
        for id in absent + [0, Self.id(5, 0), Self.id(300, 4000), .max] {
            #expect(throws: StoreError.self, "\(id)") { try Self.found([all[0], id], in: file) }
        }
    }

    @Test("pages that were unpacked ahead are not read again, and others are")
    func unpackedAhead() throws {
        let ids = (0..<Int64(200)).filter { $0 % 7 != 3 }.map { Self.id(3, $0) }
        let file = try Self.file([stride(from: 0, to: ids.count, by: 40).map { Array(ids[$0..<min($0 + 40, ids.count)]) }])
        let wanted = ids.filter { $0 % 5 == 1 }
        let reads = try file.pageReads(of: wanted, costs: ScanCostCounter())
        #expect(reads.count == 5 && reads.reduce(0) { $0 + $1.rows.count } == wanted.count)
        var unpacked = UnpackedPages()
        for (count, read) in ([nil] + reads).enumerated() {
            if let read { unpacked[read.group, read.page] = try file.unpack(read, costs: ScanCostCounter()) }
            let costs = ScanCostCounter()
            var found: [Int: String] = [:]
            try file.forEach(wanted.reversed(), unpacked: unpacked, costs: costs) { found[$0] = String(decoding: $1, as: UTF8.self) }
            for (index, id) in wanted.reversed().enumerated() { #expect(found[index] == Self.text(id)) }
            #expect((costs.total.payloadBytesRead == 0) == (count == reads.count))
        }
        // A row that was not copied out: its page is read.
        #expect(!wanted.contains(ids[0]))
        var first: [String] = []
        try file.forEach([ids[0], wanted[0]], unpacked: unpacked, costs: ScanCostCounter()) {
            first.append(String(decoding: $1, as: UTF8.self))
        }
        #expect(first == [Self.text(ids[0]), Self.text(wanted[0])])
    }

    @Test("a file whose ids have bounds that no id has is refused")
    func damagedBounds() throws {
        let large = Int64.max - Int64.max % 97
        let bounds: [[Int64]] = [[-97, large], [-97, 0], [0, .max], [.min - .min % 97, large]]
        for ids in bounds {
            #expect(throws: StoreError.self, "\(ids)") { try Self.file([[ids]]) }
        }
        #expect(try Self.file([[[0, large]]]).rowGroups.first?.hasGaps == true)
    }

    @Test("a file whose ids do not ascend from row group to row group is refused")
    func damagedOrder() throws {
        #expect(throws: StoreError.self) { try Self.file([[[Self.id(2, 0), Self.id(2, 1)]], [[Self.id(2, 1), Self.id(2, 2)]]]) }
        #expect(try Self.file([[[Self.id(2, 0), Self.id(2, 1)]], [[Self.id(2, 2)]]]).rowGroups.count == 2)
    }
}
