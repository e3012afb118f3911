import ByteCoding
import EvaluationModel

/// `pairwise_judge`: which of two answers is better. Asked twice with the answers swapped, because judges prefer a place; where the two
/// verdicts differ the answers tie.
struct PairwiseJudgeScorer: Sendable {
    enum Verdict: String, CaseIterable, Sendable {
        case win, tie, loss

        var value: Double {
            switch self {
            case .win: 1
            case .tie: 0.5
            case .loss: 0
            }
        }
    }

    let parameters: PairwiseJudgeParameters
    let model: any JudgeModel
    var makeNonce: @Sendable () -> String = JudgePrompt.randomNonce

    func judge(_ input: ScorerInput) async throws(CancellationError) -> JudgeResult {
        let opponent: String
        switch parameters.against {
        case .baseline:
            guard let baseline = input.baseline else {
                return .failure(ScoreError(.missing, "there is no baseline output of this case to compare with"), nil)
            }
            opponent = baseline.readable
        case .expected:
            guard let expected = input.content.expected else {
                return .failure(ScoreError(.missing, "the case has no expected value to compare with"), nil)
            }
            opponent = expected.plainText
        }
        let output = input.output.readable
        let byteCount = max(output.utf8.count, opponent.utf8.count)
        guard byteCount <= EvaluationLimits.maximumJudgedByteCount else {
            return .failure(ScoreError(.limit, "an answer has \(byteCount) bytes, too many to show to a judge"), nil)
        }
        let conversation = JudgeConversation(model: model)
        async let first = conversation.ask(question(input, output, opponent), member: "winner") { reply throws(ScoreError) in
            try Self.judgement(reply, outputStandsFirst: true)
        }
        async let second = conversation.ask(question(input, opponent, output), member: "winner") { reply throws(ScoreError) in
            try Self.judgement(reply, outputStandsFirst: false)
        }
        do {
            return Self.combined(try await first, try await second)
        } catch {
            throw CancellationError()
        }
    }

    private static let answers = ["first", "second", "tie"]

    private static func judgement(_ reply: JudgeReply, outputStandsFirst: Bool) throws(ScoreError) -> Judgement {
        let choice = try reply.choice(of: answers)
        let verdict: Verdict = choice == 2 ? .tie : (choice == 0) == outputStandsFirst ? .win : .loss
        return Judgement(value: verdict.value, label: verdict.rawValue, reason: reply.reason)
    }

    /// Both verdicts as one.
    static func combined(_ first: JudgeResult, _ second: JudgeResult) -> JudgeResult {
        switch (first, second) {
        case (.judgement(let a), .judgement(let b)):
            let agree = a.label == b.label
            let verdict = agree ? a.label.flatMap(Verdict.init(rawValue:)) ?? .tie : .tie
            func said(_ judgement: Judgement) -> String { judgement.reason.isEmpty ? "no reason was given" : judgement.reason }
            let reason: String
            if agree {
                let words = verdict == .win ? "the output is better" : verdict == .loss ? "the output is worse" : "neither is better"
                reason = "in both orders \(words); the judge says: \(said(a))"
            } else {
                reason = """
                    a tie, because the judge's verdict depends on the order: \(a.label ?? "") with the output first (\(said(a).cut(toByteCount: 600))), \
                    \(b.label ?? "") with it second (\(said(b).cut(toByteCount: 600)))
                    """
            }
            let details = JSONValue.array(
                [a, b].map {
                    .object([
                        JSONMember(key: "verdict", value: .string($0.label ?? "")),
                        JSONMember(key: "reason", value: .string($0.reason.cut(toByteCount: 4096))),
                    ])
                })
            let usage = a.usage.map { usage in b.usage.map { usage + $0 } ?? usage } ?? b.usage
            return .judgement(
                Judgement(
                    value: verdict.value, label: verdict.rawValue, reason: reason, details: details, usage: usage))
        case (.failure(let error, let usage), .judgement(let other)), (.judgement(let other), .failure(let error, let usage)):
            return .failure(error, usage.map { usage in other.usage.map { usage + $0 } ?? usage } ?? other.usage)
        case (.failure(let error, let usage), .failure(_, let other)):
            return .failure(error, usage.map { usage in other.map { usage + $0 } ?? usage } ?? other)
        }
    }

    private func question(_ input: ScorerInput, _ first: String, _ second: String) -> JudgeQuestion {
        let prompt = JudgePrompt(nonce: makeNonce())
        return JudgeQuestion(
            model: parameters.model,
            system: prompt.system(
                "Say which of two answers to the TASK, FIRST or SECOND, is better by the RUBRIC. Their order is random and their length is no merit.",
                """
                Think first, then answer with one JSON object and nothing else: {"reason": "...", "winner": ...}. "reason" is one or two \
                sentences that name what decided; "winner" is "first", "second" or "tie".
                """),
            user: prompt.user(
                [
                    .init(name: "RUBRIC", text: parameters.rubric), .init(name: "TASK", text: input.conversation),
                    .init(name: "FIRST", text: first), .init(name: "SECOND", text: second),
                ], "Which answer is better by the RUBRIC? Answer with the JSON object only."),
            responseSchema: JudgeConversation.schema(
                "winner",
                .object([
                    JSONMember(key: "type", value: .string("string")),
                    JSONMember(key: "enum", value: .array(Self.answers.map(JSONValue.string))),
                ])),
            maximumOutputTokenCount: EvaluationLimits.maximumJudgeAnswerTokenCount)
    }
}
