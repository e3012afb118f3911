import ByteCoding
import ContentReading
import EvaluationModel

/// What comes of asking a judge: a finding, or the judge's own failure with what the calls cost all the same.
enum JudgeResult: Equatable, Sendable {
    case judgement(Judgement)
    case failure(ScoreError, ScorerUsage?)
}

/// `judge`: a model grades the output by a rubric, on a scale or with one of a few labels, and says why.
struct JudgeScorer: Sendable {
    let parameters: JudgeParameters
    let model: any JudgeModel
    var makeNonce: @Sendable () -> String = JudgePrompt.randomNonce

    func judge(_ input: ScorerInput) async throws(CancellationError) -> JudgeResult {
        let output = input.output.readable
        guard output.utf8.count <= EvaluationLimits.maximumJudgedByteCount else {
            let message = "the output has \(output.utf8.count) bytes, too many to show to a judge"
            return .failure(ScoreError(.limit, message), nil)
        }
        return try await JudgeConversation(model: model).ask(question(input, output), member: member) { reply throws(ScoreError) in
            try judgement(reply)
        }
    }

    private var member: String { if case .scale = parameters.answer { "score" } else { "choice" } }

    private func judgement(_ reply: JudgeReply) throws(ScoreError) -> Judgement {
        let why = reply.reason.isEmpty ? "the judge gave no reason" : "the judge says: " + reply.reason
        switch parameters.answer {
        case .scale(let minimum, let maximum):
            let score = try reply.score(from: minimum, to: maximum)
            let grade = "\(score.shortText) on a scale from \(minimum.shortText) to \(maximum.shortText)"
            return Judgement(value: score, reason: "\(grade); \(why)")
        case .choices(let choices):
            let choice = choices[try reply.choice(of: choices.map(\.label))]
            return Judgement(
                value: choice.value, label: choice.label, reason: "\(quoted(choice.label)), worth \(choice.value.shortText); \(why)")
        }
    }

    private func question(_ input: ScorerInput, _ output: String) -> JudgeQuestion {
        let prompt = JudgePrompt(nonce: makeNonce())
        let form: String
        let grade: JSONValue
        switch parameters.answer {
        case .scale(let minimum, let maximum):
            form = "\"score\" is a number from \(minimum.shortText) (worst) to \(maximum.shortText) (best)"
            grade = .object([JSONMember(key: "type", value: .string("number"))])
        case .choices(let choices):
            form = "\"choice\" is one of \(choices.map { quoted($0.label, 256) }.joined(separator: ", "))"
            grade = .object([
                JSONMember(key: "type", value: .string("string")),
                JSONMember(key: "enum", value: .array(choices.map { .string($0.label) })),
            ])
        }
        var sections = [
            JudgePrompt.Section(name: "RUBRIC", text: parameters.rubric), JudgePrompt.Section(name: "TASK", text: input.conversation),
        ]
        if let expected = input.content.expected { sections.append(.init(name: "EXPECTED", text: expected.plainText)) }
        sections.append(.init(name: "OUTPUT", text: output))
        return JudgeQuestion(
            model: parameters.model,
            system: prompt.system(
                "Grade the OUTPUT that a model gave to the TASK, by the RUBRIC\(input.content.expected == nil ? "" : "; EXPECTED is a right answer").",
                """
                Think first, then answer with one JSON object and nothing else: {"reason": "...", "\(member)": ...}. "reason" is one or two \
                sentences that name what in the output decided; \(form).
                """),
            user: prompt.user(sections, "Grade the OUTPUT by the RUBRIC. Answer with the JSON object only."),
            responseSchema: JudgeConversation.schema(member, grade),
            maximumOutputTokenCount: EvaluationLimits.maximumJudgeAnswerTokenCount)
    }
}

/// Asking until the answer can be read, a few times at most.
struct JudgeConversation: Sendable {
    let model: any JudgeModel

    static func schema(_ member: String, _ grade: JSONValue) -> JSONValue {
        .object([
            JSONMember(key: "type", value: .string("object")),
            JSONMember(
                key: "properties",
                value: .object([
                    JSONMember(key: "reason", value: .object([JSONMember(key: "type", value: .string("string"))])),
                    JSONMember(key: member, value: grade),
                ])),
            JSONMember(key: "required", value: .array([.string("reason"), .string(member)])),
            JSONMember(key: "additionalProperties", value: .bool(false)),
        ])
    }

    /// Asks, reads and, where the answer was not in the form asked for, asks again. What all calls used is added up.
    func ask(
        _ question: JudgeQuestion, member: String, _ read: (JudgeReply) throws(ScoreError) -> Judgement
    ) async throws(CancellationError) -> JudgeResult {
        var usage: ScorerUsage?
        var failure = ScoreError(.invalidReply, "the judge was not asked")
        for _ in 0..<EvaluationLimits.maximumJudgeAttemptCount {
            let answer: JudgeAnswer
            do {
                answer = try await model.ask(question)
            } catch {
                return .failure(try scoreError(error, "the judge model"), usage)
            }
            usage = usage.map { $0 + answer.usage } ?? answer.usage
            do throws(ScoreError) {
                var judgement = try read(JudgeReply.read(answer.text, member: member))
                judgement.usage = usage
                return .judgement(judgement)
            } catch {
                failure = error
            }
        }
        return .failure(failure, usage)
    }
}
