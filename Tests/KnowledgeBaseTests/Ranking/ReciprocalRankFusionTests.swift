import Testing

@testable import KnowledgeBase

/// Fused ranks, against numbers worked by hand.
@Suite struct ReciprocalRankFusionTests {
    @Test("an item's score is the sum of one over sixty plus rank")
    func scores() {
        let fused = ReciprocalRankFusion.fuse([[10, 20, 30], [30, 40]])
        #expect(fused.map(\.id) == [30, 10, 20, 40])
        // 1/63 + 1/61, 1/61, 1/62, 1/62
        let expected = [0.032266458, 0.016393443, 0.016129032, 0.016129032]
        for (item, score) in zip(fused, expected) { #expect(abs(item.score - score) < 1e-9) }
        #expect(fused.map(\.ranks) == [[3, 1], [1, nil], [2, nil], [nil, 2]])
    }

    @Test("among equal scores the first list decides, then the lower id")
    func ties() {
        #expect(ReciprocalRankFusion.fuse([[7], [5]]).map(\.id) == [7, 5])
        #expect(ReciprocalRankFusion.fuse([[1, 2], [2, 1]]).map(\.id) == [1, 2])
        #expect(ReciprocalRankFusion.fuse([[2, 1], [1, 2]]).map(\.id) == [2, 1])
    }

    @Test("middling in both lists beats first in one")
    func agreementCounts() {
        let first = (1...10).map { Int64($0) }
        let second = (11...19).map { Int64($0) } + [5]
        // 1/65 + 1/70 against 1/61
        #expect(ReciprocalRankFusion.fuse([first, second]).first?.id == 5)
    }

    @Test("one list keeps its order, none gives nothing, and a repetition counts once")
    func fewLists() {
        #expect(ReciprocalRankFusion.fuse([[3, 1, 2]]).map(\.id) == [3, 1, 2])
        #expect(ReciprocalRankFusion.fuse([[3, 1, 2], []]).map(\.id) == [3, 1, 2])
        #expect(ReciprocalRankFusion.fuse([]).isEmpty)
        let twice = ReciprocalRankFusion.fuse([[4, 4, 5]])
        #expect(twice.map(\.id) == [4, 5])
        #expect(twice.map(\.score) == [1.0 / 61, 1.0 / 63])
    }
}
