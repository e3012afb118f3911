/// A judge whose verdict a test can foretell: it scores a text by the mark `quality=0.8` in it, else by its likeness to the expected text,
/// else by a hash of it, and writes that down in whatever shape the request's schema has.

import ByteCoding

struct JudgeVerdict {
    enum Winner: String { case a, b, tie }

    /// From 0 to 1.
    let score: Double
    let passes: Bool
    /// Nil unless two answers were compared.
    let winner: Winner?
    let reason: String
    private let scale: (low: Double, high: Double)

    /// Tags that texts stand between in a judge's prompt, tried in this order.
    private static let answerTags = ["answer", "output", "response", "actual", "completion"]
    private static let expectedTags = ["expected", "reference", "expected_answer", "reference_answer", "expected_output"]
    private static let firstTags = ["answer_a", "output_a", "response_a", "a", "first"]
    private static let secondTags = ["answer_b", "output_b", "response_b", "b", "second"]

    /// - Parameters:
    ///   - tags: the two tags to look between instead of the usual ones: answer and expected, or first and second.
    ///   - drawn: the verdict that chance has drawn, whatever the texts say.
    init(
        _ judging: Directive.Judging, prompt: String, tags: [String]?, scale: (low: Double, high: Double), threshold: Double, drawn: Bool?
    ) {
        self.scale = scale
        let own = tags.map { tags in tags.map { [$0] } }
        switch judging {
        case .compare:
            let answer = Self.passage(own?.first ?? Self.answerTags, in: prompt) ?? prompt
            let expected = Self.passage(own?.last ?? Self.expectedTags, in: prompt)
            score = drawn.map { $0 ? 1 : 0 } ?? Self.quality(of: answer, expected: expected)
            winner = nil
        case .pairwise, .first:
            let first = Self.quality(of: Self.passage(own?.first ?? Self.firstTags, in: prompt) ?? "", expected: nil)
            let second = Self.quality(of: Self.passage(own?.last ?? Self.secondTags, in: prompt) ?? "", expected: nil)
            if judging == .first {
                winner = .a
            } else if let drawn {
                winner = drawn ? .a : .b
            } else {
                winner = first == second ? .tie : first > second ? .a : .b
            }
            score = winner == .a ? 1 : winner == .b ? 0 : 0.5
        }
        passes = score >= threshold
        reason = winner.map { "the winner is \($0.rawValue)" } ?? "the score is \(Self.rounded(score))"
    }

    /// The verdict in the shape of a schema; without one an object with `score`, `pass` and `reason`, or `winner` and `reason`.
    func instance(of schema: JSONValue?) -> JSONValue {
        guard let schema else {
            if let winner { return ["winner": .string(winner.rawValue), "reason": .string(reason)] }
            return [
                "score": .double(Self.rounded(scale.low + score * (scale.high - scale.low))), "pass": .bool(passes),
                "reason": .string(reason),
            ]
        }
        let choices =
            winner.map { [$0.rawValue] + ($0 == .tie ? ["equal", "draw", "same"] : []) }
            ?? (passes ? ["pass", "passed", "yes", "true", "correct"] : ["fail", "failed", "no", "false", "incorrect"])
        return SchemaInstance(text: reason, share: score, scale: scale, truth: passes, choices: choices).instance(of: schema)
    }

    /// From 0 to 1; see the head of this file.
    static func quality(of text: String, expected: String?) -> Double {
        if let marked = mark(in: text) { return marked }
        if let expected { return max(0, NGramVector.similarity(text.trimmed, expected.trimmed)) }
        return Double(StableHash.of(text.trimmed) >> 11) / Double(1 << 53)
    }

    private static func mark(in text: String) -> Double? {
        guard let start = text.range(of: "quality=")?.upperBound else { return nil }
        return Double(text[start...].prefix { $0.isNumber || $0 == "." }).flatMap { (0...1).contains($0) ? $0 : nil }
    }

    /// What stands between `<tag>` and `</tag>`, of the last such pair; nil when no tag of the list occurs.
    static func passage(_ tags: [String], in prompt: String) -> String? {
        for tag in tags {
            guard let open = prompt.ranges(of: "<\(tag)>").last, let close = prompt[open.upperBound...].firstRange(of: "</\(tag)>") else {
                continue
            }
            return String(prompt[open.upperBound..<close.lowerBound])
        }
        return nil
    }

    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
