/// Texts of made-up words, the r-th most frequent of which comes up 1/r times as often as the first, as in natural languages.

import Glibc

struct ZipfWords: Sendable {
    private let words: [String]
    /// Cumulative weights.
    private let bounds: [Double]

    init(count: Int) {
        words = (0..<count).map(Self.word)
        var sum = 0.0
        bounds = (1...count).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    func draw(using dice: inout some RandomNumberGenerator) -> String {
        let place = Double.random(in: 0..<(bounds.last ?? 1), using: &dice)
        var low = 0, high = bounds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] <= place { low = middle + 1 } else { high = middle }
        }
        return words[low]
    }

    func text(wordCount: Int, using dice: inout some RandomNumberGenerator) -> String {
        (0..<wordCount).map { _ in draw(using: &dice) }.joined(separator: " ")
    }

    /// Syllables, so that stems and lengths are like those of words.
    private static func word(_ number: Int) -> String {
        let syllables = ["ka", "lo", "mi", "ten", "ru", "sha", "po", "ver", "di", "gan", "bel", "ox", "ni", "fra", "zu", "tor"]
        var rest = number, word = ""
        repeat {
            word += syllables[rest % 16]
            rest /= 16
        } while rest > 0
        return word + ["", "s", "ed", "ing"][number % 4]
    }
}

/// SplitMix64: the same knowledge base and the same questions each time.
struct SeededDice: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// Of length one, in any direction alike.
    mutating func vector(_ dimensionCount: Int) -> [Float] {
        let numbers = (0..<dimensionCount).map { _ in
            (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &self))).squareRoot()
                * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
        }
        let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return numbers.map { Float($0 / length) }
    }
}
