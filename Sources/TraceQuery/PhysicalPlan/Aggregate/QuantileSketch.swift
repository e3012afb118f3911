/// Counts values in buckets whose width grows with the value, so that a quantile read from it is at most 0.4 % off and
/// two sketches of different threads add up to the sketch of both.
///
/// The buckets of DDSketch (Masson, Rim, Lee, VLDB 2019) with the cheapest mapping there is: the sign aside, a double's
/// exponent and first seven bits of fraction are its bucket (128 per power of two, relative width 1/128 or less; the
/// middle is at most 1/256 from any value inside). No logarithm, one shift.
struct QuantileSketch: Sendable {
    private struct Buckets: Sendable {
        var base = 0
        var counts: [Int] = []

        mutating func makeRoom(_ low: Int, _ high: Int) {
            if counts.isEmpty {
                base = low
                counts = Array(repeating: 0, count: high - low + 1)
            } else {
                if low < base {
                    counts.insert(contentsOf: repeatElement(0, count: base - low), at: 0)
                    base = low
                }
                if high >= base + counts.count {
                    counts.append(contentsOf: repeatElement(0, count: high - base - counts.count + 1))
                }
            }
        }

        mutating func merge(_ other: Buckets) {
            guard !other.counts.isEmpty else { return }
            makeRoom(other.base, other.base + other.counts.count - 1)
            for (index, count) in other.counts.enumerated() { counts[other.base + index - base] += count }
        }

        var total: Int { counts.reduce(0, +) }
    }

    private static let droppedBitCount: UInt64 = 45
    private var positives = Buckets()
    private var negatives = Buckets()
    private var zeroCount = 0
    private var minimum = Double.infinity
    private var maximum = -Double.infinity

    @inline(__always)
    private static func bucket(_ magnitude: Double) -> Int { Int(truncatingIfNeeded: magnitude.bitPattern >> droppedBitCount) }

    private static func middle(_ bucket: Int) -> Double {
        let low = Double(bitPattern: UInt64(bucket) << droppedBitCount)
        let high = Double(bitPattern: UInt64(bucket + 1) << droppedBitCount)
        return high.isFinite ? (low + high) / 2 : low
    }

    /// Adds values, none of them NaN.
    mutating func add(_ values: UnsafeBufferPointer<Double>) {
        guard var low = values.first else { return }
        var high = low
        for value in values {
            low = min(low, value)
            high = max(high, value)
        }
        minimum = min(minimum, low)
        maximum = max(maximum, high)
        if low > 0 {
            positives.makeRoom(Self.bucket(low), Self.bucket(high))
            let base = positives.base
            // Bounds: every value lies between `low` and `high`, and buckets grow with values.
            positives.counts.withUnsafeMutableBufferPointer { counts in
                for value in values { counts[Self.bucket(value) &- base] &+= 1 }
            }
            return
        }
        for value in values {
            if value == 0 {
                zeroCount += 1
            } else {
                let bucket = Self.bucket(value.magnitude)
                if value > 0 {
                    positives.makeRoom(bucket, bucket)
                    positives.counts[bucket - positives.base] += 1
                } else {
                    negatives.makeRoom(bucket, bucket)
                    negatives.counts[bucket - negatives.base] += 1
                }
            }
        }
    }

    mutating func merge(_ other: QuantileSketch) {
        positives.merge(other.positives)
        negatives.merge(other.negatives)
        zeroCount += other.zeroCount
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    func quantile(_ quantile: Double) -> Double {
        let negativeCount = negatives.total
        let total = negativeCount + zeroCount + positives.total
        var rank = Int((quantile * Double(total - 1)).rounded())
        if rank < negativeCount {
            // From the largest magnitude down.
            for (index, count) in negatives.counts.enumerated().reversed() {
                if rank < count { return clamp(-Self.middle(negatives.base + index)) }
                rank -= count
            }
        }
        rank -= negativeCount
        if rank < zeroCount { return 0 }
        rank -= zeroCount
        for (index, count) in positives.counts.enumerated() {
            if rank < count { return clamp(Self.middle(positives.base + index)) }
            rank -= count
        }
        return maximum
    }

    private func clamp(_ value: Double) -> Double { Swift.min(Swift.max(value, minimum), maximum) }

    var byteCount: Int { (positives.counts.count + negatives.counts.count) * 8 + 96 }
}
