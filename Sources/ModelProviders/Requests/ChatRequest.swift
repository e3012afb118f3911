/// One question to a model in the shape that is common to all providers; the dialects say it in each provider's words.

import ByteCoding

package struct ChatRequest: Sendable, Equatable {
    package var model: String
    package var messages: [ChatMessage]
    package var tools: [ToolDefinition] = []
    /// Nil: the provider's default, which is `auto` when there are tools.
    package var toolChoice: ToolChoice?
    package var responseFormat = ResponseFormat.text
    package var parameters = ChatParameters()
    /// Whether the answer is asked for as a stream of events.
    package var stream = false

    package init(model: String, messages: [ChatMessage]) {
        self.model = model
        self.messages = messages
    }

    /// Tokens that the call may need, input and output: for a rate budget, before the provider counts them.
    package var estimatedTokenCount: Int {
        var byteCount = 0
        var imageCount = 0
        for part in messages.lazy.flatMap(\.parts) {
            switch part {
            case .text(let text): byteCount += text.utf8.count
            case .image: imageCount += 1
            case .toolCall(let call): byteCount += call.name.utf8.count + call.arguments.utf8.count
            case .toolResult(let result): byteCount += result.content.utf8.count
            }
        }
        return byteCount / ModelProvidersLimits.estimatedBytesPerToken + imageCount * ModelProvidersLimits.estimatedImageTokenCount
            + (parameters.maximumOutputTokenCount ?? ModelProvidersLimits.estimatedOutputTokenCount)
    }
}

/// Nil: the provider's default. A parameter that a dialect does not have is refused, never dropped in silence.
package struct ChatParameters: Sendable, Equatable {
    package var temperature: Double?
    package var topP: Double?
    package var maximumOutputTokenCount: Int?
    package var stop: [String] = []
    package var seed: Int64?
    /// As the provider spells it: `low`, `medium`, `high` and others.
    package var reasoningEffort: String?
    /// Further members of the request's body, laid over it as a JSON merge patch (RFC 7396): objects are merged, null takes a
    /// member out, everything else replaces what stands there.
    package var extra = JSONValue.object([])

    package init() {}
}

package struct ToolDefinition: Sendable, Equatable {
    package var name: String
    package var description: String?
    /// A JSON Schema of an object.
    package var parameters: JSONValue

    package init(name: String, description: String? = nil, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

package enum ToolChoice: Sendable, Hashable {
    case auto
    case none
    /// Some tool, whichever.
    case required
    case tool(String)
}

package enum ResponseFormat: Sendable, Equatable {
    case text
    /// A JSON object of any shape.
    case json
    /// `isStrict`: the provider holds the model to the schema, and takes only the schemas it can do so for.
    case jsonSchema(name: String, schema: JSONValue, isStrict: Bool)
}
