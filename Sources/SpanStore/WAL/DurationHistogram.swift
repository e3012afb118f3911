/// How long something took, counted in powers of two of a microsecond: enough for p50 and p99, small enough to copy.
package struct DurationHistogram: Sendable, Equatable {
    /// `counts[i]` durations were below 2^i microseconds and not below 2^(i-1); the last one takes all above 8 s.
    package private(set) var counts = [Int](repeating: 0, count: 24)
    package private(set) var totalMicroseconds = 0

    package init() {}

    package var count: Int { counts.reduce(0, +) }

    package mutating func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = max(0, Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
        counts[min(counts.count - 1, Int.bitWidth - microseconds.leadingZeroBitCount)] += 1
        totalMicroseconds += microseconds
    }

    /// Exclusive upper bound of bucket `index` in microseconds; nil for the last, which has none.
    package static func upperBoundMicroseconds(ofBucket index: Int) -> Int? { index < 23 ? 1 << index : nil }
}
