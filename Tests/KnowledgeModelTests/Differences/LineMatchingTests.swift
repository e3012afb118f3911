import SeededRandom
import Testing

@testable import KnowledgeModel

@Suite struct LineMatchingTests {
    /// The pairs rise in both and are of equal lines.
    private func isValid(_ old: [Int32], _ new: [Int32], _ matching: LineMatching) -> Bool {
        var last = -1
        for (line, pair) in matching.newLines.enumerated() {
            guard let pair else { continue }
            guard pair > last, pair < new.count, old[line] == new[pair] else { return false }
            last = pair
        }
        return matching.newLines.count == old.count
    }

    /// By the table of all beginnings.
    private func longestCommonCount(_ old: [Int32], _ new: [Int32]) -> Int {
        var row = [Int](repeating: 0, count: new.count + 1)
        for line in old {
            var diagonal = 0
            for (index, other) in new.enumerated() {
                let above = row[index + 1]
                row[index + 1] = line == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[new.count]
    }

    @Test("random texts: pairs are of equal lines and rise; without unique lines there are as many as can be") func random() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let old = (0..<Int.random(in: 0...12, using: &generator)).map { _ in Int32.random(in: 0...4, using: &generator) }
            var new = (0..<Int.random(in: 0...12, using: &generator)).map { _ in Int32.random(in: 0...4, using: &generator) }
            if round.isMultiple(of: 2) {
                new = old
                for _ in 0..<Int.random(in: 0...6, using: &generator) {
                    let place = Int.random(in: 0...new.count, using: &generator)
                    if generator.chance(50) || place == new.count {
                        new.insert(Int32.random(in: 0...9, using: &generator), at: place)
                    } else {
                        new.remove(at: place)
                    }
                }
            }
            let matching = LineMatching(old, new)
            #expect(isValid(old, new, matching), "SPANDREL_TEST_SEED=\(seed)")
            // Four times after each other, no line stands once between the ends that are equal: the shortest way alone decides.
            let many = (Array(repeatElement(old + [99], count: 4).joined()), Array(repeatElement(new + [99], count: 4).joined()))
            let matchingOfMany = LineMatching(many.0, many.1)
            #expect(isValid(many.0, many.1, matchingOfMany), "SPANDREL_TEST_SEED=\(seed)")
            let count = matchingOfMany.newLines.compactMap { $0 }.count
            #expect(count == longestCommonCount(many.0, many.1), "SPANDREL_TEST_SEED=\(seed)")
        }
    }

    @Test("a moved block leaves the larger part in its place") func moved() {
        let old = (0..<20).map(Int32.init)
        let new = Array(old[5...]) + Array(old[..<5])
        #expect(LineMatching(old, new).newLines.compactMap { $0 }.count == 15)
    }

    @Test("texts that take too long to compare are compared as far as the steps go", .timeLimit(.minutes(1))) func bounded() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        let old = (0..<200_000).map { _ in Int32.random(in: 0...1, using: &generator) }
        let new = (0..<200_000).map { _ in Int32.random(in: 0...1, using: &generator) }
        #expect(isValid(old, new, LineMatching(old, new, maximumStepCount: 200_000)), "SPANDREL_TEST_SEED=\(seed)")
        let alike = [Int32](repeating: 0, count: 1_000_000)
        #expect(LineMatching(alike, alike + [1]).newLines.compactMap { $0 }.count == alike.count)
        #expect(LineMatching(alike, [Int32](repeating: 1, count: 1_000_000)).newLines.allSatisfy { $0 == nil })
    }
}
