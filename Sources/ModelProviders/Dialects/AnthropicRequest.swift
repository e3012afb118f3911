/// Anthropic's Messages, the request.

import ByteCoding
import CurlClient

enum AnthropicRequest {
    /// The version that still takes sampling parameters, with the key in `x-api-key`, as it was documented.
    static let samplingVersion = "2023-06-01"
    /// Refuses `temperature`, `top_p` and `top_k`; the official SDKs send it with the key as a bearer token.
    static let newestVersion = "2026-10-21"

    static func encode(_ request: ChatRequest) throws(ProviderError) -> WireRequest {
        let parameters = request.parameters
        try ProviderDialect.anthropic.refuse("seed", when: parameters.seed != nil)
        try ProviderDialect.anthropic.refuse("JSON format without a schema", when: request.responseFormat == .json)
        var format: JSONValue?
        if case .jsonSchema(_, let schema, _) = request.responseFormat {
            format = .members(("type", .string("json_schema")), ("schema", schema))
        }
        let system = try ChatTurn.systemTexts(of: request.messages)
        let body = JSONValue.members(
            ("model", .string(request.model)),
            ("max_tokens", .integer(parameters.maximumOutputTokenCount ?? ModelProvidersLimits.anthropicOutputTokenCount)),
            ("system", system.isEmpty ? nil : .string(system.joined(separator: "\n\n"))),
            ("messages", .array(try messages(request.messages))),
            ("tools", .unlessEmpty(request.tools.map(tool))),
            ("tool_choice", request.toolChoice.map(toolChoice)),
            ("temperature", .double(parameters.temperature)),
            ("top_p", .double(parameters.topP)),
            ("stop_sequences", .unlessEmpty(parameters.stop.map { .string($0) })),
            (
                "output_config",
                format == nil && parameters.reasoningEffort == nil
                    ? nil : .members(("effort", .string(parameters.reasoningEffort)), ("format", format))
            ),
            ("stream", request.stream ? .bool(true) : nil))
        let samples =
            [JSONValue.double(parameters.temperature), .double(parameters.topP)].contains { $0 != nil }
            || ["temperature", "top_p", "top_k"].contains { parameters.extra[$0].map { !$0.isNull } ?? false }
        return WireRequest(
            path: "/messages", version: "v1", headers: ["anthropic-version": samples ? samplingVersion : newestVersion],
            keyHeader: samples ? .anthropic : .bearer, body: try body.bytes(merging: parameters.extra))
    }

    private static func messages(_ messages: [ChatMessage]) throws(ProviderError) -> [JSONValue] {
        var turns: [JSONValue] = []
        for turn in ChatTurn.turns(of: messages) {
            var blocks: [JSONValue] = []
            for part in turn.parts { blocks.append(try block(part)) }
            turns.append(.members(("role", .string(turn.role.rawValue)), ("content", .array(blocks))))
        }
        return turns
    }

    private static func block(_ part: ChatPart) throws(ProviderError) -> JSONValue {
        switch part {
        case .text(let text): return .members(("type", .string("text")), ("text", .string(text)))
        case .image(.url(let url)):
            return .members(("type", .string("image")), ("source", .members(("type", .string("url")), ("url", .string(url)))))
        case .image(.base64(let mediaType, let data)):
            let source = JSONValue.members(("type", .string("base64")), ("media_type", .string(mediaType)), ("data", .string(data)))
            return .members(("type", .string("image")), ("source", source))
        case .toolCall(let call):
            return .members(
                ("type", .string("tool_use")), ("id", .string(call.id)), ("name", .string(call.name)),
                ("input", try call.argumentsObject()))
        case .toolResult(let result):
            return .members(
                ("type", .string("tool_result")), ("tool_use_id", .string(result.callID)), ("content", .string(result.content)),
                ("is_error", result.isError ? .bool(true) : nil))
        }
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        .members(("name", .string(tool.name)), ("description", .string(tool.description)), ("input_schema", tool.parameters))
    }

    private static func toolChoice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: .members(("type", .string("auto")))
        case .none: .members(("type", .string("none")))
        case .required: .members(("type", .string("any")))
        case .tool(let name): .members(("type", .string("tool")), ("name", .string(name)))
        }
    }
}
