/// OpenAI's Responses, the request. Nothing is kept at the provider: `store` is false.

import ByteCoding

enum OpenAIResponsesRequest {
    static func encode(_ request: ChatRequest) throws(ProviderError) -> WireRequest {
        let parameters = request.parameters
        try ProviderDialect.openAIResponses.refuse("stop sequences", when: !parameters.stop.isEmpty)
        try ProviderDialect.openAIResponses.refuse("seed", when: parameters.seed != nil)
        let body = JSONValue.members(
            ("model", .string(request.model)),
            ("input", .array(request.messages.flatMap(items))),
            ("store", .bool(false)),
            ("tools", .unlessEmpty(request.tools.map(tool))),
            ("tool_choice", request.toolChoice.map(toolChoice)),
            ("text", format(request.responseFormat).map { .members(("format", $0)) }),
            ("temperature", .double(parameters.temperature)),
            ("top_p", .double(parameters.topP)),
            ("max_output_tokens", .integer(parameters.maximumOutputTokenCount)),
            ("reasoning", parameters.reasoningEffort.map { .members(("effort", .string($0))) }),
            ("stream", request.stream ? .bool(true) : nil))
        return WireRequest(path: "/responses", body: try body.bytes(merging: parameters.extra))
    }

    /// A message, and each tool call and result of it as an item of its own.
    private static func items(_ message: ChatMessage) -> [JSONValue] {
        let textType = message.role == .assistant ? "output_text" : "input_text"
        var content: [JSONValue] = [], others: [JSONValue] = []
        for part in message.parts {
            switch part {
            case .text(let text): content.append(.members(("type", .string(textType)), ("text", .string(text))))
            case .image(let source):
                content.append(
                    .members(("type", .string("input_image")), ("image_url", .string(source.asURL)), ("detail", .string("auto"))))
            case .toolCall(let call):
                others.append(
                    .members(
                        ("type", .string("function_call")), ("call_id", .string(call.id)), ("name", .string(call.name)),
                        ("arguments", .string(call.arguments))))
            case .toolResult(let result):
                others.append(
                    .members(
                        ("type", .string("function_call_output")), ("call_id", .string(result.callID)),
                        ("output", .string(result.content))))
            }
        }
        guard !content.isEmpty else { return others }
        let own = JSONValue.members(("type", .string("message")), ("role", .string(role(message.role))), ("content", .array(content)))
        // The assistant speaks before it calls; a result stands before what the user adds to it.
        return message.role == .assistant ? [own] + others : others + [own]
    }

    private static func role(_ role: ChatRole) -> String { role == .tool ? "user" : role.rawValue }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        .members(
            ("type", .string("function")), ("name", .string(tool.name)), ("description", .string(tool.description)),
            ("parameters", tool.parameters), ("strict", .bool(false)))
    }

    private static func toolChoice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: .string("auto")
        case .none: .string("none")
        case .required: .string("required")
        case .tool(let name): .members(("type", .string("function")), ("name", .string(name)))
        }
    }

    private static func format(_ format: ResponseFormat) -> JSONValue? {
        switch format {
        case .text: nil
        case .json: .members(("type", .string("json_object")))
        case .jsonSchema(let name, let schema, let isStrict):
            .members(("type", .string("json_schema")), ("name", .string(name)), ("schema", schema), ("strict", .bool(isStrict)))
        }
    }
}
