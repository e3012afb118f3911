/// What is known of one case of a run at one target: how often it passed, failed and errored, and the sums of what was measured. All
/// the statistics of a verdict start from an array of these.
package struct CaseTally: Equatable, Sendable {
    /// Names the case in every version of its suite: runs are paired by it.
    package var key: String
    /// Repetitions with a counted outcome. An errored one is no trial: it says nothing about the case.
    package var passed: Int
    package var failed: Int
    package var errored: Int
    /// The numeric scores by name, each over the repetitions that have one.
    package var scores: [String: ValueSums]
    /// US dollars of every attempt.
    package var costUSD: ValueSums
    package var latencyMilliseconds: ValueSums

    package init(
        key: String, passed: Int = 0, failed: Int = 0, errored: Int = 0, scores: [String: ValueSums] = [:],
        costUSD: ValueSums = ValueSums(), latencyMilliseconds: ValueSums = ValueSums()
    ) {
        self.key = key
        self.passed = passed
        self.failed = failed
        self.errored = errored
        self.scores = scores
        self.costUSD = costUSD
        self.latencyMilliseconds = latencyMilliseconds
    }

    /// Repetitions that passed or failed.
    package var trials: Int { passed + failed }
    /// Share of the trials that passed; nil without a trial.
    package var passRate: Double? { trials > 0 ? Double(passed) / Double(trials) : nil }
}

/// Count, sum and sum of squares of a number measured several times.
package struct ValueSums: Equatable, Sendable {
    package var count: Int
    package var sum: Double
    package var sumOfSquares: Double

    package init(count: Int = 0, sum: Double = 0, sumOfSquares: Double = 0) {
        self.count = count
        self.sum = sum
        self.sumOfSquares = sumOfSquares
    }

    package init(_ values: some Sequence<Double>) {
        self.init()
        for value in values { add(value) }
    }

    package mutating func add(_ value: Double) {
        count += 1
        sum += value
        sumOfSquares += value * value
    }

    /// Nil without a value.
    package var mean: Double? { count > 0 ? sum / Double(count) : nil }

    /// The unbiased variance of one value; nil below two values.
    package var variance: Double? {
        guard count > 1 else { return nil }
        let number = Double(count)
        return max(0, (sumOfSquares - sum * sum / number) / (number - 1))
    }
}

/// All that a run has so far at one target.
package struct RunTallies: Equatable, Sendable {
    package var cases: [CaseTally]
    /// What the run plans for every case; from 1.
    package var repetitions: Int

    package init(cases: [CaseTally], repetitions: Int) {
        self.cases = cases
        self.repetitions = repetitions
    }
}
