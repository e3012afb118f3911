/// Who answers, and in which protocol: providers, dialects, and what each provider speaks unless told otherwise.

/// Raw values as they stand in the API and in the database.
package enum Provider: String, Sendable, Hashable, CaseIterable {
    case openAI = "openai"
    case anthropic
    case gemini
    case xAI = "xai"
    /// Any server that speaks one of OpenAI's dialects; needs a base URL.
    case openAICompatible = "openai_compatible"

    package var defaultDialect: ProviderDialect {
        switch self {
        // xAI calls its chat completions a legacy of the Responses dialect, but serves both; compatible servers have chat.
        case .openAI, .xAI, .openAICompatible: .openAIChat
        case .anthropic: .anthropic
        case .gemini: .gemini
        }
    }

    package var dialects: Set<ProviderDialect> {
        switch self {
        case .openAI, .xAI, .openAICompatible: [.openAIChat, .openAIResponses]
        case .anthropic: [.anthropic]
        case .gemini: [.gemini]
        }
    }

    /// Nil where there is none to assume. With the version where the provider's own SDK has it in its base URL.
    package var defaultBaseURL: String? {
        switch self {
        case .openAI: "https://api.openai.com/v1"
        case .anthropic: "https://api.anthropic.com"
        case .gemini: "https://generativelanguage.googleapis.com"
        case .xAI: "https://api.x.ai/v1"
        case .openAICompatible: nil
        }
    }

    /// OpenTelemetry's `gen_ai.provider.name`, and a name of our own where it has none: a compatible server's prices are not OpenAI's.
    package var telemetryName: String {
        switch self {
        case .openAI, .openAICompatible, .anthropic: rawValue
        case .gemini: "gcp.gemini"
        case .xAI: "x_ai"
        }
    }
}

/// A protocol of chat calls. Raw values as they stand in the API and in the database.
package enum ProviderDialect: String, Sendable, Hashable, CaseIterable {
    case openAIChat = "openai_chat"
    case openAIResponses = "openai_responses"
    case anthropic
    case gemini
}
