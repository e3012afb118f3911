import Testing

@testable import FeatureAnalysis

@Suite struct DendrogramTests {
    /// Average linkage as its definition has it: the two clusters with the least mean distance of their items become one.
    private static func plainLabels(_ similarities: [Float], count: Int, clusterCount: Int) -> [Int] {
        var clusters = (0..<count).map { [$0] }
        func distance(_ a: [Int], _ b: [Int]) -> Float {
            a.reduce(0) { sum, first in b.reduce(sum) { $0 + 1 - similarities[first * count + $1] } } / Float(a.count * b.count)
        }
        while clusters.count > clusterCount {
            var best = (0, 1, Float.infinity)
            for first in clusters.indices {
                for second in clusters.indices where second > first {
                    let found = distance(clusters[first], clusters[second])
                    if found < best.2 { best = (first, second, found) }
                }
            }
            clusters[best.0] += clusters.remove(at: best.1)
        }
        var labels = [Int](repeating: 0, count: count)
        for (number, cluster) in clusters.sorted(by: { $0.min()! < $1.min()! }).enumerated() {
            for item in cluster { labels[item] = number }
        }
        return labels
    }

    @Test("merges are those of average linkage by its definition", arguments: 0..<20 as Range<UInt64>)
    func definition(_ seed: UInt64) {
        let vectors = LabelledVectors(seed: seed, dimensionCount: 8, sizes: [4, 5, 3], noise: 0.7, strayCount: 4).vectors
        let similarities = vectors.similarities(), count = vectors.count
        let dendrogram = Dendrogram(similarities: similarities, itemCount: count)
        #expect(dendrogram.merges.count == count - 1)
        for clusterCount in 1...count {
            let plain = Self.plainLabels(similarities, count: count, clusterCount: clusterCount)
            #expect(dendrogram.labels(clusterCount: clusterCount) == plain, "seed \(seed), \(clusterCount) clusters")
        }
    }

    @Test("no item, one item and equal items have a dendrogram")
    func degenerate() {
        #expect(Dendrogram(similarities: [], itemCount: 0).merges.isEmpty)
        #expect(Dendrogram(similarities: [1], itemCount: 1).labels(clusterCount: 1) == [0])
        let equal = Dendrogram(similarities: Array(repeating: 1, count: 100), itemCount: 10)
        #expect(equal.merges.count == 9 && equal.merges.allSatisfy { $0.height == 0 })
        #expect(equal.labels(clusterCount: 1) == Array(repeating: 0, count: 10))
    }
}
