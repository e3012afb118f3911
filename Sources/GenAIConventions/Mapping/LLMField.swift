import TraceModel

/// The columns of `LLMFields` that attributes fill, by the names queries use; and those that only tell what
/// the others hold. `cost` is not among them: it is computed.
package enum LLMField: UInt8, CaseIterable, Sendable {
    case kind
    case provider
    case requestModel
    case responseModel
    case input
    case output
    case inputTokens
    case outputTokens
    case cacheReadTokens
    case cacheWriteTokens
    case reasoningTokens
    /// The sum a sender reports beside input and output. No column: it tells what the two hold (`UsageNormalization`).
    case reportedTotal
    /// The input as the AI SDK counted it, which its OpenTelemetry names repeat. No column: it tells whose number that is.
    case passedOnInput
    /// Likewise the output.
    case passedOnOutput
    /// The input as the provider counted it, without cache (Anthropic). No column: it tells what the sent one holds.
    case providerInput
    /// Parts of the counts that have prices of their own. No columns: `UsageDetails`.
    case cacheWrite1hTokens
    case audioInputTokens
    case audioCacheReadTokens
    case audioOutputTokens
    case imageInputTokens
    case imageCacheReadTokens
    case imageOutputTokens
    /// How the provider served the call. No column.
    case serviceTier
    case reportedCost
    case sessionID
    case userID
    case promptName
    case promptVersion
    case toolName
    case errorType
    /// The provider's id of its answer: tells spans that report one call twice. No column.
    case responseID
    case tags

    /// The name in queries and documents.
    package var name: String {
        switch self {
        case .kind: "kind"
        case .provider: "provider"
        case .requestModel: "request_model"
        case .responseModel: "response_model"
        case .input: "input"
        case .output: "output"
        case .inputTokens: "input_tokens"
        case .outputTokens: "output_tokens"
        case .cacheReadTokens: "cache_read_tokens"
        case .cacheWriteTokens: "cache_write_tokens"
        case .reasoningTokens: "reasoning_tokens"
        case .reportedTotal: "(reported total)"
        case .passedOnInput: "(AI SDK's input)"
        case .passedOnOutput: "(AI SDK's output)"
        case .providerInput: "(provider's input)"
        case .cacheWrite1hTokens: "(cache writes for 1 h)"
        case .audioInputTokens: "(audio input)"
        case .audioCacheReadTokens: "(audio cache reads)"
        case .audioOutputTokens: "(audio output)"
        case .imageInputTokens: "(image input)"
        case .imageCacheReadTokens: "(image cache reads)"
        case .imageOutputTokens: "(image output)"
        case .serviceTier: "(service tier)"
        case .reportedCost: "reported_cost"
        case .sessionID: "session_id"
        case .userID: "user_id"
        case .promptName: "prompt_name"
        case .promptVersion: "prompt_version"
        case .toolName: "tool_name"
        case .errorType: "error_type"
        case .responseID: "(response id)"
        case .tags: "tags"
        }
    }

    /// Whether spans have it as a column.
    package var isStored: Bool {
        switch self {
        case .reportedTotal, .passedOnInput, .passedOnOutput, .providerInput, .responseID, .cacheWrite1hTokens, .audioInputTokens,
            .audioCacheReadTokens, .audioOutputTokens, .imageInputTokens, .imageCacheReadTokens, .imageOutputTokens, .serviceTier:
            false
        default: true
        }
    }
}
