/// How fast counters grew lately, from looks at them: nobody samples while nobody looks.

struct RateHistory: Sendable {
    struct Sample: Sendable, Equatable {
        /// Of the monotonic clock.
        var nano: Int64
        var spanCount: Int
        var byteCount: Int
        var requestCount: Int
    }

    struct Rates: Sendable, Equatable {
        /// Over which the rates are.
        var seconds: Double
        var spansPerSecond: Double
        var bytesPerSecond: Double
        var requestsPerSecond: Double
    }

    private var samples: [Sample]

    /// - Parameter start: when nothing was counted yet.
    init(startNano: Int64) { samples = [Sample(nano: startNano, spanCount: 0, byteCount: 0, requestCount: 0)] }

    /// The rates from the oldest sample within the last minute, else from the newest before it, up to this one.
    mutating func add(_ sample: Sample) -> Rates? {
        let oldest = sample.nano - Self.windowNanoseconds
        while samples.count > 1, samples[1].nano <= oldest { samples.removeFirst() }
        let base = samples[0]
        if sample.nano - (samples.last?.nano ?? .min) >= Self.pauseNanoseconds { samples.append(sample) }
        guard sample.nano > base.nano else { return nil }
        let seconds = Double(sample.nano - base.nano) / 1e9
        return Rates(
            seconds: seconds, spansPerSecond: Double(sample.spanCount - base.spanCount) / seconds,
            bytesPerSecond: Double(sample.byteCount - base.byteCount) / seconds,
            requestsPerSecond: Double(sample.requestCount - base.requestCount) / seconds)
    }

    /// Long enough to be steady, short enough to see a change.
    private static let windowNanoseconds: Int64 = 60_000_000_000
    /// Between two samples that are kept: 61 of them cover the window, however many look.
    private static let pauseNanoseconds: Int64 = 1_000_000_000
}

/// Quantiles of a histogram of counts per bucket.
enum HistogramQuantile {
    /// The upper bound of the bucket that the quantile lies in; of the last bucket, which has none, the lower. Nil of nothing.
    static func value(_ quantile: Double, counts: [Int], bounds: [Double]) -> Double? {
        let total = counts.reduce(0, +)
        guard total > 0, !bounds.isEmpty else { return nil }
        let wanted = max(1, Int((quantile * Double(total)).rounded(.up)))
        var sum = 0
        for (index, count) in counts.enumerated() {
            sum += count
            if sum >= wanted { return bounds[min(index, bounds.count - 1)] }
        }
        return bounds.last
    }
}
