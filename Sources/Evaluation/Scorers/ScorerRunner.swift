import ByteCoding
import EvaluationModel
import RegularExpressions

/// All scorers of a case over one output. Prepared once per case version: patterns and schemas are compiled here, and one that does not
/// compile is an error in every score of that scorer, not in the others'.
package struct ScorerRunner: Sendable {
    private enum Step: Sendable {
        case inPlace(@Sendable (ScorerInput) throws(ScoreError) -> Judgement)
        case callingOut(@Sendable (ScorerInput) async throws -> JudgeResult)
    }

    package let scorers: [ScorerSpecification]
    private let steps: [Step]

    /// Without a judge or embedding model, the scorers that need one have errors.
    package init(scorers: [ScorerSpecification], judge: (any JudgeModel)? = nil, embedding: (any EmbeddingModel)? = nil) {
        self.scorers = scorers
        steps = scorers.map { Self.step($0.parameters, judge, embedding) }
    }

    /// The scores in the scorers' order; those that call out run side by side.
    ///
    /// Throws `CancellationError` when the task was cancelled, nothing else.
    package func run(_ input: ScorerInput) async throws -> ScorerResults {
        var scores = [Score?](repeating: nil, count: scorers.count)
        var waiting: [(Int, @Sendable (ScorerInput) async throws -> JudgeResult)] = []
        let isTooLong = input.output.text.utf8.count > EvaluationLimits.maximumOutputByteCount
        for (index, step) in steps.enumerated() {
            switch step {
            case .callingOut(let judge): waiting.append((index, judge))
            case .inPlace(let judge):
                let scorer = scorers[index]
                do throws(ScoreError) {
                    if isTooLong, !scorer.kind.looksAtFiguresOnly {
                        throw ScoreError(.limit, "the output has \(input.output.text.utf8.count) bytes, more than scorers look at")
                    }
                    scores[index] = scorer.score(try judge(input))
                } catch {
                    scores[index] = Score(name: scorer.name, origin: .scorer(scorer.kind), error: error)
                }
            }
        }
        if waiting.count == 1 {
            let (index, judge) = waiting[0]
            scores[index] = score(index, try await judge(input))
        } else if !waiting.isEmpty {
            try await withThrowingTaskGroup(of: Judged.self) { group in
                for (index, judge) in waiting { group.addTask { Judged(index: index, result: try await judge(input)) } }
                for try await judged in group { scores[judged.index] = score(judged.index, judged.result) }
            }
        }
        return ScorerResults(scores: scores.compactMap { $0 }, scorers: scorers)
    }

    /// What the judge of the scorer at this place said.
    private struct Judged: Sendable {
        let index: Int
        let result: JudgeResult
    }

    private func score(_ index: Int, _ result: JudgeResult) -> Score {
        let scorer = scorers[index]
        switch result {
        case .judgement(let judgement): return scorer.score(judgement)
        case .failure(let error, let usage): return Score(name: scorer.name, origin: .scorer(scorer.kind), error: error, usage: usage)
        }
    }

    private static func step(
        _ parameters: ScorerParameters, _ judge: (any JudgeModel)?, _ embedding: (any EmbeddingModel)?
    ) -> Step {
        switch parameters {
        case .exact(let exact): return .inPlace { input throws(ScoreError) in try exactJudgement(exact, input) }
        case .contains(let contains): return .inPlace { input throws(ScoreError) in try containsJudgement(contains, input) }
        case .regex(let regex):
            let expression = Result { () throws(ScoreError) in try regex.compiled() }
            return .inPlace { input throws(ScoreError) in try regexJudgement(try expression.get(), input) }
        case .jsonEqual(let match): return .inPlace { input throws(ScoreError) in try jsonJudgement(match, subset: false, input) }
        case .jsonSubset(let match): return .inPlace { input throws(ScoreError) in try jsonJudgement(match, subset: true, input) }
        case .jsonSchema(let parameters):
            let schema = Result { () throws(ScoreError) in
                try JSONSchema(parameters.schema, assertFormats: parameters.assertFormats)
            }
            return .inPlace { input throws(ScoreError) in try schemaJudgement(try schema.get(), embedded: parameters.embedded, input) }
        case .numeric(let numeric): return .inPlace { input throws(ScoreError) in try numericJudgement(numeric, input) }
        case .editDistance(let edit): return .inPlace { input throws(ScoreError) in try editDistanceJudgement(edit, input) }
        case .toolCalls(let tools): return .inPlace { input throws(ScoreError) in try toolCallJudgement(tools, input) }
        case .latency(let maximum): return .inPlace { input throws(ScoreError) in try latencyJudgement(maximum: maximum, input) }
        case .cost(let maximum): return .inPlace { input throws(ScoreError) in try costJudgement(maximum: maximum, input) }
        case .tokens(let tokens): return .inPlace { input throws(ScoreError) in try tokenJudgement(tokens, input) }
        case .embeddingSimilarity(let parameters):
            guard let embedding else { return missing("no embedding model is set up for this project") }
            let scorer = EmbeddingScorer(parameters: parameters, model: embedding)
            return .callingOut { input in try await scorer.judge(input) }
        case .judge(let parameters):
            guard let judge else { return missing("no judge model is set up for this project") }
            let scorer = JudgeScorer(parameters: parameters, model: judge)
            return .callingOut { input in try await scorer.judge(input) }
        case .pairwiseJudge(let parameters):
            guard let judge else { return missing("no judge model is set up for this project") }
            let scorer = PairwiseJudgeScorer(parameters: parameters, model: judge)
            return .callingOut { input in try await scorer.judge(input) }
        }
    }

    private static func missing(_ message: String) -> Step {
        .inPlace { _ throws(ScoreError) in throw ScoreError(.unavailable, message) }
    }
}

extension ScorerKind {
    fileprivate var looksAtFiguresOnly: Bool {
        switch self {
        case .latency, .tokens, .cost, .toolCalls: true
        default: false
        }
    }
}

/// The scores of one output, and what they make of it.
package struct ScorerResults: Equatable, Sendable {
    package enum Outcome: String, CaseIterable, Sendable { case passed, failed, errored }

    package let scores: [Score]
    package let outcome: Outcome
    /// The mean of the values of scorers on a scale from 0 to 1, by weight; nil where none has one.
    package let value: Double?
    /// What all judges and embeddings used, in US dollars; nil when one of them did not know.
    package let cost: Double?

    /// Passed: every required scorer did. Errored: a required one could not do its work, whatever the others say, because counting only
    /// the failures among such outputs would make the pass rate look worse than it is. A scorer that only measures decides nothing.
    init(scores: [Score], scorers: [ScorerSpecification]) {
        self.scores = scores
        var outcome = Outcome.passed
        var sum = 0.0, weight = 0.0
        for (score, scorer) in zip(scores, scorers) {
            if scorer.required {
                if score.error != nil {
                    outcome = .errored
                } else if score.passed == false, outcome != .errored {
                    outcome = .failed
                }
            }
            if let value = score.value, scorer.hasUnitValue {
                sum += scorer.weight * (scorer.negated ? 1 - value : value)
                weight += scorer.weight
            }
        }
        self.outcome = outcome
        value = weight > 0 ? sum / weight : nil
        let usages = scores.compactMap(\.usage)
        cost = usages.contains { $0.cost == nil } ? nil : usages.reduce(0) { $0 + ($1.cost ?? 0) }
    }
}

extension ScorerSpecification {
    /// Whether its values go from 0 to 1 and so can be averaged with others'.
    fileprivate var hasUnitValue: Bool {
        switch parameters {
        case .latency, .tokens, .cost: false
        case .judge(let judge):
            switch judge.answer {
            case .scale(let minimum, let maximum): minimum >= 0 && maximum <= 1
            case .choices(let choices): choices.allSatisfy { (0...1).contains($0.value) }
            }
        default: true
        }
    }
}
