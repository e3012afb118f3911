import ByteCoding
import FileSystem
import SeededRandom
import SimulatedDisk
import Testing

@testable import SpanStore

@Suite struct WALFormatTests {
    private let header = WALFileHeader(
        salt: 0x0102_0304_0506_0708, fileNumber: 9, firstLSN: 100, previousFileNumber: 8, previousValidThroughLSN: 99, nodeID: 3,
        fileByteCount: 1 << 28)

    private func read(_ page: [UInt8], number: UInt64 = 9) -> WALFileHeader.Reading {
        page.withUnsafeBytes { WALFileHeader.read(page: $0, fileNumber: number) }
    }

    @Test("a file header is read back, from either copy, and only under its own number")
    func fileHeader() {
        var page = header.encoded()
        #expect(page.count == 4096)
        #expect(read(page) == .begun(header))
        #expect(read(page, number: 10) == .notBegun)
        page[30] ^= 1
        #expect(read(page) == .begun(header))
        page[2048 + 30] ^= 1
        #expect(read(page) == .damaged)
        #expect(read([]) == .notBegun)
        #expect(read([UInt8](repeating: 0, count: 4096)) == .notBegun)
    }

    @Test("a header torn between its copies is the old one or the new one")
    func tornFileHeader() {
        var next = header
        next.fileNumber = 12
        let page = Array(next.encoded()[..<512]) + Array(header.encoded()[512...])
        #expect(read(page, number: 12) == .begun(next))
        #expect(read(page, number: 9) == .begun(header))
        #expect(read(page, number: 1) == .notBegun)
    }

    @Test("a group header is read back at its own place, under its own salt, and with no bit changed")
    func groupHeader() {
        let group = WALGroupHeader(
            payloadChecksum: 7, payloadByteCount: 5000, entryCount: 2, kind: .entries, firstLSN: 10, durableLSN: 9, byteOffset: 8192)
        let bytes = group.encoded(salt: 42)
        func read(_ bytes: [UInt8], salt: UInt64 = 42, at offset: Int = 8192) -> WALGroupHeader? {
            bytes.withUnsafeBytes { WALGroupHeader.read($0, salt: salt, byteOffset: offset) }
        }
        #expect(read(bytes) == group)
        #expect(read(bytes, salt: 43) == nil)
        #expect(read(bytes, at: 4096) == nil)
        #expect(read(Array(bytes.dropLast())) == nil)
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(read(changed) == nil, "bit \(bit)")
        }
        #expect(group.lastLSN == 11 && group.paddedByteCount == 8192)
    }

    @Test("entries of any shape are read back as they were", arguments: TestSeed.several(20))
    func entries(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var entries: [WALEntry] = []
        for index in 0..<10 {
            var ordinals: Set<UInt32> = []
            for _ in 0..<Int.random(in: 0...20, using: &generator) { ordinals.insert(UInt32.random(in: 0...UInt32.max, using: &generator)) }
            let body = generator.bytes(Int.random(in: 0...3000, using: &generator))
            entries.append(
                WALEntry(
                    lsn: UInt64(50 + index), project: testProject(generator.next()), receivedUnixNano: generator.next(),
                    codec: generator.oneIn(2) ? .otlpJSON : .otlpProtobuf, decoderVersion: UInt16(truncatingIfNeeded: generator.next()),
                    rejectedOrdinals: ordinals.sorted(), enrichment: generator.bytes(Int.random(in: 0...100, using: &generator)),
                    reply: StoredReply(rejectedSpanCount: ordinals.count, errorMessage: "ü\(index)"), bytes: body + generator.bytes(50),
                    bodyLength: body.count))
        }
        let encoder = WALGroupEncoder(entries: entries, firstLSN: 50, durableLSN: 49, byteOffset: 4096, salt: 5)
        let disk = SimulatedDisk(seed: seed)
        try disk.createDirectory("/d")
        let file = try disk.open("/d/f", .create)
        try encoder.write(to: file, through: DirectWriter(byteCount: 4096 * Int.random(in: 1...6, using: &generator)))
        let written = try #require(disk.content(of: "/d/f"))
        #expect(written.count == 4096 + encoder.byteCount && encoder.byteCount % 4096 == 0)
        try written.withUnsafeBytes { bytes in
            let group = try #require(WALGroupHeader.read(UnsafeRawBufferPointer(rebasing: bytes[4096...]), salt: 5, byteOffset: 4096))
            let payload = UnsafeRawBufferPointer(rebasing: bytes[4160..<4160 + group.payloadByteCount])
            #expect(CRC32C.checksum(payload, continuing: WALGroupHeader.checksum(salt: 5)) == group.payloadChecksum)
            var reader = ByteReader(payload)
            for entry in entries {
                let read = try WALEntryCoding.decode(&reader)
                #expect(read.lsn == entry.lsn && read.project == entry.project && read.receivedUnixNano == entry.receivedUnixNano)
                #expect(read.codec == entry.codec && read.decoderVersion == entry.decoderVersion && read.kind == entry.kind)
                #expect(read.rejectedOrdinals == entry.rejectedOrdinals && read.enrichment == entry.enrichment && read.reply == entry.reply)
                #expect(read.bytes == Array(entry.bytes[..<entry.bodyLength]) && read.bodyLength == entry.bodyLength)
                #expect(WALEntryCoding.maximumByteCount(of: entry) >= WALEntryCoding.headByteCount + entry.bodyLength)
            }
            #expect(reader.isAtEnd)
        }
    }

    @Test("an entry cut anywhere, of unknown kind or codec, or with ordinals that do not rise is refused")
    func badEntries() throws {
        var entry = testEntry(Array("body".utf8))
        entry.rejectedOrdinals = [1, 2]
        var writer = ByteWriter()
        WALEntryCoding.encodeHead(of: entry, lsn: 1, receivedUnixNano: 2, into: &writer)
        writer.append(Array("body".utf8))
        func decode(_ bytes: [UInt8]) throws(WALDecodingError) -> WALEntry {
            try bytes.withUnsafeBufferPointer { (bytes) throws(WALDecodingError) in
                var reader = ByteReader(UnsafeRawBufferPointer(bytes))
                return try WALEntryCoding.decode(&reader)
            }
        }
        #expect(try decode(writer.bytes).rejectedOrdinals == [1, 2])
        for length in 0..<writer.count {
            #expect(throws: WALDecodingError.malformed("an entry ends before its fields do")) {
                _ = try decode(Array(writer.bytes[..<length]))
            }
        }
        var bytes = writer.bytes
        bytes[4] = 9
        #expect(throws: WALDecodingError.unknown("entry kind 9")) { _ = try decode(bytes) }
        bytes = writer.bytes
        bytes[5] = 9
        #expect(throws: WALDecodingError.unknown("codec 9")) { _ = try decode(bytes) }
        bytes = writer.bytes
        bytes[65] = 0
        #expect(throws: WALDecodingError.self) { _ = try decode(bytes) }
    }

    @Test("version 1 is written byte for byte as it always was")
    func golden() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, _) = try openLog(disk, saltSeed: 1)
        var entry = testEntry(Array("golden body".utf8), received: testDay + 5)
        entry.rejectedOrdinals = [3, 700]
        entry.enrichment = [1, 2, 3]
        entry.reply = StoredReply(rejectedSpanCount: 2, errorMessage: "two refused")
        _ = try log.append([entry, testEntry([], project: 2)])
        try log.finish()
        let bytes = try #require(disk.content(of: walPath(1)))
        let used = Array(bytes[..<(3 * 4096)])
        #expect(CRC32C.checksum(used) == Self.goldenChecksum)
    }

    /// Of the header page, one group of two entries and the final marker. If this changes, old logs are not read any more:
    /// raise the format version instead.
    private static let goldenChecksum: UInt32 = 2_490_263_348
}
