import ByteCoding
import EvaluationModel

/// `tool_calls`: the output calls the expected tools with the expected arguments. The value is the part of the calls that match.
func toolCallJudgement(_ parameters: ToolCallsParameters, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    let calls = input.output.toolCalls
    guard calls.count <= EvaluationLimits.maximumToolCallCount else {
        throw ScoreError(.limit, "the output has \(calls.count) tool calls; \(EvaluationLimits.maximumToolCallCount) are compared at most")
    }
    let comparison = ToolCallComparison(parameters, calls)
    let matched =
        switch (parameters.order, parameters.allowExtra) {
        case (.any, _): comparison.matching
        case (.strict, true): comparison.subsequence
        case (.strict, false): comparison.inPlace
        }
    let expectedCount = parameters.calls.count
    let right = matched.compactMap { $0 }.count
    let extraCount = parameters.allowExtra ? 0 : max(0, calls.count - right)
    let total = parameters.allowExtra ? expectedCount : max(expectedCount, calls.count)
    let value = total == 0 ? 1 : Double(right) / Double(total)
    let passed = right == expectedCount && extraCount == 0
    if passed {
        let names = parameters.calls.isEmpty ? "no tool is called" : "the expected calls are there: \(names(parameters.calls))"
        return Judgement(value: value, passed: true, reason: names + (parameters.calls.isEmpty ? ", as expected" : ""))
    }
    var reason = "\(right) of \(counted(expectedCount, "expected call")) matched"
    if let index = matched.firstIndex(of: nil) {
        reason += "; \(comparison.whyNot(index))"
    } else if extraCount > 0 {
        reason += "; \(counted(extraCount, "call")) too many"
    }
    reason += "; the output calls \(calls.isEmpty ? "nothing" : names(calls))"
    return Judgement(value: value, passed: false, reason: reason)
}

private func names(_ calls: [ToolCall]) -> String {
    let named = calls.prefix(2 * EvaluationLimits.maximumNamedCount).map { $0.name.cut(toByteCount: 64) }.joined(separator: ", ")
    return calls.count > 2 * EvaluationLimits.maximumNamedCount ? named + ", ..." : named
}

/// Which expected call which call of the output answers: an index per expected call, or nil.
private struct ToolCallComparison {
    let parameters: ToolCallsParameters
    let calls: [ToolCall]

    init(_ parameters: ToolCallsParameters, _ calls: [ToolCall]) {
        self.parameters = parameters
        self.calls = calls
    }

    private func matches(_ expected: ToolCall, _ call: ToolCall) -> Bool {
        guard expected.name == call.name else { return false }
        guard let wanted = expected.arguments, parameters.arguments != .ignore else { return true }
        var search = JSONDifferenceSearch(allowsMore: parameters.arguments == .subset)
        search.compare(call.arguments?.parsedArguments ?? .object([]), wanted, path: "$")
        return search.count == 0
    }

    /// The first with the first, the second with the second.
    var inPlace: [Int?] {
        parameters.calls.enumerated().map { index, expected in index < calls.count && matches(expected, calls[index]) ? index : nil }
    }

    /// In order, others between them. The earliest match of each leaves the most to the next.
    var subsequence: [Int?] {
        var next = 0
        return parameters.calls.map { expected in
            guard let index = calls[next...].firstIndex(where: { matches(expected, $0) }) else { return nil }
            next = index + 1
            return index
        }
    }

    /// As many as can be, each call used once: augmenting paths (Kuhn), because an expectation that says little may match the call
    /// that another one needs.
    var matching: [Int?] {
        let candidates = parameters.calls.map { expected in calls.indices.filter { matches(expected, calls[$0]) } }
        var owner = [Int?](repeating: nil, count: calls.count)
        for expected in candidates.indices {
            var visited = [Bool](repeating: false, count: calls.count)
            _ = Self.assign(expected, candidates, &owner, &visited)
        }
        var matched = [Int?](repeating: nil, count: candidates.count)
        for (call, expected) in owner.enumerated() { if let expected { matched[expected] = call } }
        return matched
    }

    /// Depth is at most the number of expected calls, `TestCaseLimits.maximumListCount`.
    private static func assign(_ expected: Int, _ candidates: [[Int]], _ owner: inout [Int?], _ visited: inout [Bool]) -> Bool {
        for call in candidates[expected] where !visited[call] {
            visited[call] = true
            let previous = owner[call]
            if previous.map({ assign($0, candidates, &owner, &visited) }) ?? true {
                owner[call] = expected
                return true
            }
        }
        return false
    }

    /// Why nothing answers an expected call.
    func whyNot(_ index: Int) -> String {
        let expected = parameters.calls[index]
        let place = "expected call \(index + 1), \(quoted(expected.name)), "
        let sameName =
            parameters.order == .strict && !parameters.allowExtra
            ? calls.dropFirst(index).prefix(1).filter { $0.name == expected.name } : calls.filter { $0.name == expected.name }
        guard let call = sameName.first, let wanted = expected.arguments, parameters.arguments != .ignore else {
            if parameters.order == .strict, index < calls.count { return place + "stands against \(quoted(calls[index].name))" }
            return place + "is not there"
        }
        let arguments = call.arguments?.parsedArguments ?? .object([])
        if case .string = arguments { return place + "has arguments that are not JSON: \(quoted(arguments))" }
        var search = JSONDifferenceSearch(allowsMore: parameters.arguments == .subset)
        search.compare(arguments, wanted, path: "$")
        guard let first = search.found.first else { return place + "stands in another place" }
        return place + "has other arguments at \(first.path): \(first.message)"
    }
}
