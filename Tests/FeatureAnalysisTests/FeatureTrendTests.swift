import Testing

@testable import FeatureAnalysis

@Suite struct FeatureTrendTests {
    private static func trend(_ now: (Int, Int), before: (Int, Int)?) -> FeatureTrend {
        FeatureTrend.of(
            .init(count: now.0, traceCount: now.1), before: before.map { .init(count: $0.0, traceCount: $0.1) })
    }

    @Test("what nobody asked for before is new, once somebody does")
    func new() {
        #expect(Self.trend((5, 100), before: nil) == .new && Self.trend((5, 100), before: (0, 700)) == .new)
        #expect(Self.trend((0, 100), before: nil) == .steady && Self.trend((0, 100), before: (0, 700)) == .steady)
    }

    @Test("shares are compared, not counts: more traffic is no growth")
    func shares() {
        #expect(Self.trend((1_000, 10_000), before: (100, 1_000)) == .steady)
        #expect(Self.trend((300, 1_000), before: (100, 1_000)) == .growing)
        #expect(Self.trend((100, 1_000), before: (300, 1_000)) == .shrinking)
        #expect(Self.trend((0, 1_000), before: (300, 1_000)) == .shrinking)
    }

    @Test("what chance explains, or what is less than half of a change, is steady")
    func chance() {
        #expect(Self.trend((4, 20), before: (2, 20)) == .steady)
        // Significant, and still only a quarter more.
        #expect(Self.trend((12_500, 100_000), before: (10_000, 100_000)) == .steady)
        #expect(Self.trend((0, 0), before: (5, 10)) == .steady && Self.trend((10, 10), before: (10, 10)) == .steady)
    }
}
