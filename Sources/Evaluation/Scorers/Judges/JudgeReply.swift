import ByteCoding
import ContentReading
import EvaluationModel

/// Reading a judge's answer: JSON as it was asked for, or JSON with talk around it. An answer that says two different things, or something
/// outside the scale, is no answer.
struct JudgeReply: Equatable, Sendable {
    var value: JSONValue
    var reason: String

    /// `member` is what the grade is called: `score`, `choice`, `winner`.
    static func read(_ text: String, member: String) throws(ScoreError) -> JudgeReply {
        guard text.utf8.count <= EvaluationLimits.maximumJudgeAnswerByteCount else {
            throw ScoreError(.invalidReply, "the judge's answer has \(text.utf8.count) bytes; it was to be a short JSON object")
        }
        var candidates: [JSONValue] = []
        if let whole = try? JSONValue.parse(text, maximumDepth: EvaluationLimits.maximumOutputDepth) {
            candidates = [whole]
        } else {
            candidates = OutputJSON.values(in: text)
        }
        let replies = candidates.compactMap { candidate -> JudgeReply? in
            guard let value = candidate[member], value != .null else { return nil }
            return JudgeReply(value: value, reason: candidate["reason"]?.stringValue?.trimmed ?? "")
        }
        guard let last = replies.last else {
            throw ScoreError(.invalidReply, "the judge's answer has no \(quoted(member)): \(quoted(text))")
        }
        guard replies.allSatisfy({ $0.value == last.value }) else {
            throw ScoreError(.invalidReply, "the judge's answer grades more than once, and differently: \(quoted(text))")
        }
        return last
    }

    /// The grade on a scale; a number in quotes will do.
    func score(from minimum: Double, to maximum: Double) throws(ScoreError) -> Double {
        guard let score = value.doubleValue ?? value.stringValue.flatMap({ Double($0.trimmed) }), score.isFinite else {
            throw ScoreError(.invalidReply, "the judge's score is no number: \(quoted(value))")
        }
        guard (minimum...maximum).contains(score) else {
            throw ScoreError(
                .invalidReply,
                "the judge's score \(score.shortText) lies outside the scale from \(minimum.shortText) to \(maximum.shortText)")
        }
        return score
    }

    /// The index of the label chosen, letter case aside where that is unambiguous.
    func choice(of labels: [String]) throws(ScoreError) -> Int {
        let chosen = value.plainText.trimmed
        if let index = labels.firstIndex(of: chosen) { return index }
        let similar = labels.indices.filter { labels[$0].lowercased() == chosen.lowercased() }
        guard similar.count == 1 else {
            throw ScoreError(.invalidReply, "the judge chose \(quoted(chosen)), which is none of the choices")
        }
        return similar[0]
    }
}
