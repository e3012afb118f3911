/// How long a task will still take, from how fast it went lately: a pure value, time comes in with each sample.

struct RemainingTime: Sendable {
    private struct Sample {
        let nano: Int64
        let done: Int64
    }

    private var samples: [Sample] = []

    /// `done`: units done by now. One that has gone back (cases were requeued) begins anew.
    mutating func add(done: Int64, now: Int64) {
        if let last = samples.last, done < last.done { samples = [] }
        samples.append(Sample(nano: now, done: done))
        let oldest = now - EventLimits.rateWindowNanoseconds
        let excess = samples.count - EventLimits.maximumRateSampleCount
        samples.removeFirst(max(excess, samples.firstIndex { $0.nano >= oldest } ?? 0, 0))
    }

    /// Nil while nothing moves or nobody knows how much there is.
    func seconds(total: Int64?) -> Double? {
        guard let total, let first = samples.first, let last = samples.last else { return nil }
        let left = max(0, total - last.done)
        if left == 0 { return 0 }
        guard last.done > first.done, last.nano > first.nano else { return nil }
        let seconds = Double(last.nano - first.nano) / 1e9 * Double(left) / Double(last.done - first.done)
        return (seconds * 10).rounded() / 10
    }
}
