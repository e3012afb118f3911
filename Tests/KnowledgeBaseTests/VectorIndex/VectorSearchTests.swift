import PostgresTesting
import SeededRandom
import Testing
import TraceModel

@testable import KnowledgeBase

/// Exact search: the same rows in the same order as sorting all of them would give.
@Suite struct VectorSearchTests {
    @Test("the nearest rows are those of a full sort, whatever is chosen and however the work is split", arguments: [1, 7, 32, 45])
    func nearestIsExact(dimensionCount: Int) throws {
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let directory = try VectorDirectory(path: path)
        let index = try directory.create(project: ProjectID(high: 0, low: 1), model: "a/b", dimensionCount: dimensionCount)
        let count = KnowledgeSearchLimits.leastRowCountOfTwoThreads + 500
        let vectors = VectorFileTests.vectors(count: count, dimensionCount: dimensionCount, seed: TestSeed.value)
        try index.append(vectors)
        var dice = SeededGenerator(seed: TestSeed.value)
        for chosenCount in [0, 1, 20, 600, count] {
            let chosen = (0..<UInt32(count)).shuffled(using: &dice).prefix(chosenCount).sorted()
            let question = try #require(VectorMath.unit((0..<dimensionCount).map { _ in Float.random(in: -1...1, using: &dice) }))
            let found = index.rows.nearest(to: question, among: chosen, count: 50)
            let all = chosen.map { row in
                let vector = index.rows.vector(ofRow: row)
                return NearestRow(row: row, cosine: zip(vector, question).reduce(0) { $0 + $1.0 * $1.1 })
            }
            let expected = all.sorted { $1.isBehind($0) }.prefix(50)
            #expect(found.count == expected.count)
            for (a, b) in zip(found, expected) {
                // Sums in another order differ in the last places.
                #expect(abs(a.cosine - b.cosine) < 1e-5)
                #expect(abs(a.cosine - (all.first { $0.row == a.row }?.cosine ?? 9)) < 1e-5)
            }
            #expect(zip(found, found.dropFirst()).allSatisfy { $1.isBehind($0) })
        }
    }

    @Test("the heap keeps the best, the lower row among equals, and no row without a number")
    func heapKeepsTheBest() {
        var dice = SeededGenerator(seed: TestSeed.value)
        for count in [0, 1, 2, 3, 10, 100] {
            var nearest = NearestRows(maximumCount: count)
            var other = NearestRows(maximumCount: count)
            let rows = (0..<200).map { NearestRow(row: $0, cosine: Float(Int.random(in: -5...5, using: &dice)) / 5) }.shuffled(using: &dice)
            for (number, row) in rows.enumerated() {
                if number % 3 == 0 { other.offer(row.row, row.cosine) } else { nearest.offer(row.row, row.cosine) }
            }
            nearest.offer(999, .nan)
            nearest.merge(other)
            #expect(nearest.sorted == Array(rows.sorted { $1.isBehind($0) }.prefix(count)))
        }
    }

    @Test("a vector is brought to length one, however long it was", arguments: [Float(1), 1e-30, 1e30])
    func unitVectors(length: Float) throws {
        let unit = try #require(VectorMath.unit([3 * length, 4 * length]))
        #expect(abs(unit[0] - 0.6) < 1e-6 && abs(unit[1] - 0.8) < 1e-6)
    }

    @Test("a vector without direction has no length one", arguments: [[Float(0), 0], [.infinity, 1], [.nan], []])
    func noUnit(vector: [Float]) {
        #expect(VectorMath.unit(vector) == nil)
    }
}
