import Testing

@testable import HTTPAPI

@Suite("Rates of counters")
struct RateHistoryTests {
    private static let second: Int64 = 1_000_000_000

    private func sample(_ seconds: Int64, _ count: Int) -> RateHistory.Sample {
        RateHistory.Sample(nano: seconds * Self.second, spanCount: count, byteCount: 10 * count, requestCount: 0)
    }

    @Test("the first look tells the rate since the start, later ones of the last minute, or since the look before it")
    func rates() {
        var history = RateHistory(startNano: 0)
        #expect(history.add(sample(0, 0)) == nil)
        #expect(history.add(sample(10, 100)) == .init(seconds: 10, spansPerSecond: 10, bytesPerSecond: 100, requestsPerSecond: 0))
        #expect(history.add(sample(50, 100))?.spansPerSecond == 2)
        #expect(history.add(sample(80, 700))?.seconds == 70)
        #expect(history.add(sample(110, 700))?.seconds == 60)
        #expect(history.add(sample(1_000, 700))?.spansPerSecond == 0)
    }

    @Test("looks in quick succession are rated and not kept")
    func quickLooks() {
        var history = RateHistory(startNano: 0)
        for step in 1...10_000 {
            _ = history.add(RateHistory.Sample(nano: Int64(step) * 1_000_000, spanCount: step, byteCount: 0, requestCount: 0))
        }
        #expect(history.add(sample(10, 10_000))?.spansPerSecond == 1_000)
    }

    @Test("a quantile is the upper bound of its bucket; the last bucket has none above it")
    func quantiles() {
        let bounds = [1.0, 2, 4]
        #expect(HistogramQuantile.value(0.5, counts: [5, 5, 0, 0], bounds: bounds) == 1)
        #expect(HistogramQuantile.value(0.51, counts: [5, 5, 0, 0], bounds: bounds) == 2)
        #expect(HistogramQuantile.value(0.99, counts: [0, 0, 0, 1], bounds: bounds) == 4)
        #expect(HistogramQuantile.value(0.5, counts: [0, 0, 0, 0], bounds: bounds) == nil)
    }
}
