import ByteCoding
import EvaluationModel
import RegularExpressions

/// `exact`: the output is the expected text. An expected value that is no text is compared with the output read as JSON.
///
/// Texts are equal as Unicode says: a letter and its accent in one character or in two.
func exactJudgement(_ parameters: ExactParameters, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    let expected = try input.expected(parameters.value)
    guard case .string(let wanted) = expected else {
        switch OutputJSON.read(input.output.text, embedded: false) {
        case .success(let value):
            let isEqual = value.isEqual(to: expected)
            return .verdict(isEqual, isEqual ? "the output is \(quoted(expected))" : "expected \(quoted(expected)), got \(quoted(value))")
        case .failure(let problem): return .verdict(false, "expected \(quoted(expected)), but the output is not JSON: \(problem)")
        }
    }
    func folded(_ text: String) -> String {
        let trimmed = parameters.trim ? text.trimmed : text
        return parameters.ignoreCase ? trimmed.lowercased() : trimmed
    }
    if folded(input.output.text) == folded(wanted) { return .verdict(true, "the output is \(quoted(wanted))") }
    let isCloser = input.output.text.trimmed == wanted.trimmed
    return .verdict(
        false, "expected \(quoted(wanted)), got \(quoted(input.output.text))\(isCloser ? "; only white space at the ends differs" : "")")
}

/// `contains`: all, some or none of a few texts stand in the output.
func containsJudgement(_ parameters: ContainsParameters, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    var all = parameters.all
    if all.isEmpty, parameters.any.isEmpty, parameters.none.isEmpty {
        guard case .string(let text) = try input.expected(nil), !text.isEmpty else {
            throw ScoreError(.missing, "no text is given to look for, and the expected value is no text")
        }
        all = [text]
    }
    let output = Array((parameters.ignoreCase ? input.output.text.lowercased() : input.output.text).utf8)
    func stands(_ text: String) -> Bool { output.contains(Array((parameters.ignoreCase ? text.lowercased() : text).utf8)) }
    let missing = all.filter { !stands($0) }
    let hasAny = parameters.any.isEmpty || parameters.any.contains(where: stands)
    let forbidden = parameters.none.filter(stands)
    var faults: [String] = []
    if !missing.isEmpty { faults.append("the output lacks \(list(missing))") }
    if !hasAny { faults.append("the output has none of \(list(parameters.any))") }
    if !forbidden.isEmpty { faults.append("the output has \(list(forbidden)), which it must not") }
    if faults.isEmpty {
        var facts: [String] = []
        if !all.isEmpty { facts.append("has \(list(all))") }
        if let found = parameters.any.first(where: stands) { facts.append("has \(quoted(found))") }
        if !parameters.none.isEmpty { facts.append("has none of \(list(parameters.none))") }
        return .verdict(true, "the output " + facts.joined(separator: " and "))
    }
    return .verdict(false, faults.joined(separator: "; ") + "; it is \(quoted(input.output.text))")
}

private func list(_ texts: [String]) -> String {
    let named = texts.prefix(EvaluationLimits.maximumNamedCount).map { quoted($0) }.joined(separator: ", ")
    return texts.count > EvaluationLimits.maximumNamedCount
        ? "\(named) and \(texts.count - EvaluationLimits.maximumNamedCount) more" : named
}

/// `regex`: a pattern matches somewhere in the output, in time linear in the output.
func regexJudgement(_ expression: RegularExpression, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    var steps = EvaluationLimits.maximumPatternStepCount
    guard let matches = expression.matches(input.output.text, steps: &steps) else {
        throw ScoreError(.limit, "matching the pattern \(quoted(expression.pattern)) takes more steps than a scorer has")
    }
    return .verdict(
        matches,
        matches
            ? "the output matches the pattern \(quoted(expression.pattern))"
            : "the pattern \(quoted(expression.pattern)) matches nowhere in \(quoted(input.output.text))")
}

extension RegexParameters {
    /// Throws `ScoreError` for a pattern that the engine does not take.
    func compiled() throws(ScoreError) -> RegularExpression {
        do {
            return try RegularExpression(ignoreCase && !pattern.hasPrefix("(?i)") ? "(?i)" + pattern : pattern)
        } catch {
            throw ScoreError(.invalidScorer, "the pattern \(quoted(pattern)) cannot be used: \(error)")
        }
    }
}

extension ScorerInput {
    /// The scorer's own value, or the case's.
    func expected(_ value: JSONValue?) throws(ScoreError) -> JSONValue {
        guard let expected = value ?? content.expected else {
            throw ScoreError(.missing, "the case has no expected value and the scorer no value of its own")
        }
        return expected
    }

    /// The same where only a text will do; other values as their JSON.
    func expectedText(_ value: String?) throws(ScoreError) -> String {
        switch try expected(value.map(JSONValue.string)) {
        case .string(let text): text
        case let other: String(decoding: other.bytes, as: UTF8.self)
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
