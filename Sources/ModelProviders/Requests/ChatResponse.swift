/// A model's answer in the shape that is common to all providers.

import GenAIConventions

package struct ChatResponse: Sendable, Hashable {
    /// Empty when the model only called tools, or refused.
    package var text = ""
    /// What the provider shows of the model's reasoning.
    package var reasoning = ""
    /// The model's words when it declined in a field of their own (OpenAI).
    package var refusal: String?
    package var toolCalls: [ToolCall] = []
    package var finishReason = FinishReason.other
    /// The provider's own word for it.
    package var providerFinishReason: String?
    /// The model that answered, as the provider names it.
    package var model: String?
    package var id: String?
    /// Input with cache reads and writes, output with reasoning. Nil when the provider told none.
    package var usage: TokenUsage?
    /// US dollars that the provider says it bills (xAI); to be preferred to a price list.
    package var reportedCost: Double?
    /// From the sending of the successful try to the first text, reasoning or tool call of its stream; nil without a stream.
    package var timeToFirstToken: Duration?
    /// Every try in order, the successful one last.
    package var attempts: [ProviderAttempt] = []

    package init() {}
}

/// Why an answer ended. Raw values are those of OpenTelemetry's `gen_ai.response.finish_reasons`.
package enum FinishReason: String, Sendable, Hashable, CaseIterable {
    /// The model was done, or came to a stop sequence.
    case stop
    /// The limit of output tokens or of the context was reached.
    case length
    case toolCalls = "tool_call"
    /// The provider or the model withheld the answer.
    case contentFilter = "content_filter"
    case other
}

/// A piece of an answer while it comes in.
package enum ChatDelta: Sendable, Hashable {
    case text(String)
    case reasoning(String)
    /// The call at this place of `toolCalls` has begun.
    case toolCall(index: Int, id: String, name: String)
    /// More of its arguments.
    case toolArguments(index: Int, String)
}
