import ByteCoding
import ContentReading

/// Scores as JSON: rows, events, answers of the API.
extension Score {
    package var json: JSONValue {
        var members = [
            JSONMember(key: "name", value: .string(name)), JSONMember(key: "kind", value: .string(origin.name)),
            JSONMember(key: "value", value: value.map(JSONValue.double) ?? .null),
            JSONMember(key: "passed", value: passed.map(JSONValue.bool) ?? .null),
        ]
        if let label { members.append(JSONMember(key: "label", value: .string(label))) }
        members.append(JSONMember(key: "reason", value: .string(reason)))
        if let error {
            members.append(
                JSONMember(
                    key: "error",
                    value: .object([
                        JSONMember(key: "code", value: .string(error.code.rawValue)),
                        JSONMember(key: "message", value: .string(error.message)),
                    ])))
        }
        if let details { members.append(JSONMember(key: "details", value: details)) }
        if let usage { members.append(JSONMember(key: "usage", value: usage.json)) }
        return .object(members)
    }

    /// Reads what `json` wrote.
    ///
    /// Throws `InvalidContent` with every problem found.
    package init(json value: JSONValue) throws(InvalidContent) {
        let problems = ProblemList()
        let score = Score(value, problems: problems)
        try problems.throwIfAny()
        guard let score else { throw InvalidContent("the score cannot be read") }
        self = score
    }

    private init?(_ value: JSONValue, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: "", problems: problems) else { return nil }
        let name = reader.requiredText("name", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        let kind = reader.requiredText("kind", maximumByteCount: 64)
        let origin = kind.flatMap(ScoreOrigin.init(name:))
        if kind != nil, origin == nil { reader.report("kind", "there is no such kind of score") }
        let number = reader.number("value", in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
        let passed = reader.bool("passed")
        let label = reader.text("label", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        let reason = reader.requiredText("reason", maximumByteCount: TestCaseLimits.maximumReasonByteCount)
        var error: ScoreError?
        if let value = reader.value("error"), var inner = ObjectReader(value, path: "error", problems: problems) {
            let code = inner.name("code", of: ScoreError.Code.self)
            let message = inner.requiredText("message", maximumByteCount: TestCaseLimits.maximumReasonByteCount)
            inner.finish()
            if code == nil, inner.value("code") == nil { inner.report("code", "a code is due here") }
            if let code, let message { error = ScoreError(code, message) }
        }
        if error != nil, number != nil || passed != nil { reader.report("error", "a score with an error has neither value nor verdict") }
        let details = reader.value("details")
        var usage: ScorerUsage?
        if let value = reader.value("usage"), var inner = ObjectReader(value, path: "usage", problems: problems) {
            let model = inner.requiredText("model", maximumByteCount: TestCaseLimits.maximumNameByteCount)
            let count = inner.integer("call_count", in: 0...Int(Int32.max))
            let input = inner.integer("input_tokens", in: 0...Int.max)
            let output = inner.integer("output_tokens", in: 0...Int.max)
            let cost = inner.number("cost_usd", in: 0...Double.greatestFiniteMagnitude)
            inner.finish()
            if let model {
                usage = ScorerUsage(model: model, callCount: count ?? 1, inputTokenCount: input, outputTokenCount: output, cost: cost)
            }
        }
        reader.finish()
        guard let name, let origin, let reason else { return nil }
        self.init(
            name: name, origin: origin, value: number, passed: passed, label: label, reason: reason, details: details, usage: usage)
        self.error = error
    }
}

extension ScorerUsage {
    package var json: JSONValue {
        var members = [
            JSONMember(key: "model", value: .string(model)), JSONMember(key: "call_count", value: .integer(Int64(callCount))),
        ]
        if let inputTokenCount { members.append(JSONMember(key: "input_tokens", value: .integer(Int64(inputTokenCount)))) }
        if let outputTokenCount { members.append(JSONMember(key: "output_tokens", value: .integer(Int64(outputTokenCount)))) }
        if let cost { members.append(JSONMember(key: "cost_usd", value: .double(cost))) }
        return .object(members)
    }
}
