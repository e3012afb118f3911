/// What a stored span says was asked and answered, as the messages of test cases and scorers: the canonical messages
/// (`SpanMessages`) in their smaller form, texts and calls.

import ByteCoding
import GenAIConventions
import TraceModel

package struct SpanConversation: Equatable, Sendable {
    /// In their order, system instructions first.
    package var messages: [PromptMessage] = []
    /// nil: the span tells no output.
    package var text: String?
    package var toolCalls: [ToolCall] = []

    package var hasOutput: Bool { text != nil || !toolCalls.isEmpty }

    package init(_ span: SpanRecord) {
        let said = SpanMessages(span)
        messages = Array(said.input.flatMap { PromptMessage.list($0, fallback: .user) }.prefix(ScoreRuleLimits.maximumMessageCount))
        let output = said.output.flatMap { PromptMessage.list($0, fallback: .assistant) }
        let texts = output.compactMap { $0.content?.text }
        text = texts.isEmpty ? nil : texts.joined(separator: "\n")
        toolCalls = output.flatMap(\.toolCalls)
    }
}
