import TraceModel

/// The columns of `LLMFields` that attributes fill, by the names queries use. `cost` is not among them: it is computed.
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
    case reportedCost
    case sessionID
    case userID
    case promptName
    case promptVersion
    case toolName
    case errorType
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
        case .reportedCost: "reported_cost"
        case .sessionID: "session_id"
        case .userID: "user_id"
        case .promptName: "prompt_name"
        case .promptVersion: "prompt_version"
        case .toolName: "tool_name"
        case .errorType: "error_type"
        case .tags: "tags"
        }
    }
}
