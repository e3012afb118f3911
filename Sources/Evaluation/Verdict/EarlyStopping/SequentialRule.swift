import EvaluationModel

/// One rule of a gate while its run goes on: is its mean shown to be on one side of the threshold?
///
/// Cells come round by round: the first repetition of every case in a random order, then the second of every case in that order. Within a
/// round, case after case is a fresh draw, whatever the repetitions share; over rounds it is not. So each round is a test by itself, over
/// the means of each case's repetitions so far (less noisy from round to round), and the rounds share the error: half of it for the first,
/// the rest for the others alike (union bound). A rule that needs every repetition of a case spends all of it in the last round.
struct SequentialRule: Sendable {
    let rule: RuleResult.Rule
    /// The ends of the observations' scale.
    let lowest: Double
    let highest: Double
    let threshold: Double
    let lastRoundOnly: Bool
    /// All the error of one side that stopping early may spend.
    let passError: Double
    let failError: Double
    let rounds: Int

    private(set) var result: VerdictResult = .notEnoughEvidence
    /// The interval at the moment of the decision, on the rule's own scale.
    private(set) var interval: Interval?
    private var round = -1
    private var test: BettingTest?
    private var observations: [Double] = []

    init(
        rule: RuleResult.Rule, lowest: Double, highest: Double, threshold: Double, lastRoundOnly: Bool, passError: Double,
        failError: Double,
        rounds: Int
    ) {
        self.rule = rule
        self.lowest = lowest
        self.highest = highest
        self.threshold = threshold
        self.lastRoundOnly = lastRoundOnly
        self.passError = passError
        self.failError = failError
        self.rounds = rounds
    }

    /// The part of the error that a round, counted from 0, may spend.
    func share(ofRound round: Int) -> Double {
        if lastRoundOnly { return round == rounds - 1 ? 1 : 0 }
        if rounds == 1 { return 1 }
        return round == 0 ? 0.5 : 0.5 / Double(rounds - 1)
    }

    /// - Parameters:
    ///   - value: of the next case of this round, on the rule's scale; nil for a case without one.
    ///   - round: never less than before.
    mutating func add(_ value: Double?, round: Int) {
        guard result == .notEnoughEvidence else { return }
        if round != self.round {
            self.round = round
            observations = []
            let share = share(ofRound: round)
            let mean = (threshold - lowest) / (highest - lowest)
            test =
                share > 0 && mean > 0 && mean < 1
                ? BettingTest(mean: mean, aboveError: passError * share, belowError: failError * share) : nil
        }
        guard let value, test != nil else { return }
        let observation = (value - lowest) / (highest - lowest)
        // A score beyond its scale voids the mathematics: this rule then waits for the next round, at last for the end.
        guard observation >= 0, observation <= 1 else {
            test = nil
            return
        }
        observations.append(observation)
        test?.add(observation)
        if test?.isAbove == true { decide(.pass) } else if test?.isBelow == true { decide(.fail) }
    }

    private mutating func decide(_ decision: VerdictResult) {
        result = decision
        let share = share(ofRound: round)
        let ends = BettingTest.confidenceSequence(observations, aboveError: passError * share, belowError: failError * share)
        interval = Interval(
            lower: lowest + ends.lower * (highest - lowest), upper: lowest + ends.upper * (highest - lowest),
            confidence: 1 - passError - failError, method: .confidenceSequence)
        observations = []
        test = nil
    }
}
