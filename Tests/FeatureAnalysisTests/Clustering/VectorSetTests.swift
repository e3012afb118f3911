import Testing

@testable import FeatureAnalysis

@Suite struct VectorSetTests {
    @Test("vectors of another length, of none in space, or with what is no number are refused, and nothing is added")
    func refused() {
        var vectors = VectorSet(dimensionCount: 2)
        for wrong in [[1], [1, 2, 3], [0, 0], [.nan, 1], [.infinity, 1], [-.infinity, .infinity]] as [[Float]] {
            let isTaken = vectors.append(wrong)
            #expect(!isTaken)
        }
        #expect(vectors.count == 0 && vectors.values.isEmpty)
        let isTaken = vectors.append([3, 4] as [Float])
        #expect(isTaken && vectors.count == 1)
        #expect(Array(vectors[0]) == [0.6, 0.8])
    }

    @Test("huge and tiny vectors have length one as others")
    func extremes() {
        var vectors = VectorSet(dimensionCount: 2)
        for vector in [[1e30, 1e30], [1e-30, 0]] as [[Float]] { _ = vectors.append(vector) }
        #expect(vectors.count == 2)
        #expect(abs(vectors.similarity(0, [1, 0]) - 0.7071) < 0.001 && vectors.similarity(1, [1, 0]) == 1)
    }

    @Test("similarities are those of every pair, whatever the length", arguments: [1, 7, 8, 9, 64, 100])
    func similarities(_ dimensionCount: Int) {
        let seed = UInt64(dimensionCount)
        let set = LabelledVectors(seed: seed, dimensionCount: dimensionCount, sizes: [5], noise: 1, strayCount: 0).vectors
        let matrix = set.similarities()
        for row in 0..<5 {
            for column in 0..<5 {
                let plain = zip(set[row], set[column]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                #expect(abs(Double(matrix[row * 5 + column]) - plain) < 1e-5, "seed \(seed)")
            }
        }
    }

    @Test("a centroid of opposites, or of nothing, is none; seen from their mean, vectors that lie on it stay")
    func centroids() {
        var vectors = VectorSet(dimensionCount: 2)
        for vector in [[1, 0], [-1, 0]] as [[Float]] { _ = vectors.append(vector) }
        #expect(vectors.centroid(of: [0, 1]) == nil && vectors.centroid(of: []) == nil)
        #expect(FeatureShape(of: [0, 1], in: vectors) == nil)
        let same = vectors.chosen([0, 0, 0])
        #expect(same.count == 3 && same.centered() == same)
    }
}
