/// Vectors with known labels, drawn from a seed; and how well a grouping agrees with them.

import SeededRandom

@testable import FeatureAnalysis

struct LabelledVectors {
    var vectors: VectorSet
    var labels: [Int]

    /// Intents around a common direction, of unequal size; `strayCount` vectors of no intent, each with a label of its own.
    init(seed: UInt64, dimensionCount: Int, sizes: [Int], noise: Float, strayCount: Int, intents: [Int]? = nil) {
        var random = SeededGenerator(seed: seed)
        let base = random.vector(dimensionCount)
        // All centers are drawn, so that intent 3 is the same whichever are asked for.
        let centers = (0..<64).map { _ in zip(base, random.vector(dimensionCount)).map { $0 + $1 } }
        vectors = VectorSet(dimensionCount: dimensionCount)
        labels = []
        for (place, size) in sizes.enumerated() {
            let intent = intents?[place] ?? place
            for _ in 0..<size {
                _ = vectors.append(zip(centers[intent], random.vector(dimensionCount)).map { $0 + noise * $1 })
                labels.append(intent)
            }
        }
        for stray in 0..<strayCount {
            _ = vectors.append(zip(base, random.vector(dimensionCount)).map { $0 + 1.5 * $1 })
            labels.append(1_000 + stray)
        }
    }
}

extension SeededGenerator {
    /// The sum of twelve uniform numbers is close to a normal one.
    mutating func vector(_ count: Int) -> [Float] {
        (0..<count).map { _ in (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(next() >> 40) / Float(1 << 24) } }
    }
}

extension FeatureGrouping {
    /// The group of each vector; those of none each have a label of their own.
    func labels(count: Int) -> [Int] {
        var labels = (0..<count).map { -1 - $0 }
        for (index, group) in groups.enumerated() { for member in group.members { labels[member] = index } }
        return labels
    }
}

/// The adjusted Rand index (Hubert and Arabie 1985): 1 for the same partition, around 0 for chance.
func adjustedRandIndex(_ a: [Int], _ b: [Int]) -> Double {
    func pairs(_ counts: some Sequence<Int>) -> Double { counts.reduce(0) { $0 + Double($1 * ($1 - 1)) / 2 } }
    let together = pairs(Dictionary(grouping: zip(a, b).map { "\($0) \($1)" }, by: { $0 }).values.map(\.count))
    let first = pairs(Dictionary(grouping: a, by: { $0 }).values.map(\.count))
    let second = pairs(Dictionary(grouping: b, by: { $0 }).values.map(\.count))
    let all = Double(a.count * (a.count - 1)) / 2, expected = first * second / all
    return (together - expected) / ((first + second) / 2 - expected)
}
