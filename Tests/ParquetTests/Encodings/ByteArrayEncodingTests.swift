import SeededRandom
import Testing

@testable import Parquet

@Suite("Encodings of byte arrays and fixed widths")
struct ByteArrayEncodingTests {
    private let offsets: [UInt32] = [3, 8, 8, 13]
    private let bytes = Array("...HelloWorld".utf8)

    @Test("PLAIN byte arrays lie behind their lengths")
    func plain() throws {
        let buffer = PageBuffer(capacity: 0)
        offsets.withUnsafeBufferPointer { offsets in
            bytes.withUnsafeBytes { PlainEncoder.encode(offsets: offsets, bytes: $0, into: buffer) }
        }
        #expect(Array(buffer.bytes) == [5, 0, 0, 0] + Array("Hello".utf8) + [0, 0, 0, 0, 5, 0, 0, 0] + Array("World".utf8))
        var decoder = PlainByteArrayDecoder(buffer.bytes)
        var column = ByteArrayColumn()
        try decoder.skip(1)
        try decoder.take(2, into: &column)
        #expect(column.offsets == [0, 0, 5])
        #expect(column.bytes == Array("World".utf8))
        #expect(throws: ParquetError.self) { try decoder.skip(1) }
    }

    @Test("the specification's example of DELTA_LENGTH_BYTE_ARRAY: lengths 5 5 6 6, then the bytes")
    func deltaLength() throws {
        let text = Array("HelloWorldFoobarABCDEF".utf8)
        let buffer = PageBuffer(capacity: 0)
        ([0, 5, 10, 16, 22] as [UInt32]).withUnsafeBufferPointer { offsets in
            text.withUnsafeBytes { DeltaLengthByteArrayEncoder.encode(offsets: offsets, bytes: $0, into: buffer) }
        }
        let encoded = Array(buffer.bytes)
        #expect(encoded.suffix(22) == text[...])
        #expect(encoded.prefix(22 - 7).starts(with: DeltaBinaryPackedTests.encode([5, 5, 6, 6] as [Int32])))
        try encoded.withUnsafeBytes {
            let decoded = try DeltaLengthByteArrayDecoder.decode($0, count: 4)
            #expect(decoded.offsets == [0, 5, 10, 16, 22])
            #expect(Array(decoded.bytes) == text)
        }
    }

    @Test("the specification's example of DELTA_BYTE_ARRAY: axis axle babble babyhood share prefixes 0 2 0 3")
    func deltaByteArray() throws {
        let suffixes = ["axis", "le", "babble", "yhood"].map { Array($0.utf8) }
        let page =
            DeltaBinaryPackedTests.encode([0, 2, 0, 3] as [Int32]) + DeltaBinaryPackedTests.encode(suffixes.map { Int32($0.count) })
            + suffixes.flatMap { $0 }
        let column = try page.withUnsafeBytes { try DeltaByteArrayDecoder.decode($0, count: 4) }
        #expect(String(decoding: column.bytes, as: UTF8.self) == "axisaxlebabblebabyhood")
        #expect(column.offsets == [0, 4, 8, 14, 22])
    }

    @Test("a shared prefix longer than the value before is refused")
    func longPrefix() {
        let page = DeltaBinaryPackedTests.encode([0, 9] as [Int32]) + DeltaBinaryPackedTests.encode([1, 1] as [Int32]) + [65, 66]
        #expect(throws: ParquetError.self) { try page.withUnsafeBytes { try DeltaByteArrayDecoder.decode($0, count: 2) } }
    }

    @Test("BYTE_STREAM_SPLIT puts the bytes of one place side by side, and back", arguments: [4, 8, 5])
    func byteStreamSplit(width: Int) throws {
        var generator = SeededGenerator(seed: TestSeed.value)
        for count in [0, 1, 7, 8, 9, 64, 100] {
            let values = generator.bytes(count * width)
            let buffer = PageBuffer(capacity: 0)
            values.withUnsafeBytes { ByteStreamSplitEncoder.encode($0, width: width, into: buffer) }
            let split = Array(buffer.bytes)
            #expect(split == (0..<width).flatMap { stream in (0..<count).map { values[$0 * width + stream] } })
            var back = [UInt8](repeating: 0, count: count * width)
            try back.withUnsafeMutableBytes { target in
                try split.withUnsafeBytes {
                    try ByteStreamSplitDecoder.decode($0, total: count, position: 0, count: count, width: width, into: target)
                }
            }
            #expect(back == values)
        }
    }

    @Test("booleans are bits, least significant first")
    func booleans() throws {
        var generator = SeededGenerator(seed: TestSeed.value)
        for count in [0, 1, 8, 9, 77] {
            let values = (0..<count).map { _ in Bool.random(using: &generator) }
            let buffer = PageBuffer(capacity: 0)
            values.withUnsafeBufferPointer { PlainEncoder.encode($0, into: buffer) }
            #expect(
                Array(buffer.bytes)
                    == stride(from: 0, to: count, by: 8).map { start in
                        (start..<min(count, start + 8)).reduce(UInt8(0)) { $0 | (values[$1] ? 1 : 0) << UInt8($1 - start) }
                    })
            var back: [Bool] = []
            try PlainFixedDecoder.booleans(buffer.bytes, position: 0, count: count, into: &back)
            #expect(back == values)
        }
    }

    @Test("a built dictionary has every distinct value once, and gives up when they are too many")
    func dictionaryBuilder() throws {
        var generator = SeededGenerator(seed: TestSeed.value)
        let values = (0..<5_000).map { _ in Int64.random(in: 0..<700, using: &generator) }
        let built = try #require(values.withUnsafeBytes { DictionaryBuilder(fixedWidth: 8, values: $0) })
        #expect(built.entryCount == Set(values).count)
        built.bytes.withUnsafeBytes { bytes in
            #expect(built.codes.map { bytes.loadUnaligned(fromByteOffset: Int($0) * 8, as: Int64.self) } == values)
        }
        let distinct = Array(Int64(0)..<100_000)
        #expect(distinct.withUnsafeBytes { DictionaryBuilder(fixedWidth: 8, values: $0) } == nil)
    }
}
