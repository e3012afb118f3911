import Testing

@testable import FeatureAnalysis

/// Grouping of labelled vectors drawn from a seed.
@Suite struct FeatureGroupingTests {
    private static let sizes = [60, 50, 40, 30, 25, 20, 20, 15, 15, 10, 8, 6]

    @Test(
        "labelled sets are found again, with an adjusted Rand index of 0.8 at least",
        arguments: [
            (64, Float(0.6), 1), (256, 0.8, 2), (768, 1.2, 3), (1_536, 1.5, 4), (256, 1.0, 5), (256, 1.0, UInt64.random(in: 0 ... .max)),
        ]
            as [(Int, Float, UInt64)])
    func labelled(_ dimensionCount: Int, _ noise: Float, _ seed: UInt64) {
        let set = LabelledVectors(seed: seed, dimensionCount: dimensionCount, sizes: Self.sizes, noise: noise, strayCount: 15)
        let grouping = FeatureGrouping(set.vectors, known: [])
        let index = adjustedRandIndex(set.labels, grouping.labels(count: set.labels.count))
        #expect(index >= 0.8, "\(index) with seed \(seed)")
        #expect(grouping.groups.allSatisfy { $0.known == nil && $0.members.count >= FeatureAnalysisLimits.leastFeatureTraceCount })
        let sizes = grouping.groups.map(\.members.count)
        let all = (grouping.groups.flatMap(\.members) + grouping.others).sorted()
        #expect(all == Array(0..<set.labels.count), "each trace is in one place, seed \(seed)")
        #expect(sizes.first == sizes.max(), "the largest is first, seed \(seed)")
    }

    @Test(
        "known features keep their places from window to window, and what nobody has asked for before is new",
        arguments: [1, 2, 3] as [UInt64])
    func windows(_ seed: UInt64) throws {
        let first = LabelledVectors(seed: seed, dimensionCount: 256, sizes: [60, 50, 40, 30, 20], noise: 0.8, strayCount: 0)
        let before = FeatureGrouping(first.vectors, known: [])
        #expect(before.groups.count == 5, "seed \(seed)")
        // The intents in another order and number; intent 40 is new. The centers are the same, as they are drawn first.
        let second = LabelledVectors(
            seed: seed, dimensionCount: 256, sizes: [20, 90, 30, 40, 25, 35], noise: 0.8, strayCount: 0, intents: [4, 0, 1, 2, 3, 40])
        let now = FeatureGrouping(second.vectors, known: before.groups.map(\.shape))
        #expect(now.groups.count == 6, "seed \(seed)")
        for group in now.groups {
            let labels = Set(group.members.map { second.labels[$0] })
            #expect(labels.count == 1, "seed \(seed)")
            let intent = try #require(labels.first)
            let known = before.groups.firstIndex { Set($0.members.map { first.labels[$0] }) == [intent] }
            #expect(group.known == known, "intent \(intent), seed \(seed)")
        }
        let index = adjustedRandIndex(second.labels, now.labels(count: second.labels.count))
        #expect(index >= 0.9, "\(index) with seed \(seed)")
    }

    @Test("features known by another model's vectors take nothing")
    func otherDimensions() {
        let set = LabelledVectors(seed: 7, dimensionCount: 64, sizes: [20, 20], noise: 0.5, strayCount: 0)
        let grouping = FeatureGrouping(set.vectors, known: [FeatureShape(center: [1, 0], reach: -1)])
        #expect(grouping.groups.count == 2 && grouping.groups.allSatisfy { $0.known == nil })
    }

    @Test("none, one and a few vectors make no feature; equal ones make one")
    func few() {
        #expect(FeatureGrouping(VectorSet(dimensionCount: 3), known: []).groups.isEmpty)
        var vectors = VectorSet(dimensionCount: 3)
        for count in 1...4 {
            _ = vectors.append([1, 0, 0] as [Float])
            let grouping = FeatureGrouping(vectors, known: [])
            #expect(grouping.groups.isEmpty && grouping.others.count == count)
        }
        for _ in 0..<16 { _ = vectors.append([1, 0, 0] as [Float]) }
        let grouping = FeatureGrouping(vectors, known: [])
        #expect(grouping.groups.count == 1 && grouping.groups[0].members.count == 20 && grouping.others.isEmpty)
    }

    @Test("a feature drifts with what people ask for, by a fifth of a window's way")
    func drift() {
        var vectors = VectorSet(dimensionCount: 2)
        for _ in 0..<10 { _ = vectors.append([0.6, 0.8] as [Float]) }
        let grouping = FeatureGrouping(vectors, known: [FeatureShape(center: [1, 0], reach: 0.5)])
        #expect(grouping.groups.map(\.known) == [0])
        let center = grouping.groups[0].shape.center
        #expect(abs(center[0] - 0.985) < 0.001 && abs(center[1] - 0.171) < 0.001)
    }
}
