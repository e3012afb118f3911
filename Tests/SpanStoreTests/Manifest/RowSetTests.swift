import ByteCoding
import SeededRandom
import SimulatedDisk
import Testing

@testable import SpanStore

@Suite struct RowSetTests {
    @Test("a row set is the set it was made from, in order, as runs, through its bytes", arguments: TestSeed.several(30))
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let span = UInt32.random(in: 1...400, using: &generator)
        func rows() -> [UInt32] {
            (0..<Int.random(in: 0...200, using: &generator)).map { _ in UInt32.random(in: 0..<span, using: &generator) }
        }
        let left = rows()
        let right = rows()
        let set = RowSet(left).union(RowSet(right))
        let expected = Set(left + right)
        #expect(set.rows == expected.sorted().map { Int32($0) } && set.count == expected.count, "\(TestSeed.hint(seed))")
        #expect(set == RowSet(left + right))
        for row in 0...span { #expect(set.contains(row) == expected.contains(row)) }
        for (run, next) in zip(set.runs, set.runs.dropFirst()) { #expect(run.upperBound < next.lowerBound) }
        var writer = ByteWriter()
        set.encode(into: &writer)
        let read = try writer.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return try RowSet(decoding: &reader)
        }
        #expect(read == set)
    }

    @Test("runs that touch, overflow or are promised and missing are refused")
    func refusals() {
        func decode(_ bytes: [UInt8]) throws {
            _ = try bytes.withUnsafeBytes { bytes in
                var reader = ByteReader(bytes)
                return try RowSet(decoding: &reader)
            }
        }
        #expect(throws: ByteCodingError.malformedVarint) { try decode([2, 0, 3, 0, 1]) }
        #expect(throws: ByteCodingError.truncated) { try decode([2, 0, 3]) }
        #expect(throws: ByteCodingError.truncated) { try decode([0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) }
        #expect(throws: ByteCodingError.malformedVarint) { try decode([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1]) }
        #expect(throws: ByteCodingError.malformedVarint) { try decode([1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]) }
    }
}
