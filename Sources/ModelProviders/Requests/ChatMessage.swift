/// A conversation as every provider has one: who said it, and in which parts.

package enum ChatRole: String, Sendable, Hashable, CaseIterable { case system, user, assistant, tool }

package struct ChatMessage: Sendable, Hashable {
    package var role: ChatRole
    package var parts: [ChatPart]

    package init(_ role: ChatRole, _ parts: [ChatPart]) {
        self.role = role
        self.parts = parts
    }

    package init(_ role: ChatRole, _ text: String) { self.init(role, [.text(text)]) }
}

package enum ChatPart: Sendable, Hashable {
    case text(String)
    case image(ImageSource)
    /// What the model asked for in an earlier turn: in a message of the assistant.
    case toolCall(ToolCall)
    /// What came of it: in a message of the tool.
    case toolResult(ToolResult)
}

package enum ImageSource: Sendable, Hashable {
    /// Where the provider fetches it.
    case url(String)
    /// `data` in base64, of a type such as `image/png`.
    case base64(mediaType: String, data: String)

    /// An address that OpenAI's dialects take.
    var asURL: String {
        switch self {
        case .url(let url): url
        case .base64(let mediaType, let data): "data:\(mediaType);base64,\(data)"
        }
    }
}

package struct ToolCall: Sendable, Hashable {
    /// By which the result refers to it. Where a provider gives none (Gemini may), `call_N` with its place in the answer.
    package var id: String
    package var name: String
    /// JSON text as the model wrote it: usually an object, not always well-formed.
    package var arguments: String
    /// What the provider wants back together with the call (Gemini's thought signature).
    package var signature: String?

    package init(id: String, name: String, arguments: String, signature: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.signature = signature
    }
}

package struct ToolResult: Sendable, Hashable {
    package var callID: String
    /// The tool's name, which Gemini wants; nil: that of the call with this id earlier in the conversation.
    package var name: String?
    package var content: String
    package var isError: Bool

    package init(callID: String, name: String? = nil, content: String, isError: Bool = false) {
        self.callID = callID
        self.name = name
        self.content = content
        self.isError = isError
    }
}
