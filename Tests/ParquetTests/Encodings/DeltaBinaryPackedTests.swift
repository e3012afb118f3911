import SeededRandom
import Testing

@testable import Parquet

@Suite("DELTA_BINARY_PACKED")
struct DeltaBinaryPackedTests {
    @Test("the specification's first example: 1...5 needs no bits for its differences")
    func specificationExample() throws {
        // 128 values a block, 4 miniblocks, 5 values, first value 1; smallest difference 1, widths 0.
        let bytes: [UInt8] = [0x80, 0x01, 4, 5, 2, 2, 0, 0, 0, 0]
        #expect(Self.encode([1, 2, 3, 4, 5] as [Int64]) == bytes)
        #expect(try Self.decode(bytes, count: 5, as: Int64.self) == [1, 2, 3, 4, 5])
    }

    @Test("the specification's second example: 7 5 3 1 2 3 4 5 with a smallest difference of -2")
    func specificationSecondExample() throws {
        let values: [Int64] = [7, 5, 3, 1, 2, 3, 4, 5]
        // Differences -2 -2 -2 1 1 1 1, less the smallest: 0 0 0 3 3 3 3, two bits each.
        let bytes = Self.encode(values)
        #expect(bytes == [0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0])
        #expect(try Self.decode(bytes, count: 8, as: Int64.self) == values)
    }

    @Test(
        "numbers of every spread come back, at the edges of blocks and miniblocks",
        arguments: [1, 2, 31, 32, 33, 128, 129, 130, 257, 1_000])
    func roundTrip(count: Int) throws {
        var generator = SeededGenerator(seed: TestSeed.value &+ UInt64(count))
        for bits in stride(from: 0, through: 64, by: 4) {
            let spread = bits == 0 ? 0 : UInt64.max >> UInt64(64 - bits)
            let values = (0..<count).map { _ in Int64(bitPattern: UInt64.random(in: 0...spread, using: &generator)) &- 17 }
            #expect(try Self.decode(Self.encode(values), count: count, as: Int64.self) == values, "\(bits) bits")
            let narrow = values.map { Int32(truncatingIfNeeded: $0) }
            #expect(try Self.decode(Self.encode(narrow), count: count, as: Int32.self) == narrow, "\(bits) bits")
        }
        let extremes = (0..<count).map { $0 % 2 == 0 ? Int64.min : Int64.max }
        #expect(try Self.decode(Self.encode(extremes), count: count, as: Int64.self) == extremes)
        let narrowExtremes = (0..<count).map { $0 % 2 == 0 ? Int32.min : Int32.max }
        #expect(try Self.decode(Self.encode(narrowExtremes), count: count, as: Int32.self) == narrowExtremes)
    }

    @Test("no values are a header")
    func empty() throws {
        let bytes = Self.encode([] as [Int64])
        #expect(bytes == [0x80, 0x01, 4, 0, 0])
        #expect(try Self.decode(bytes, count: 0, as: Int64.self) == [])
    }

    @Test("impossible headers, widths above 64 and bytes cut short are refused")
    func malformed() {
        for bytes in [[], [0x80, 0x01, 0, 5, 2], [0x80, 0x01, 4, 6, 2], [0x81, 0x01, 4, 5, 2], [0x80, 0x01, 4, 5, 2, 2, 65, 0, 0, 0]]
            as [[UInt8]]
        {
            #expect(throws: ParquetError.self) { try Self.decode(bytes, count: 5, as: Int64.self) }
        }
        let whole = Self.encode((0..<200).map { Int64($0 * $0) })
        for length in 0..<whole.count {
            #expect(throws: ParquetError.self) { try Self.decode(Array(whole.prefix(length)), count: 200, as: Int64.self) }
        }
    }

    static func encode(_ values: [Int64]) -> [UInt8] {
        let buffer = PageBuffer(capacity: 0)
        values.withUnsafeBufferPointer { DeltaBinaryPackedEncoder.encode($0, into: buffer) }
        return Array(buffer.bytes)
    }

    static func encode(_ values: [Int32]) -> [UInt8] {
        let buffer = PageBuffer(capacity: 0)
        values.withUnsafeBufferPointer { DeltaBinaryPackedEncoder.encode($0, into: buffer) }
        return Array(buffer.bytes)
    }

    static func decode<I: FixedWidthInteger & SignedInteger & BitwiseCopyable>(_ bytes: [UInt8], count: Int, as: I.Type) throws -> [I] {
        var values = [I](repeating: 0, count: count)
        let used = try bytes.withUnsafeBytes { try values.decodeDeltas($0, from: 0) }
        #expect(used == bytes.count)
        return values
    }
}
