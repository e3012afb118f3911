import SeededRandom
import Testing

@testable import SpanStore

@Suite("Payload ids")
struct PayloadIDsTests {
    @Test("ranges in any order, overlapping and touching, are the set they name", arguments: TestSeed.several(20))
    func sets(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func ranges() -> [Range<Int64>] {
            (0..<Int.random(in: 0...12, using: &random)).map { _ in
                let start = Int64(Int.random(in: 0...1, using: &random)) << 32 | Int64.random(in: 0...60, using: &random)
                return start..<start + Int64.random(in: 0...9, using: &random)
            }
        }
        let first = ranges(), second = ranges()
        let ids = PayloadIDs(first), others = PayloadIDs(second)
        let expected = Set(first.joined()), hint = Comment(rawValue: TestSeed.hint(seed))
        #expect(Array(ids.runs.joined()) == expected.sorted(), hint)
        #expect(zip(ids.runs, ids.runs.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }, hint)
        for id in (Int64(0)...80).flatMap({ [$0, 1 << 32 | $0] }) { #expect(ids.contains(id) == expected.contains(id), hint) }
        #expect(ids.intersection(others) == expected.intersection(second.joined()).sorted(), hint)
    }
}
