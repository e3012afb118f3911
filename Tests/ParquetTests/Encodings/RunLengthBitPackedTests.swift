import SeededRandom
import Testing

@testable import Parquet

@Suite("RLE / bit-packed hybrid")
struct RunLengthBitPackedTests {
    @Test("the specification's example of 0...7 at three bits packs into three bytes")
    func specificationExample() throws {
        let codes: [UInt32] = [0, 1, 2, 3, 4, 5, 6, 7]
        let encoded = Self.encode(codes, bitWidth: 3)
        #expect(encoded == [0b0000_0011, 0b1000_1000, 0b1100_0110, 0b1111_1010])
        #expect(try Self.decode(encoded, bitWidth: 3, count: 8) == codes)
    }

    @Test("a long run costs a few bytes")
    func longRun() throws {
        let codes = [UInt32](repeating: 5, count: 100_000)
        let encoded = Self.encode(codes, bitWidth: 9)
        #expect(encoded == [0xC0, 0x9A, 0x0C, 5, 0])
        #expect(try Self.decode(encoded, bitWidth: 9, count: codes.count) == codes)
    }

    @Test("codes of every width come back, whatever the mixture of runs", arguments: 0...32)
    func codesRoundTrip(bitWidth: Int) throws {
        var generator = SeededGenerator(seed: TestSeed.value &+ UInt64(bitWidth))
        let largest = bitWidth == 0 ? 0 : UInt32.max >> UInt32(32 - bitWidth)
        for count in [0, 1, 7, 8, 9, 31, 64, 65, 1_000] {
            var codes: [UInt32] = []
            while codes.count < count {
                let length = Int.random(in: 1...40, using: &generator)
                let value = UInt32.random(in: 0...largest, using: &generator)
                let isRun = Bool.random(using: &generator)
                codes += (0..<length).map { _ in isRun ? value : UInt32.random(in: 0...largest, using: &generator) }
            }
            codes = Array(codes.prefix(count))
            let encoded = Self.encode(codes, bitWidth: bitWidth)
            #expect(try Self.decode(encoded, bitWidth: bitWidth, count: count) == codes, "\(count) codes")
            guard count > 2 else { continue }
            var decoder = try encoded.withUnsafeBytes { try RunLengthBitPackedDecoder($0, bitWidth: bitWidth) }
            let skipped = Int.random(in: 0..<count, using: &generator)
            var rest: [UInt32] = []
            try encoded.withUnsafeBytes {
                decoder = try RunLengthBitPackedDecoder($0, bitWidth: bitWidth)
                try decoder.skip(skipped)
                try decoder.take(count - skipped, into: &rest)
            }
            #expect(rest == Array(codes[skipped...]), "\(skipped) skipped of \(count)")
        }
    }

    @Test("levels of every width come back", arguments: 1...7)
    func levelsRoundTrip(bitWidth: Int) throws {
        var generator = SeededGenerator(seed: TestSeed.value &+ UInt64(bitWidth))
        let largest = UInt8(1 << bitWidth - 1)
        for count in [1, 5, 8, 16, 33, 500, 5_000] {
            var levels: [UInt8] = []
            while levels.count < count {
                let value = UInt8.random(in: 0...largest, using: &generator)
                let isRun = Bool.random(using: &generator)
                levels += (0..<Int.random(in: 1...100, using: &generator)).map { _ in
                    isRun ? value : UInt8.random(in: 0...largest, using: &generator)
                }
            }
            levels = Array(levels.prefix(count))
            let buffer = PageBuffer(capacity: 0)
            levels.withUnsafeBufferPointer { RunLengthBitPackedEncoder.encodeLevels($0, bitWidth: bitWidth, into: buffer) }
            let encoded = Array(buffer.bytes)
            let decoded = try encoded.withUnsafeBytes { bytes in
                var decoder = try RunLengthBitPackedDecoder(bytes, bitWidth: bitWidth)
                return try decoder.levels(count)
            }
            #expect(decoded == levels)
            let present = levels.withUnsafeBufferPointer { Levels.countPresent($0, maximum: Int(largest)) }
            #expect(present == levels.filter { $0 == largest }.count)
        }
    }

    @Test("a level above the maximum is noticed wherever it stands")
    func levelAboveMaximum() {
        for position in [0, 7, 8, 40] {
            var levels = [UInt8](repeating: 1, count: 41)
            levels[position] = position == 7 ? 200 : 2
            #expect(levels.withUnsafeBufferPointer { Levels.countPresent($0, maximum: 1) } == nil)
        }
    }

    @Test("a run without values, a run past the end and a width above 32 are refused")
    func malformed() {
        #expect(throws: ParquetError.self) { try Self.decode([0x00], bitWidth: 1, count: 1) }
        #expect(throws: ParquetError.self) { try Self.decode([0x01], bitWidth: 1, count: 1) }
        #expect(throws: ParquetError.self) { try Self.decode([0x03, 0xFF], bitWidth: 3, count: 8) }
        #expect(throws: ParquetError.self) { try Self.decode([0x10], bitWidth: 8, count: 8) }
        #expect(throws: ParquetError.self) { try Self.decode([], bitWidth: 8, count: 1) }
        #expect(throws: ParquetError.self) { try Self.decode([0x10, 0], bitWidth: 33, count: 8) }
        #expect(throws: ParquetError.self) { try Self.decode([UInt8](repeating: 0xFF, count: 12), bitWidth: 32, count: 8) }
    }

    static func encode(_ codes: [UInt32], bitWidth: Int) -> [UInt8] {
        let buffer = PageBuffer(capacity: 0)
        codes.withUnsafeBufferPointer { RunLengthBitPackedEncoder.encodeCodes($0, bitWidth: bitWidth, into: buffer) }
        return Array(buffer.bytes)
    }

    static func decode(_ bytes: [UInt8], bitWidth: Int, count: Int) throws -> [UInt32] {
        try bytes.withUnsafeBytes { bytes in
            var decoder = try RunLengthBitPackedDecoder(bytes, bitWidth: bitWidth)
            var codes: [UInt32] = []
            try decoder.take(count, into: &codes)
            return codes
        }
    }
}
