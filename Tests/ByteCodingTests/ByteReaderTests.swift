import ByteCoding
import Testing

@Suite("ByteReader and ByteWriter") struct ByteReaderTests {
    private func reading<Value>(_ bytes: [UInt8], _ body: (inout ByteReader) throws -> Value) throws -> Value {
        try bytes.withUnsafeBytes { raw in
            var reader = ByteReader(raw)
            return try body(&reader)
        }
    }

    @Test("the reader takes back what the writer wrote")
    func roundTrip() throws {
        var writer = ByteWriter(reserving: 64)
        writer.integer(UInt32(0xAABB_CCDD))
        writer.varint(UInt64.max)
        writer.varint(300)
        writer.zigzag(.min)
        writer.zigzag(-1)
        writer.lengthPrefixed("é")
        writer.lengthPrefixed([1, 2])
        writer.append(zeros: 2)
        writer.overwrite(UInt32(1), at: 0)
        #expect(writer.bytes[0...3] == [1, 0, 0, 0])
        try reading(writer.bytes) { reader in
            #expect(try reader.integer(UInt32.self) == 1)
            #expect(try reader.varint() == .max)
            #expect(try reader.count() == 300)
            #expect(try reader.zigzag() == .min)
            #expect(try reader.zigzag() == -1)
            #expect(try Array(reader.lengthPrefixed()) == Array("é".utf8))
            #expect(try Array(reader.lengthPrefixed()) == [1, 2])
            try reader.skip(2)
            #expect(reader.isAtEnd)
        }
    }

    @Test("every read past the end is refused, and nothing is consumed by it")
    func truncated() throws {
        #expect(throws: ByteCodingError.truncated) { try reading([1, 2, 3]) { try $0.integer(UInt32.self) } }
        #expect(throws: ByteCodingError.truncated) { try reading([1]) { try $0.take(2) } }
        #expect(throws: ByteCodingError.truncated) { try reading([1]) { try $0.skip(-1) } }
        #expect(throws: ByteCodingError.truncated) { try reading([0x80]) { try $0.varint() } }
        #expect(throws: ByteCodingError.truncated) { try reading([5, 1]) { try $0.lengthPrefixed() } }
        try reading([1, 2, 3]) { reader in
            _ = try? reader.integer(UInt64.self)
            #expect(reader.remaining == 3)
        }
    }

    @Test("varints of eleven bytes or beyond 64 bits are refused")
    func longVarints() {
        #expect(throws: ByteCodingError.malformedVarint) { try reading([UInt8](repeating: 0x80, count: 10) + [1]) { try $0.varint() } }
        #expect(throws: ByteCodingError.malformedVarint) { try reading([UInt8](repeating: 0xff, count: 9) + [2]) { try $0.varint() } }
        #expect(throws: ByteCodingError.malformedVarint) { try reading([UInt8](repeating: 0xff, count: 9) + [1]) { try $0.count() } }
    }
}

@Suite("Checksums") struct ChecksumTests {
    private let text = Array("123456789".utf8)

    @Test("CRC-32C has the value of its specification, in one piece or several")
    func crc32c() {
        #expect(CRC32C.checksum(text) == 0xE306_9283)
        #expect(CRC32C.checksum([]) == 0)
        for cut in 0...text.count {
            #expect(CRC32C.checksum(Array(text[cut...]), continuing: CRC32C.checksum(Array(text[..<cut]))) == 0xE306_9283)
        }
    }

    @Test("CRC-32C of long texts, which are summed in three stretches, is that of their pieces, wherever they begin and end")
    func longCRC32C() {
        let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B9 &>> 13) }
        for length in [3_071, 3_072, 3_073, 6_143, 6_144, 6_151, 9_999, 19_990] {
            for start in 0..<9 {
                let text = Array(bytes[start..<start + length])
                // Pieces shorter than a block never take that way.
                let pieces = stride(from: 0, to: length, by: 1_000).reduce(UInt32(0)) {
                    CRC32C.checksum(Array(text[$1..<min($1 + 1_000, length)]), continuing: $0)
                }
                #expect(CRC32C.checksum(text) == pieces, "\(length) bytes from \(start)")
            }
        }
    }

    @Test("XXH64 has the value of its specification")
    func xxh64() {
        #expect([UInt8]().withUnsafeBytes { XXH64.hash($0) } == 0xEF46_DB37_51D8_E999)
        #expect(text.withUnsafeBytes { XXH64.hash($0) } == 0x8CB8_41DB_40E6_AE83)
    }

    @Test("content and short hashes depend on every byte, the length and the seed")
    func hashes() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8($0) }
            bytes.withUnsafeBytes { raw in
                let content = ContentHash(of: raw, seed: 1)
                #expect(content != ContentHash(of: raw, seed: 2))
                guard let base = raw.baseAddress else { return }
                let short = ShortHash.hash(base, count: length, seed: 1)
                #expect(short != ShortHash.hash(base, count: length, seed: 2))
                for place in 0..<length {
                    var changed = bytes
                    changed[place] ^= 0x40
                    changed.withUnsafeBytes { other in
                        #expect(ContentHash(of: other, seed: 1) != content)
                        #expect(other.baseAddress.map { ShortHash.hash($0, count: length, seed: 1) } != short)
                    }
                }
                if length > 0 { #expect(ShortHash.hash(base, count: length - 1, seed: 1) != short) }
            }
        }
    }
}
