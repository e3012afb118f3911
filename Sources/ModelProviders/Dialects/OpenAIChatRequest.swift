/// OpenAI's chat completions, the request: also xAI's, and that of most compatible servers.

import ByteCoding

enum OpenAIChatRequest {
    static func encode(_ request: ChatRequest, provider: Provider) throws(ProviderError) -> WireRequest {
        let parameters = request.parameters
        // Compatible servers know the old name, and some of them no other.
        let limitName = provider == .openAICompatible ? "max_tokens" : "max_completion_tokens"
        let body = JSONValue.members(
            ("model", .string(request.model)),
            ("messages", .array(request.messages.flatMap(messages))),
            ("tools", .unlessEmpty(request.tools.map(tool))),
            ("tool_choice", request.toolChoice.map(toolChoice)),
            ("response_format", responseFormat(request.responseFormat)),
            ("temperature", .double(parameters.temperature)),
            ("top_p", .double(parameters.topP)),
            (limitName, .integer(parameters.maximumOutputTokenCount)),
            ("stop", .unlessEmpty(parameters.stop.map { .string($0) })),
            ("seed", parameters.seed.map { .integer($0) }),
            ("reasoning_effort", .string(parameters.reasoningEffort)),
            ("stream", request.stream ? .bool(true) : nil),
            // Without it a stream tells no usage.
            ("stream_options", request.stream ? .members(("include_usage", .bool(true))) : nil))
        return WireRequest(path: "/chat/completions", body: try body.bytes(merging: parameters.extra))
    }

    /// One message, with each tool result as a message of its own.
    private static func messages(_ message: ChatMessage) -> [JSONValue] {
        var content: [JSONValue] = [], calls: [JSONValue] = [], results: [JSONValue] = []
        for part in message.parts {
            switch part {
            case .text(let text): content.append(.members(("type", .string("text")), ("text", .string(text))))
            case .image(let source):
                content.append(.members(("type", .string("image_url")), ("image_url", .members(("url", .string(source.asURL))))))
            case .toolCall(let call):
                let function = JSONValue.members(("name", .string(call.name)), ("arguments", .string(call.arguments)))
                calls.append(.members(("id", .string(call.id)), ("type", .string("function")), ("function", function)))
            case .toolResult(let result):
                results.append(
                    .members(
                        ("role", .string("tool")), ("tool_call_id", .string(result.callID)), ("content", .string(result.content))))
            }
        }
        guard !content.isEmpty || !calls.isEmpty else { return results }
        let own = JSONValue.members(
            ("role", .string(message.role.rawValue)),
            ("content", content.isEmpty ? .some(.null) : plain(content)),
            ("tool_calls", .unlessEmpty(calls)))
        return results + [own]
    }

    /// A lone text as a string, which every server takes.
    private static func plain(_ content: [JSONValue]) -> JSONValue {
        if content.count == 1, let text = content[0]["text"] { return text }
        return .array(content)
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        .members(
            ("type", .string("function")),
            (
                "function",
                .members(("name", .string(tool.name)), ("description", .string(tool.description)), ("parameters", tool.parameters))
            ))
    }

    private static func toolChoice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: .string("auto")
        case .none: .string("none")
        case .required: .string("required")
        case .tool(let name): .members(("type", .string("function")), ("function", .members(("name", .string(name)))))
        }
    }

    private static func responseFormat(_ format: ResponseFormat) -> JSONValue? {
        switch format {
        case .text: nil
        case .json: .members(("type", .string("json_object")))
        case .jsonSchema(let name, let schema, let isStrict):
            .members(
                ("type", .string("json_schema")),
                ("json_schema", .members(("name", .string(name)), ("schema", schema), ("strict", .bool(isStrict)))))
        }
    }
}
