import Testing

import Ingest

@Suite("Decompressing request bodies")
struct BodyDecompressorTests {
    /// Text that compresses about as telemetry does.
    private static let text: [UInt8] = (0..<60_000).flatMap { Array("span \($0 % 977) of trace \($0 &* 2_654_435_761 % 65_536)\n".utf8) }

    private static func refusal(_ body: [UInt8], _ encoding: ContentEncoding, _ limits: IngestLimits = IngestLimits()) -> IngestError.Code?
    {
        do {
            _ = try BodyDecompressor.decompress(body, encoding, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("every encoding gives back what was compressed", arguments: ContentEncoding.allCases)
    func roundTrip(encoding: ContentEncoding) throws {
        for bytes in [[], [7], Self.text] {
            let body =
                switch encoding {
                case .identity: bytes
                case .gzip: Compressors.gzip(bytes)
                case .deflate: Compressors.zlib(bytes, windowBits: 15)
                case .zstd: Compressors.zstd(bytes)
                }
            #expect(try BodyDecompressor.decompress(body, encoding, limits: IngestLimits()) == bytes)
        }
    }

    @Test("deflate without zlib's header is read, too")
    func rawDeflate() throws {
        let body = Compressors.zlib(Self.text, windowBits: -15)
        #expect(try BodyDecompressor.decompress(body, .deflate, limits: IngestLimits()) == Self.text)
    }

    @Test("a zstd frame that does not announce its size is read")
    func streamedZstd() throws {
        let body = Compressors.zstd(Self.text, announcesSize: false)
        #expect(try BodyDecompressor.decompress(body, .zstd, limits: IngestLimits()) == Self.text)
    }

    @Test("gzip members and zstd frames in a row are one body")
    func severalStreams() throws {
        let gzip = Compressors.gzip(Self.text) + Compressors.gzip([]) + Compressors.gzip([1, 2, 3])
        #expect(try BodyDecompressor.decompress(gzip, .gzip, limits: IngestLimits()) == Self.text + [1, 2, 3])
        let zstd = Compressors.zstd([1, 2]) + Compressors.zstd(Self.text) + Compressors.zstd([3], announcesSize: false)
        #expect(try BodyDecompressor.decompress(zstd, .zstd, limits: IngestLimits()) == [1, 2] + Self.text + [3])
    }

    @Test("a body that is cut anywhere is refused", arguments: [ContentEncoding.gzip, .deflate, .zstd])
    func truncation(encoding: ContentEncoding) {
        let bytes = Array(Self.text.prefix(3000))
        let body =
            encoding == .gzip
            ? Compressors.gzip(bytes) : encoding == .zstd ? Compressors.zstd(bytes) : Compressors.zlib(bytes, windowBits: 15)
        for length in 0..<body.count {
            #expect(Self.refusal(Array(body.prefix(length)), encoding) == .malformedCompression, "cut at \(length) of \(body.count)")
        }
    }

    @Test("bytes behind the last stream are refused", arguments: [ContentEncoding.gzip, .deflate, .zstd])
    func trailingBytes(encoding: ContentEncoding) {
        let bytes = Array(Self.text.prefix(3000))
        let body =
            encoding == .gzip
            ? Compressors.gzip(bytes) : encoding == .zstd ? Compressors.zstd(bytes) : Compressors.zlib(bytes, windowBits: 15)
        #expect(Self.refusal(body + [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], encoding) == .malformedCompression)
    }

    @Test("a flipped bit is refused or found out by the checksum", arguments: [ContentEncoding.gzip, .deflate])
    func damage(encoding: ContentEncoding) throws {
        let bytes = Array(Self.text.prefix(3000))
        let body = encoding == .gzip ? Compressors.gzip(bytes) : Compressors.zlib(bytes, windowBits: 15)
        // gzip's header carries a time and an operating system nobody checks.
        for position in (encoding == .gzip ? 10 : 2)..<body.count {
            var damaged = body
            damaged[position] ^= 0x10
            #expect(Self.refusal(damaged, encoding) == .malformedCompression, "bit flipped in byte \(position)")
        }
    }

    @Test("a body is refused exactly when it decompresses to more than the limit", arguments: [ContentEncoding.gzip, .deflate, .zstd])
    func limit(encoding: ContentEncoding) {
        var limits = IngestLimits()
        limits.maximumBodyByteCount = 1 << 20
        func body(_ count: Int) -> [UInt8] {
            let bytes = Array(Self.text.prefix(count))
            return encoding == .gzip
                ? Compressors.gzip(bytes) : encoding == .zstd ? Compressors.zstd(bytes) : Compressors.zlib(bytes, windowBits: 15)
        }
        #expect(Self.refusal(body(1 << 20), encoding, limits) == nil)
        #expect(Self.refusal(body(1 << 20 + 1), encoding, limits) == .tooLarge)
    }

    @Test("a bomb is refused long before it is unpacked", arguments: [ContentEncoding.gzip, .deflate, .zstd])
    func bomb(encoding: ContentEncoding) {
        let zeros = [UInt8](repeating: 0, count: 32 << 20)
        let body =
            encoding == .gzip
            ? Compressors.gzip(zeros) : encoding == .zstd ? Compressors.zstd(zeros) : Compressors.zlib(zeros, windowBits: 15)
        var limits = IngestLimits()
        #expect(Self.refusal(body, encoding, limits) == .tooLarge)
        limits.maximumBodyByteCount = 16 << 20
        #expect(Self.refusal(body, encoding, limits) == .tooLarge)
    }

    @Test("a gzip trailer that claims 4 GiB does not help an attacker to memory")
    func liarsTrailer() {
        // Another size than it has, within what it could have: the checksum behind it is right, the size is not.
        for announced in [0, 1, 2_999, 3_001, 60_000] as [UInt32] {
            var body = Compressors.gzip(Array(Self.text.prefix(3_000)))
            body.replaceSubrange(body.count - 4..<body.count, with: withUnsafeBytes(of: announced.littleEndian) { Array($0) })
            #expect(Self.refusal(body, .gzip) == .malformedCompression, "\(announced)")
        }
        var body = Compressors.gzip([1, 2, 3])
        for index in body.count - 4..<body.count { body[index] = 0xff }
        #expect(Self.refusal(body, .gzip) == .malformedCompression)
    }

    @Test(
        "memory is asked for before the output takes it, and a refusal ends the work", arguments: [ContentEncoding.gzip, .deflate, .zstd])
    func reservation(encoding: ContentEncoding) throws {
        func compress(_ bytes: [UInt8]) -> [UInt8] {
            switch encoding {
            case .identity: bytes
            case .gzip: Compressors.gzip(bytes)
            case .deflate: Compressors.zlib(bytes, windowBits: 15)
            case .zstd: Compressors.zstd(bytes)
            }
        }
        let plain = Self.text + Self.text + Self.text, body = compress(plain)
        var asked: [Int] = []
        let output = try BodyDecompressor.decompress(body, encoding, limits: IngestLimits()) { byteCount throws(IngestError) in
            asked.append(byteCount)
        }
        #expect(output == plain)
        // A gzip member says how large it is: that is asked for as a whole.
        #expect(asked == asked.sorted() && (encoding == .gzip ? asked == [plain.count] : asked.count > 3))
        #expect((plain.count...plain.count + (2 << 20)).contains(asked.last ?? 0))
        asked = []
        let error = #expect(throws: IngestError.self) {
            try BodyDecompressor.decompress(body, encoding, limits: IngestLimits()) { byteCount throws(IngestError) in
                asked.append(byteCount)
                if byteCount > 1 << 20 { throw IngestError(.overloaded, "no more") }
            }
        }
        #expect(error?.code == .overloaded)
        #expect(encoding == .gzip ? asked.count == 1 : (asked.last ?? .max) <= 3 << 20, "it stopped where it was refused")
        _ = try BodyDecompressor.decompress(compress([1, 2, 3]), encoding, limits: IngestLimits()) { _ throws(IngestError) in
            throw IngestError(.overloaded, "a small body asks for nothing more than its own size")
        }
    }
}
