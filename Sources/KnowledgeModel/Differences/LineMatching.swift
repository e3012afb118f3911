/// Which lines of a text are which of another: pairs that rise in both, as many as can be found in bounded time. What begins and ends
/// alike is paired first; then lines that stand in each text once, as far as they stand in the same order (patience); between those, the
/// shortest way from one to the other (Myers) within a number of steps, beyond which what is left has no pairs.

struct LineMatching {
    /// For each line of the old text its line in the new one.
    private(set) var newLines: [Int?]

    private let old: [Int32]
    private let new: [Int32]
    private var steps: Int

    init(_ old: [Int32], _ new: [Int32], maximumStepCount: Int = KnowledgeLimits.maximumComparisonStepCount) {
        self.old = old
        self.new = new
        steps = maximumStepCount
        newLines = [Int?](repeating: nil, count: old.count)
        var olds = 0..<old.count, news = 0..<new.count
        pairEnds(&olds, &news)
        for (oldLine, newLine) in uniquePairs(olds, news) + [(olds.upperBound, news.upperBound)] {
            // An earlier pair's run of equal lines may have gone beyond this one.
            guard oldLine >= olds.lowerBound, newLine >= news.lowerBound else { continue }
            var gap = (olds.lowerBound..<oldLine, news.lowerBound..<newLine)
            pairEnds(&gap.0, &gap.1)
            pairShortest(gap.0, gap.1)
            guard oldLine < olds.upperBound else { break }
            newLines[oldLine] = newLine
            olds = oldLine + 1..<olds.upperBound
            news = newLine + 1..<news.upperBound
        }
    }

    /// Takes away what is equal at both ends.
    private mutating func pairEnds(_ olds: inout Range<Int>, _ news: inout Range<Int>) {
        var front = 0, count = min(olds.count, news.count)
        while front < count, old[olds.lowerBound + front] == new[news.lowerBound + front] {
            newLines[olds.lowerBound + front] = news.lowerBound + front
            front += 1
        }
        count -= front
        var back = 0
        while back < count, old[olds.upperBound - 1 - back] == new[news.upperBound - 1 - back] {
            newLines[olds.upperBound - 1 - back] = news.upperBound - 1 - back
            back += 1
        }
        olds = olds.lowerBound + front..<olds.upperBound - back
        news = news.lowerBound + front..<news.upperBound - back
    }

    /// Lines that stand once in each range, the longest sequence of them that rises in both.
    private func uniquePairs(_ olds: Range<Int>, _ news: Range<Int>) -> [(Int, Int)] {
        var places: [Int32: (old: Int, new: Int, isUnique: Bool)] = [:]
        for line in olds { places[old[line], default: (-1, -1, true)].isUnique = places[old[line]] == nil }
        for line in olds { places[old[line]]?.old = line }
        for line in news {
            guard let place = places[new[line]], place.isUnique else { continue }
            if place.new < 0 { places[new[line]]?.new = line } else { places[new[line]]?.isUnique = false }
        }
        let pairs = olds.compactMap { line -> (Int, Int)? in
            guard let place = places[old[line]], place.isUnique, place.new >= 0 else { return nil }
            return (line, place.new)
        }
        return Self.longestRising(pairs)
    }

    /// Of pairs that rise on the left, the most that rise on the right, too.
    private static func longestRising(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
        // The last pairs of the best sequences of each length, and what came before each pair.
        var tails: [Int] = []
        var previous = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var low = 0, high = tails.count
            while low < high {
                let middle = (low + high) / 2
                if pairs[tails[middle]].1 < pair.1 { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = tails[low - 1] }
            if low == tails.count { tails.append(index) } else { tails[low] = index }
        }
        var sequence: [(Int, Int)] = []
        var index = tails.last ?? -1
        while index >= 0 {
            sequence.append(pairs[index])
            index = previous[index]
        }
        return sequence.reversed()
    }

    /// Myers' greedy search: how far one comes with so many edits on each diagonal; the way back tells the pairs.
    private mutating func pairShortest(_ olds: Range<Int>, _ news: Range<Int>) {
        guard !olds.isEmpty, !news.isEmpty else { return }
        let limit = min(KnowledgeLimits.maximumEditCount, olds.count + news.count)
        // Furthest lines of the old text by diagonal (old minus new), for every number of edits so far.
        var traces: [[Int32]] = []
        var furthest: [Int32] = []
        for edits in 0...limit {
            var next = [Int32](repeating: 0, count: 2 * edits + 3)
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                var line = Self.entry(furthest, edits, diagonal).line
                while line < olds.count, line - diagonal < news.count,
                    old[olds.lowerBound + line] == new[news.lowerBound + line - diagonal]
                {
                    line += 1
                    steps -= 1
                }
                steps -= 1
                next[diagonal + edits + 1] = Int32(line)
                if line >= olds.count, line - diagonal >= news.count {
                    pairBack(traces, edits, diagonal, olds, news)
                    return
                }
            }
            guard steps > 0 else { return }
            traces.append(next)
            furthest = next
        }
    }

    /// Where a diagonal is entered with the last of so many edits, and from which. `furthest` is of one edit less: diagonal `d` is at
    /// `d + edits`.
    private static func entry(_ furthest: [Int32], _ edits: Int, _ diagonal: Int) -> (line: Int, from: Int) {
        guard edits > 0 else { return (0, 0) }
        // An added line comes from the diagonal above, a removed one from the diagonal below.
        let isAdded =
            diagonal == -edits || diagonal != edits && furthest[diagonal - 1 + edits] < furthest[diagonal + 1 + edits]
        return isAdded
            ? (Int(furthest[diagonal + 1 + edits]), diagonal + 1) : (Int(furthest[diagonal - 1 + edits]) + 1, diagonal - 1)
    }

    private mutating func pairBack(
        _ traces: [[Int32]], _ edits: Int, _ diagonal: Int, _ olds: Range<Int>, _ news: Range<Int>
    ) {
        var line = olds.count, diagonal = diagonal
        for edits in stride(from: edits, through: 0, by: -1) {
            let furthest = edits > 0 ? traces[edits - 1] : []
            let entry = Self.entry(furthest, edits, diagonal)
            while line > entry.line {
                line -= 1
                newLines[olds.lowerBound + line] = news.lowerBound + line - diagonal
            }
            guard edits > 0 else { return }
            line = entry.from > diagonal ? entry.line : entry.line - 1
            diagonal = entry.from
        }
    }
}
