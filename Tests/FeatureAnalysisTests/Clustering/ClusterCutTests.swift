import Testing

@testable import FeatureAnalysis

@Suite struct ClusterCutTests {
    @Test("numbers of clusters that are tried rise to half the items")
    func candidates() {
        #expect(ClusterCut.candidates(itemCount: 3) == [] && ClusterCut.candidates(itemCount: 5) == [2])
        let many = ClusterCut.candidates(itemCount: 4_096)
        #expect(Array(many.prefix(31)) == Array(2...32) && many.last ?? 0 <= 2_048 && many.count < 200)
        #expect(zip(many, many.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("silhouettes are those of their definition: near 1 for clusters far apart, 0 for what is too small")
    func silhouette() {
        // Two pairs at right angles.
        let similarities: [Float] = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]
        #expect(ClusterCut.meanSilhouette(similarities, [0, 0, 1, 1], clusterCount: 2, minimumSize: 2) == 1)
        #expect(ClusterCut.meanSilhouette(similarities, [0, 1, 0, 1], clusterCount: 2, minimumSize: 2) < 0)
        #expect(ClusterCut.meanSilhouette(similarities, [0, 0, 1, 1], clusterCount: 2, minimumSize: 3) == 0)
    }

    @Test("clusters that mean something are found beside a few vectors that are like none")
    func small() {
        let set = LabelledVectors(seed: 3, dimensionCount: 128, sizes: [20, 20, 3], noise: 0.4, strayCount: 0)
        let cut = ClusterCut.best(of: set.vectors, minimumSize: 5)
        #expect(cut.clusterCount == 2 && cut.meanSilhouette > 0.3)
        #expect(Set(cut.labels.prefix(20)).count == 1 && Set(cut.labels[20..<40]).count == 1 && cut.labels[0] != cut.labels[20])
    }

    @Test("what cannot be told apart is one cluster")
    func one() {
        var vectors = VectorSet(dimensionCount: 2)
        for _ in 0..<30 { _ = vectors.append([1, 1] as [Float]) }
        let cut = ClusterCut.best(of: vectors, minimumSize: 5)
        #expect(cut.clusterCount == 1 && cut.labels == Array(repeating: 0, count: 30))
    }
}
