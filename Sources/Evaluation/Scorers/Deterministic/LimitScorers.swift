import ByteCoding
import ContentReading
import EvaluationModel

/// `latency`, `tokens`, `cost`: what the answer took, against the most it may take. The value is what was measured.
func latencyJudgement(maximum: Double, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    guard let latency = input.output.latencyMilliseconds else { throw ScoreError(.missing, "the latency of the answer is not known") }
    return Judgement(
        value: latency, passed: latency <= maximum,
        reason: "it took \(latency.rounded(toPlaces: 1).shortText) ms of at most \(maximum.shortText) ms")
}

func costJudgement(maximum: Double, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    guard let cost = input.output.cost else {
        throw ScoreError(.missing, "the cost of the answer is not known: its model has no price, or its usage was not told")
    }
    return Judgement(value: cost, passed: cost <= maximum, reason: "it cost \(cost.shortText) of at most \(maximum.shortText) US dollars")
}

func tokenJudgement(_ parameters: TokenParameters, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    let (inputCount, outputCount) = (input.output.inputTokenCount, input.output.outputTokenCount)
    var facts: [String] = []
    var passed = true
    var value: Double?
    func check(_ name: String, _ count: Int?, _ maximum: Int?) throws(ScoreError) {
        guard let maximum else { return }
        guard let count else { throw ScoreError(.missing, "the number of \(name) tokens is not known") }
        if count > maximum { passed = false }
        facts.append("\(count) \(name) tokens of at most \(maximum)")
        value = Double(count)
    }
    try check("input", inputCount, parameters.maximumInput)
    try check("output", outputCount, parameters.maximumOutput)
    try check("input and output", inputCount.flatMap { input in outputCount.map { input + $0 } }, parameters.maximumTotal)
    return Judgement(value: value, passed: passed, reason: "it took " + facts.joined(separator: ", "))
}
