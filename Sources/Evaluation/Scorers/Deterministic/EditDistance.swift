import ContentReading
import EvaluationModel

/// `edit_distance`: how many characters would have to be put in, taken out or replaced (Levenshtein), and the similarity that makes:
/// 1 - distance / length of the longer text.
func editDistanceJudgement(_ parameters: EditDistanceParameters, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    let expected = Array(try input.expectedText(parameters.value).unicodeScalars)
    let output = Array(input.output.text.unicodeScalars)
    let longest = max(expected.count, output.count)
    guard longest <= EvaluationLimits.maximumEditDistanceLength else {
        throw ScoreError(
            .limit,
            "a text of \(longest) characters is too long for an edit distance; \(EvaluationLimits.maximumEditDistanceLength) is the most")
    }
    let distance = EditDistance.between(expected, output)
    let similarity = longest == 0 ? 1 : 1 - Double(distance) / Double(longest)
    let facts = "\(counted(distance, "edit")) from the expected text of \(counted(expected.count, "character"))"
    guard let maximum = parameters.maximumDistance else {
        return Judgement(value: similarity, reason: "similarity \(similarity.rounded(toPlaces: 4).shortText): \(facts)")
    }
    return Judgement(value: similarity, passed: distance <= maximum, reason: "\(facts), at most \(maximum) may be")
}

/// Levenshtein's distance, 64 rows of the table at a time as bits of a word (Myers 1999; Hyyro 2003, "A bit-vector algorithm for
/// computing Levenshtein and Damerau edit distances"): steps are the product of the lengths divided by 64, memory is linear.
enum EditDistance {
    static func between(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        // What both begin and end with costs nothing.
        var start = 0
        while start < min(a.count, b.count), a[start] == b[start] { start += 1 }
        var end = 0
        while end < min(a.count, b.count) - start, a[a.count - 1 - end] == b[b.count - 1 - end] { end += 1 }
        let pattern = a[start..<a.count - end]
        let text = b[start..<b.count - end]
        if pattern.isEmpty || text.isEmpty { return max(pattern.count, text.count) }
        return pattern.count <= text.count ? bitParallel(pattern, text) : bitParallel(text, pattern)
    }

    private static func bitParallel(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Int {
        // Scalars as small numbers, so that a block's table of matches is an array.
        var numbers = ScalarNumbers()
        let columns = text.map { numbers.number($0) }
        var matches = [UInt64](repeating: 0, count: numbers.count)
        // What each column's difference to the column before it is, at the lower edge of the block above.
        var edges = [Int8](repeating: 1, count: columns.count)
        var distance = pattern.count
        var blockStart = pattern.startIndex
        while blockStart < pattern.endIndex {
            let block = pattern[blockStart..<min(blockStart + 64, pattern.endIndex)]
            for (row, scalar) in block.enumerated() { if let number = numbers.known(scalar) { matches[number] |= 1 << UInt64(row) } }
            let lastRow: UInt64 = 1 << UInt64(block.count - 1)
            var positive = UInt64.max
            var negative: UInt64 = 0
            for column in columns.indices {
                let edge = edges[column]
                var equal = matches[columns[column]]
                let verticalKept = equal | negative
                if edge < 0 { equal |= 1 }
                let horizontal = (((equal & positive) &+ positive) ^ positive) | equal
                var up = negative | ~(horizontal | positive)
                var down = positive & horizontal
                edges[column] = up & lastRow != 0 ? 1 : down & lastRow != 0 ? -1 : 0
                up <<= 1
                down <<= 1
                if edge > 0 { up |= 1 }
                if edge < 0 { down |= 1 }
                positive = down | ~(verticalKept | up)
                negative = up & verticalKept
            }
            for scalar in block { if let number = numbers.known(scalar) { matches[number] = 0 } }
            blockStart += 64
        }
        for edge in edges { distance += Int(edge) }
        return distance
    }
}

/// The distinct scalars of a text, numbered from 0: ASCII from a table, the rest from a dictionary.
private struct ScalarNumbers {
    private var ascii = [Int](repeating: -1, count: 128)
    private var others: [Unicode.Scalar: Int] = [:]
    private(set) var count = 0

    mutating func number(_ scalar: Unicode.Scalar) -> Int {
        if let known = known(scalar) { return known }
        if scalar.isASCII { ascii[Int(scalar.value)] = count } else { others[scalar] = count }
        count += 1
        return count - 1
    }

    func known(_ scalar: Unicode.Scalar) -> Int? {
        guard scalar.isASCII else { return others[scalar] }
        let number = ascii[Int(scalar.value)]
        return number < 0 ? nil : number
    }
}

extension Double {
    func rounded(toPlaces places: Int) -> Double {
        var power = 1.0
        for _ in 0..<places { power *= 10 }
        return (self * power).rounded() / power
    }
}
