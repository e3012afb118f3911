import Testing

@testable import Parquet

@Suite("Compression")
struct CompressionTests {
    @Test("what zstd compresses comes back, and a page of another length is refused")
    func zstd() throws {
        let bytes = Array(String(repeating: "spandrel ", count: 1_000).utf8)
        let compressor = try ZstdCompressor()
        let compressed = try bytes.withUnsafeBytes { Array(try compressor.compress($0, level: 3)) }
        #expect(compressed.count < 100)
        #expect(try Self.decompress(compressed, .zstd, byteCount: bytes.count) == bytes)
        #expect(throws: ParquetError.self) { try Self.decompress(compressed, .zstd, byteCount: bytes.count - 1) }
        #expect(throws: ParquetError.self) { try Self.decompress(compressed, .zstd, byteCount: bytes.count + 1) }
        #expect(throws: ParquetError.self) { try Self.decompress(Array(compressed.dropLast()), .zstd, byteCount: bytes.count) }
    }

    @Test("snappy literals and overlapping copies")
    func snappy() throws {
        // "abc", then 9 bytes from 3 back, then 2 bytes from 4 back with a two-byte offset.
        let compressed: [UInt8] = [14, 0b0000_1000, 97, 98, 99, 0b0001_0101, 3, 0b0000_0110, 4, 0]
        #expect(try Self.decompress(compressed, .snappy, byteCount: 14) == Array("abcabcabcabcca".utf8))
    }

    @Test("snappy data that lies about lengths and distances is refused")
    func malformedSnappy() {
        for bytes in [
            [], [5], [5, 0b0001_0000, 1], [3, 0b0000_0001, 1], [8, 0, 65, 0b0001_1101, 1], [2, 0, 65],
            [1, 0b1111_1100, 255, 255, 255, 255],
        ] as [[UInt8]] {
            #expect(throws: ParquetError.self) { try Self.decompress(bytes, .snappy, byteCount: Int(bytes.first ?? 1)) }
        }
    }

    @Test("gzip data, two members in a row, and damage to it")
    func gzip() throws {
        // Deflate's stored blocks: a known stream without a compressor. CRC-32 and length of "hello" follow.
        let member: [UInt8] =
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 1, 5, 0, 0xFA, 0xFF] + Array("hello".utf8) + [0x86, 0xA6, 0x10, 0x36, 5, 0, 0, 0]
        #expect(try Self.decompress(member, .gzip, byteCount: 5) == Array("hello".utf8))
        #expect(try Self.decompress(member + member, .gzip, byteCount: 10) == Array("hellohello".utf8))
        #expect(throws: ParquetError.self) { try Self.decompress(member, .gzip, byteCount: 6) }
        #expect(throws: ParquetError.self) { try Self.decompress(member, .gzip, byteCount: 4) }
        for position in member.indices where position > 9 {
            var damaged = member
            damaged[position] ^= 0x55
            #expect(throws: ParquetError.self, "byte \(position)") { try Self.decompress(damaged, .gzip, byteCount: 5) }
        }
    }

    static func decompress(_ bytes: [UInt8], _ codec: CompressionCodec, byteCount: Int) throws -> [UInt8] {
        var target = [UInt8](repeating: 0, count: byteCount)
        try target.withUnsafeMutableBytes { target in
            try bytes.withUnsafeBytes { try PageDecompressor().decompress($0, codec: codec, into: target) }
        }
        return target
    }
}
