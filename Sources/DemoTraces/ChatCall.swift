import ByteCoding
import TraceModel

/// One call of a chat model as a span with what OpenTelemetry's GenAI conventions ask for.
struct ChatCall {
    var model: DemoModel
    var promptName: String
    var promptVersion: String
    var sessionID: String
    var input: [JSONValue]
    var output: JSONValue
    /// Whether the request carries the tool definitions, which weigh more than the talk does.
    var hasTools = true
    /// Whether the provider has seen the beginning of the request a moment ago.
    var isCached = false

    /// Tokens of the tool definitions, which stand before everything else and are what gets cached.
    private static let toolDefinitionTokens: Int64 = 1_408

    /// About four bytes of text make a token.
    static func tokens(_ byteCount: Int) -> Int64 { Int64(max(1, byteCount / 4)) }

    func run(below parent: Int, _ trace: inout TraceBuilder) {
        let inputJSON = Messages.json(input), outputJSON = Messages.json([output])
        let toolTokens = hasTools ? Self.toolDefinitionTokens : 0
        let inputTokens = Self.tokens(inputJSON.utf8.count) + toolTokens
        let reasoningTokens = model.reasons ? Int64(64 * (1 + trace.random.below(8))) : 0
        let outputTokens = Self.tokens(outputJSON.utf8.count) + reasoningTokens
        var attributes = [
            KeyValue("gen_ai.operation.name", .string("chat")), KeyValue("gen_ai.provider.name", .string(model.provider)),
            KeyValue("gen_ai.request.model", .string(model.requestModel)), KeyValue("gen_ai.response.model", .string(model.responseModel)),
            KeyValue("gen_ai.response.id", .string("resp_" + trace.random.hexDigits(24))),
            KeyValue("gen_ai.response.finish_reasons", .array([.string(Messages.finishReason(of: output))])),
            KeyValue("gen_ai.conversation.id", .string(sessionID)), KeyValue("gen_ai.prompt.name", .string(promptName)),
            KeyValue("gen_ai.prompt.version", .string(promptVersion)), KeyValue("gen_ai.request.max_tokens", .int(2_048)),
            KeyValue("gen_ai.usage.input_tokens", .int(inputTokens)), KeyValue("gen_ai.usage.output_tokens", .int(outputTokens)),
            KeyValue("server.address", .string(model.host)), KeyValue("server.port", .int(443)),
            KeyValue("gen_ai.input.messages", .string(inputJSON)), KeyValue("gen_ai.output.messages", .string(outputJSON)),
        ]
        if !model.reasons { attributes.append(KeyValue("gen_ai.request.temperature", .double(0.2))) }
        if hasTools, isCached {
            attributes.append(KeyValue("gen_ai.usage.cache_read.input_tokens", .int(toolTokens)))
        } else if hasTools, model.reportsCacheWrites {
            attributes.append(KeyValue("gen_ai.usage.cache_write.input_tokens", .int(toolTokens)))
        }
        if reasoningTokens > 0 { attributes.append(KeyValue("gen_ai.usage.reasoning.output_tokens", .int(reasoningTokens))) }
        let span = trace.open("chat \(model.requestModel)", .client, in: .agent, below: parent, attributes)
        trace.pass(exactly: model.duration(outputTokens: outputTokens, &trace.random))
        trace.close(span)
        trace.pass(3_000_000)
    }
}

/// Messages in the JSON schema of OpenTelemetry's `gen_ai.input.messages` and `gen_ai.output.messages`.
enum Messages {
    static func text(_ role: String, _ content: String) -> JSONValue {
        message(role, [JSONMember(key: "type", value: .string("text")), JSONMember(key: "content", value: .string(content))])
    }

    static func toolCall(_ id: String, _ name: String, _ arguments: JSONValue) -> JSONValue {
        message(
            "assistant",
            [
                JSONMember(key: "type", value: .string("tool_call")), JSONMember(key: "id", value: .string(id)),
                JSONMember(key: "name", value: .string(name)), JSONMember(key: "arguments", value: arguments),
            ])
    }

    static func toolResult(_ id: String, _ response: JSONValue) -> JSONValue {
        message(
            "tool",
            [
                JSONMember(key: "type", value: .string("tool_call_response")), JSONMember(key: "id", value: .string(id)),
                JSONMember(key: "response", value: response),
            ])
    }

    static func json(_ values: [JSONValue]) -> String { String(decoding: JSONValue.array(values).bytes, as: UTF8.self) }

    /// Why the model stopped after this message.
    static func finishReason(of message: JSONValue) -> String {
        let part = message["parts"]?.arrayValue?.last
        return part?["type"]?.stringValue == "tool_call" ? "tool_call" : "stop"
    }

    private static func message(_ role: String, _ part: [JSONMember]) -> JSONValue {
        .object([JSONMember(key: "role", value: .string(role)), JSONMember(key: "parts", value: .array([.object(part)]))])
    }
}
