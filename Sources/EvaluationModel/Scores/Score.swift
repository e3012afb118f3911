import ByteCoding

/// What one scorer says of one output. Either it judged, and has a value or a verdict, or it could not do its work, and has an error:
/// the two never mix, and an error is no zero.
package struct Score: Equatable, Sendable {
    /// The scorer's name in its case: unique there.
    package var name: String
    package var origin: ScoreOrigin
    /// How good, as a number: 0 to 1 for most, on the judge's own scale for a judge, the measured quantity for limits.
    /// Nil with an error, and where there is only a verdict.
    package var value: Double?
    /// Nil with an error, and where the scorer only measures.
    package var passed: Bool?
    /// The choice of a judge, `win`/`tie`/`loss` of a pairwise one.
    package var label: String?
    /// Why, in a sentence with the values involved. Never empty; at most `TestCaseLimits.maximumReasonByteCount` bytes.
    package private(set) var reason: String
    package var error: ScoreError?
    /// More than the sentence: all differences, both answers of a pairwise judge.
    package var details: JSONValue?
    /// What a judge or an embedding cost.
    package var usage: ScorerUsage?

    package init(
        name: String, origin: ScoreOrigin, value: Double? = nil, passed: Bool? = nil, label: String? = nil, reason: String,
        details: JSONValue? = nil, usage: ScorerUsage? = nil
    ) {
        self.name = name
        self.origin = origin
        self.value = value
        self.passed = passed
        self.label = label
        self.reason = reason.isEmpty ? "no reason was given" : reason.cut(toByteCount: TestCaseLimits.maximumReasonByteCount)
        self.details = details.flatMap { $0.bytes.count <= TestCaseLimits.maximumDetailByteCount ? $0 : nil }
        self.usage = usage
    }

    /// The scorer could not do its work.
    package init(name: String, origin: ScoreOrigin, error: ScoreError, details: JSONValue? = nil, usage: ScorerUsage? = nil) {
        self.init(name: name, origin: origin, reason: error.message, details: details, usage: usage)
        self.error = error
    }
}

/// Why a scorer could not do its work.
package struct ScoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, CaseIterable, Sendable {
        /// The case or the target does not have what the scorer compares with: no expected value, no latency, no baseline.
        case missing
        /// The scorer's own parameters do not work: a pattern that does not compile, a schema that is none.
        case invalidScorer = "invalid_scorer"
        /// A judge or embedding model could not be asked.
        case unavailable
        /// A judge answered, but not what it was asked for.
        case invalidReply = "invalid_reply"
        /// It would have taken more steps, bytes or time than a scorer has.
        case limit
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message.cut(toByteCount: TestCaseLimits.maximumReasonByteCount)
    }

    package var description: String { message }
}

/// What a scorer's calls of a model used.
package struct ScorerUsage: Equatable, Sendable {
    /// The model that answered, as pinned: `openai/gpt-4.1-2025-04-14`.
    package var model: String
    package var callCount: Int
    package var inputTokenCount: Int?
    package var outputTokenCount: Int?
    /// US dollars; nil when the model has no price.
    package var cost: Double?

    package init(model: String, callCount: Int = 1, inputTokenCount: Int? = nil, outputTokenCount: Int? = nil, cost: Double? = nil) {
        self.model = model
        self.callCount = callCount
        self.inputTokenCount = inputTokenCount
        self.outputTokenCount = outputTokenCount
        self.cost = cost
    }

    /// Both together; what one of them does not know is not known of the sum.
    package static func + (a: ScorerUsage, b: ScorerUsage) -> ScorerUsage {
        func sum<Number: AdditiveArithmetic>(_ a: Number?, _ b: Number?) -> Number? { a.flatMap { a in b.map { a + $0 } } }
        return ScorerUsage(
            model: a.model, callCount: a.callCount + b.callCount, inputTokenCount: sum(a.inputTokenCount, b.inputTokenCount),
            outputTokenCount: sum(a.outputTokenCount, b.outputTokenCount), cost: sum(a.cost, b.cost))
    }
}

extension String {
    /// The text, or its beginning and `...` within so many bytes; cut between characters.
    package func cut(toByteCount maximum: Int) -> String {
        guard utf8.count > maximum else { return self }
        guard maximum >= 3, var end = utf8.index(utf8.startIndex, offsetBy: maximum - 3, limitedBy: utf8.endIndex) else { return "" }
        // Back to where a scalar begins: at most three bytes.
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "..."
    }
}
