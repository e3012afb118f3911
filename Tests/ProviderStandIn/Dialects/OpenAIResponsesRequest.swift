/// Reads and checks the body of `POST /v1/responses`.

import ByteCoding

enum OpenAIResponsesRequest {
    private static let known: Set<String> = [
        "access_programs", "background", "context_management", "conversation", "image", "include", "input", "instructions",
        "max_output_tokens", "max_tool_calls", "metadata", "model", "moderation", "parallel_tool_calls", "previous_response_id", "prompt",
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store",
        "stream", "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    ]

    static func read(_ fields: RequestFields) throws -> ChatRequest {
        try fields.onlyKnown(known)
        var request = ChatRequest(modelName: try fields.requiredString("model"))
        if let instructions = try fields.string("instructions") { request.add(role: .system, text: instructions) }
        let input = try fields.require("input")
        if let text = input.stringValue {
            request.add(role: .user, text: text)
        } else {
            for (index, item) in try fields.requiredArray("input").enumerated() {
                try read(RequestFields(item, path: "input[\(index)]", dialect: fields.dialect), into: &request)
            }
        }
        if let previous = try fields.string("previous_response_id") {
            // Nothing is kept between calls.
            throw Refusal(
                400, "Previous response with id '\(previous)' not found.", parameter: "previous_response_id",
                code: "previous_response_not_found")
        }
        if try fields.bool("background") == true {
            throw Refusal.invalid("Background mode is not supported with this model.", at: "background")
        }
        let temperature = try fields.number("temperature", in: 0...2)
        try fields.number("top_p", in: 0...1)
        if let temperature, temperature != 1, OpenAIModels.isReasoning(request.model) {
            throw Refusal.invalid(
                "Unsupported parameter: 'temperature' is not supported with this model.", at: "temperature", code: "unsupported_parameter")
        }
        try fields.object("reasoning")?.choice("effort", ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
        request.maximumTokenCount = try fields.integer("max_output_tokens", in: 16...10_000_000)
        request.isStreaming = try fields.bool("stream") ?? false
        try OpenAITools.read(fields, isNested: false, into: &request)
        if let format = try fields.object("text")?.object("format") {
            try OpenAIChatRequest.readFormat(format, schemaAt: nil, into: &request)
        }
        return request
    }

    private static func read(_ item: RequestFields, into request: inout ChatRequest) throws {
        switch try item.string("type") ?? "message" {
        case "message":
            _ = try item.require("role")
            let role = try item.choice("role", ["user", "assistant", "system", "developer"])
            let text = try text(item.require("content"), of: item)
            request.add(role: role == "user" ? .user : role == "assistant" ? .assistant : .system, text: text)
        case "function_call":
            _ = try item.requiredString("call_id")
            _ = try item.requiredString("name")
            request.add(role: .assistant, text: try item.string("arguments") ?? "")
            request.callIDs.insert(try item.requiredString("call_id"))
        case "function_call_output":
            let id = try item.requiredString("call_id")
            guard request.callIDs.contains(id) else {
                throw Refusal.invalid("No tool call found for function call output with call_id \(id).", at: "input")
            }
            request.add(role: .tool, text: try text(item.require("output"), of: item))
        case "reasoning", "item_reference", "custom_tool_call", "custom_tool_call_output", "compaction": break
        case let type: throw Refusal.invalid("Invalid value: '\(type)'.", at: item.place("type"), code: "invalid_value")
        }
    }

    private static func text(_ content: JSONValue, of item: RequestFields) throws -> String {
        if let text = content.stringValue { return text }
        guard let parts = content.arrayValue else { throw item.wrongKind("content", "a string or an array of parts") }
        return try parts.enumerated().compactMap { index, part in
            let part = try RequestFields(part, path: item.place("content[\(index)]"), dialect: item.dialect)
            _ = try part.require("type")
            switch try part.choice("type", ["input_text", "output_text", "input_image", "input_file", "refusal", "summary_text"]) {
            case "input_text", "output_text": return try part.string("text")
            default: return nil
            }
        }.joined(separator: "\n")
    }
}
