/// Whose words are spoken, and which path asks for what. Each provider has its own paths under its own name (`/anthropic/v1/messages`), for
/// base URLs that must tell them apart; without the name the path tells.

import NIOHTTP1

enum Dialect: String, CaseIterable {
    case openAI = "openai"
    case xAI = "xai"
    /// A server that imitates OpenAI's chat completions: no key needed, no details in its usage, nothing else.
    case compatible
    case anthropic
    case gemini

    var isOpenAIShaped: Bool { [.openAI, .xAI, .compatible].contains(self) }
}

enum Operation: Equatable {
    case chatCompletions, responses, embeddings
    case messages, countTokens
    case generateContent(model: String)
    /// `isEvents`: `alt=sse`; else the stream is one JSON array.
    case streamGenerateContent(model: String, isEvents: Bool)
    case embedContent(model: String), batchEmbedContents(model: String), geminiCountTokens(model: String)
    case models
    case model(String)
}

struct Endpoint: Equatable {
    let dialect: Dialect
    let operation: Operation

    init(_ dialect: Dialect, _ operation: Operation) {
        self.dialect = dialect
        self.operation = operation
    }

    /// Nil for a path or method that no provider has.
    init?(_ call: HTTPCall) {
        var segments = call.path.split(separator: "/").map(String.init)[...]
        let named = segments.first.flatMap(Dialect.init)
        if named != nil { segments = segments.dropFirst() }
        guard let version = segments.popFirst(), version == "v1" || version == "v1beta" else { return nil }
        let rest = segments.joined(separator: "/")
        let isGeminis = version == "v1beta" || named == .gemini || call.header("x-goog-api-key") != nil || call.query["key"] != nil
        let unnamed: Dialect = isGeminis ? .gemini : call.header("anthropic-version") != nil ? .anthropic : .openAI
        switch (call.method, rest) {
        case (.POST, "chat/completions"): self.init(named ?? .openAI, .chatCompletions)
        case (.POST, "responses"): self.init(named ?? .openAI, .responses)
        case (.POST, "embeddings"): self.init(named ?? .openAI, .embeddings)
        case (.POST, "messages"): self.init(named ?? .anthropic, .messages)
        case (.POST, "messages/count_tokens"): self.init(named ?? .anthropic, .countTokens)
        case (.GET, "models"): self.init(named ?? unnamed, .models)
        case (.GET, _) where rest.hasPrefix("models/"): self.init(named ?? unnamed, .model(String(rest.dropFirst(7))))
        case (.POST, _) where rest.hasPrefix("models/"):
            guard let colon = rest.lastIndex(of: ":") else { return nil }
            let model = String(rest[..<colon].dropFirst(7))
            switch rest[rest.index(after: colon)...] {
            case "generateContent": self.init(.gemini, .generateContent(model: model))
            case "streamGenerateContent":
                self.init(.gemini, .streamGenerateContent(model: model, isEvents: call.query["alt"] == "sse"))
            case "embedContent": self.init(.gemini, .embedContent(model: model))
            case "batchEmbedContents": self.init(.gemini, .batchEmbedContents(model: model))
            case "countTokens": self.init(.gemini, .geminiCountTokens(model: model))
            default: return nil
            }
        default: return nil
        }
        guard isSpoken else { return nil }
    }

    /// Whether this provider has the operation.
    private var isSpoken: Bool {
        switch operation {
        case .chatCompletions: dialect.isOpenAIShaped
        case .responses: dialect == .openAI || dialect == .xAI
        case .embeddings: dialect.isOpenAIShaped
        case .messages, .countTokens: dialect == .anthropic
        case .models, .model: true
        default: dialect == .gemini
        }
    }
}
