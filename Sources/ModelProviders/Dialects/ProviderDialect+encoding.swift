/// Requests said in a dialect: which encoding, and what is common to them.

import ByteCoding

extension ProviderDialect {
    /// What to send.
    ///
    /// - Parameter provider: providers of one dialect differ in few members.
    /// Errors: `invalid` for what the dialect cannot say; nothing is dropped in silence.
    package func wireRequest(for request: ChatRequest, provider: Provider) throws(ProviderError) -> WireRequest {
        guard !request.messages.isEmpty else { throw ProviderError(.invalid, "there are no messages") }
        guard !request.model.isEmpty else { throw ProviderError(.invalid, "there is no model") }
        switch self {
        case .openAIChat: return try OpenAIChatRequest.encode(request, provider: provider)
        case .openAIResponses: return try OpenAIResponsesRequest.encode(request)
        case .anthropic: return try AnthropicRequest.encode(request)
        case .gemini: return try GeminiRequest.encode(request)
        }
    }

    /// Errors: `invalid` where there are no embeddings, or nothing to embed.
    package func wireRequest(for request: EmbeddingRequest) throws(ProviderError) -> WireRequest {
        guard !request.inputs.isEmpty else { throw ProviderError(.invalid, "there is nothing to embed") }
        switch self {
        case .openAIChat, .openAIResponses: return try OpenAIEmbeddings.encode(request)
        case .gemini: return try GeminiEmbeddings.encode(request)
        case .anthropic: throw ProviderError(.invalid, "anthropic has no embeddings; take another provider for them")
        }
    }

    /// Refuses what a dialect does not have.
    func refuse(_ name: String, when isPresent: Bool) throws(ProviderError) {
        if isPresent { throw ProviderError(.invalid, "the dialect \(rawValue) has no \(name)") }
    }
}

extension ToolCall {
    /// The arguments as the object that Anthropic and Gemini want. Errors: `invalid` when they are none.
    func argumentsObject() throws(ProviderError) -> JSONValue {
        if arguments.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0a }) { return .object([]) }
        guard let value = try? JSONValue.parse(arguments), case .object = value else {
            throw ProviderError(.invalid, "the arguments of an earlier tool call are not a JSON object")
        }
        return value
    }
}

/// Neighbouring messages that a dialect sees as one speaker's: results of parallel tool calls must come back in one turn.
struct ChatTurn {
    var role: ChatRole
    var parts: [ChatPart]

    /// Without the system's messages; the tool's become the user's.
    static func turns(of messages: [ChatMessage]) -> [ChatTurn] {
        var turns: [ChatTurn] = []
        for message in messages where message.role != .system {
            let role = message.role == .tool ? .user : message.role
            if let last = turns.indices.last, turns[last].role == role {
                turns[last].parts += message.parts
            } else {
                turns.append(ChatTurn(role: role, parts: message.parts))
            }
        }
        return turns
    }

    /// The system's words, one text per part, for dialects that have them apart from the conversation. Errors: `invalid` for
    /// anything but text.
    static func systemTexts(of messages: [ChatMessage]) throws(ProviderError) -> [String] {
        var texts: [String] = []
        for part in messages.lazy.filter({ $0.role == .system }).flatMap(\.parts) {
            guard case .text(let text) = part else { throw ProviderError(.invalid, "a system message holds something other than text") }
            texts.append(text)
        }
        return texts
    }
}
