/// The scorers that can judge a stored span: it has an output and what led to it, but neither an expected value nor a baseline.

import ByteCoding
import ContentReading

package enum StoredSpanScorers {
    /// Reads a list of scorers for stored spans; at least one.
    ///
    /// Throws `InvalidContent` with every problem found, with paths such as `scorers[1].pattern`.
    package static func read(json value: JSONValue?) throws(InvalidContent) -> [ScorerSpecification] {
        guard let value, value != .null else { throw InvalidContent(path: "scorers", "at least one scorer is due here") }
        if let problem = value.problemOfShape(maximumDepth: TestCaseLimits.maximumDepth) {
            throw InvalidContent(path: "scorers", problem)
        }
        let scorers = try ScorerSpecification.list(json: value)
        if scorers.isEmpty { throw InvalidContent(path: "scorers", "at least one scorer is due here") }
        var problems: [ContentProblem] = []
        for (index, scorer) in scorers.enumerated() {
            if let problem = scorer.problemWithoutCase { problems.append(ContentProblem(path: "scorers[\(index)]", message: problem)) }
        }
        if !problems.isEmpty { throw InvalidContent(problems) }
        return scorers
    }

    package static func json(_ scorers: [ScorerSpecification]) -> [UInt8] { JSONValue.array(scorers.map(\.json)).bytes }
}

extension ScorerSpecification {
    /// Why it can never judge a stored span; nil when it can.
    fileprivate var problemWithoutCase: String? {
        let needsValue = "a stored span has no expected value: the scorer needs a value of its own"
        switch parameters {
        case .exact(let exact): return exact.value == nil ? needsValue : nil
        case .contains(let contains): return contains.all.isEmpty && contains.any.isEmpty && contains.none.isEmpty ? needsValue : nil
        case .jsonEqual(let match), .jsonSubset(let match): return match.value == nil ? needsValue : nil
        case .numeric(let numeric): return numeric.value == nil ? needsValue : nil
        case .editDistance(let edit): return edit.value == nil ? needsValue : nil
        case .embeddingSimilarity(let similarity): return similarity.value == nil ? needsValue : nil
        case .pairwiseJudge: return "a stored span has neither a baseline run nor an expected text to be compared with"
        case .regex, .jsonSchema, .toolCalls, .latency, .tokens, .cost, .judge: return nil
        }
    }
}

extension ScorerKind {
    /// Whether it looks at what the span gave out, not at its figures alone.
    package var looksAtOutput: Bool {
        switch self {
        case .latency, .tokens, .cost: false
        default: true
        }
    }
}
