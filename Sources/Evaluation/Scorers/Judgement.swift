import ByteCoding
import ContentReading
import EvaluationModel

/// What a scorer found, before threshold and negation make a `Score` of it.
struct Judgement: Equatable, Sendable {
    var value: Double?
    /// Nil: the threshold decides, if there is one.
    var passed: Bool?
    var label: String?
    /// A sentence without its full stop.
    var reason: String
    var details: JSONValue?
    var usage: ScorerUsage?

    init(
        value: Double? = nil, passed: Bool? = nil, label: String? = nil, reason: String, details: JSONValue? = nil,
        usage: ScorerUsage? = nil
    ) {
        self.value = value
        self.passed = passed
        self.label = label
        self.reason = reason
        self.details = details
        self.usage = usage
    }

    /// A yes or no: 1 or 0 as a value.
    static func verdict(_ passed: Bool, _ reason: String, details: JSONValue? = nil) -> Judgement {
        Judgement(value: passed ? 1 : 0, passed: passed, reason: reason, details: details)
    }
}

extension ScorerSpecification {
    /// The score that a finding makes under this scorer's threshold and negation.
    func score(_ judgement: Judgement) -> Score {
        var passed = judgement.passed
        var reason = judgement.reason
        if passed == nil, let threshold = threshold ?? defaultThreshold, let value = judgement.value {
            passed = value >= threshold
            reason +=
                passed == true ? "; at least \(threshold.shortText) is asked for" : "; \(threshold.shortText) is the least that passes"
        }
        if negated, let verdict = passed {
            passed = !verdict
            reason += verdict ? "; it fails because the scorer is negated" : "; it passes because the scorer is negated"
        }
        return Score(
            name: name, origin: .scorer(kind), value: judgement.value, passed: passed, label: judgement.label, reason: reason,
            details: judgement.details, usage: judgement.usage)
    }
}

extension ScorerSpecification {
    /// A tie is no worse than the other answer. All other degrees have no threshold of their own: see `ScorerKind.needsThreshold`.
    private var defaultThreshold: Double? { if case .pairwiseJudge = parameters { 0.5 } else { nil } }
}

/// How values stand in reasons: quoted as JSON, so that control characters are visible, and cut.
func quoted(_ text: String, _ maximumByteCount: Int = EvaluationLimits.maximumQuotedByteCount) -> String {
    String(decoding: JSONValue.string(text.cut(toByteCount: maximumByteCount)).bytes, as: UTF8.self)
}

func quoted(_ value: JSONValue) -> String {
    // A long value is cut before it is written where that is cheap, after it where it is not.
    if case .string(let text) = value { return quoted(text) }
    return String(decoding: value.bytes.prefix(EvaluationLimits.maximumQuotedByteCount * 4), as: UTF8.self)
        .cut(toByteCount: EvaluationLimits.maximumQuotedByteCount)
}

func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }
