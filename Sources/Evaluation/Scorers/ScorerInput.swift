import EvaluationModel

/// What a target answered, as scorers see it. What the target does not tell is nil: scorers that need it then have an error.
package struct CaseOutput: Equatable, Sendable {
    package var text: String
    package var toolCalls: [ToolCall]
    /// From the request to the end of the answer.
    package var latencyMilliseconds: Double?
    package var inputTokenCount: Int?
    package var outputTokenCount: Int?
    /// US dollars.
    package var cost: Double?

    package init(
        text: String, toolCalls: [ToolCall] = [], latencyMilliseconds: Double? = nil, inputTokenCount: Int? = nil,
        outputTokenCount: Int? = nil, cost: Double? = nil
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.latencyMilliseconds = latencyMilliseconds
        self.inputTokenCount = inputTokenCount
        self.outputTokenCount = outputTokenCount
        self.cost = cost
    }
}

/// One output and all it may be compared with.
package struct ScorerInput: Equatable, Sendable {
    package var content: TestCaseContent
    package var output: CaseOutput
    /// What the target was sent, for judges; nil: the case's own input is shown to them.
    package var prompt: [PromptMessage]?
    /// The counted output of the baseline run for the same case and repetition.
    package var baseline: CaseOutput?

    package init(content: TestCaseContent, output: CaseOutput, prompt: [PromptMessage]? = nil, baseline: CaseOutput? = nil) {
        self.content = content
        self.output = output
        self.prompt = prompt
        self.baseline = baseline
    }
}
