import SeededRandom
import Testing

@testable import Parquet

@Suite("Levels of nested pages")
struct LevelsTests {
    /// Where rows end, looked for entry by entry.
    private static func expected(_ rowCount: Int, _ levels: [UInt8], from start: Int) -> (end: Int, rowCount: Int) {
        var rows = 0
        for entry in start..<levels.count where levels[entry] == 0 {
            if rows == rowCount { return (entry, rows) }
            rows += 1
        }
        return (levels.count, rows)
    }

    @Test("rows end before the next entry at level 0, wherever words of eight begin", arguments: 0..<100)
    func endOfRows(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let longest = [0, 1, 3, 40].randomElement(using: &random)!
        var levels: [UInt8] = [], starts: [Int] = []
        for _ in 0..<Int.random(in: 1...200, using: &random) {
            starts.append(levels.count)
            levels.append(0)
            for _ in 0..<Int.random(in: 0...longest, using: &random) { levels.append(UInt8.random(in: 1...255, using: &random)) }
        }
        for _ in 0..<20 {
            let start = starts.randomElement(using: &random)!, rowCount = Int.random(in: 1...220, using: &random)
            let found = levels.withUnsafeBufferPointer { Levels.endOfRows(rowCount, in: $0, from: start) }
            #expect(found == Self.expected(rowCount, levels, from: start), "seed \(seed)")
        }
    }

    @Test("no levels have no rows")
    func none() {
        let found = Levels.endOfRows(3, in: UnsafeBufferPointer(start: nil, count: 0), from: 0)
        #expect(found == (0, 0))
    }
}
