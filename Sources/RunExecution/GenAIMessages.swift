/// Messages in the form of OpenTelemetry's GenAI conventions: what `gen_ai.input.messages` and `gen_ai.output.messages` hold.

import ByteCoding
import EvaluationModel

enum GenAIMessages {
    static func input(_ prompt: [PromptMessage]) -> String {
        text(
            .array(
                prompt.map { message in
                    var parts: [JSONValue] = []
                    if let content = message.content?.text, !content.isEmpty { parts.append(part("text", "content", .string(content))) }
                    parts += message.toolCalls.map(toolCall)
                    return .object([
                        JSONMember(key: "role", value: .string(message.role.rawValue)), JSONMember(key: "parts", value: .array(parts)),
                    ])
                }))
    }

    static func output(text said: String, toolCalls: [EvaluationModel.ToolCall], finishReason: String?) -> String {
        var parts: [JSONValue] = said.isEmpty ? [] : [part("text", "content", .string(said))]
        parts += toolCalls.map(toolCall)
        return text(
            .array([
                .object([
                    JSONMember(key: "role", value: .string("assistant")), JSONMember(key: "parts", value: .array(parts)),
                    JSONMember(key: "finish_reason", value: .string(finishReason ?? "stop")),
                ])
            ]))
    }

    private static func part(_ type: String, _ key: String, _ value: JSONValue) -> JSONValue {
        .object([JSONMember(key: "type", value: .string(type)), JSONMember(key: key, value: value)])
    }

    private static func toolCall(_ call: EvaluationModel.ToolCall) -> JSONValue {
        var members = [JSONMember(key: "type", value: .string("tool_call"))]
        if let id = call.id { members.append(JSONMember(key: "id", value: .string(id))) }
        members.append(JSONMember(key: "name", value: .string(call.name)))
        if let arguments = call.arguments { members.append(JSONMember(key: "arguments", value: arguments)) }
        return .object(members)
    }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }
}
