/// Reads and checks the body of `POST /v1/chat/completions`.

import ByteCoding

enum OpenAIChatRequest {
    private static let known: Set<String> = [
        "messages", "model", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
        "max_tokens", "metadata", "modalities", "moderation", "n", "parallel_tool_calls", "prediction", "presence_penalty",
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier",
        "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs",
        "top_p", "user", "verbosity", "web_search_options",
    ]
    private static let ofXAI: Set<String> = ["search_parameters", "deferred"]
    private static let maximumTokens: ClosedRange<Int64> = 1...10_000_000

    static func read(_ fields: RequestFields) throws -> ChatRequest {
        try fields.onlyKnown(fields.dialect == .xAI ? known.union(ofXAI) : known)
        var request = ChatRequest(modelName: try fields.requiredString("model"))
        for (index, message) in try fields.requiredArray("messages").enumerated() {
            try read(RequestFields(message, path: "messages[\(index)]", dialect: fields.dialect), into: &request)
        }
        try readSampling(fields, &request)
        let limit = try fields.integer("max_completion_tokens", in: maximumTokens)
        request.maximumTokenCount = try limit ?? fields.integer("max_tokens", in: maximumTokens)
        request.choiceCount = try fields.integer("n", in: 1...128) ?? 1
        request.isStreaming = try fields.bool("stream") ?? false
        request.includesUsage = false
        if let options = try fields.object("stream_options") {
            guard request.isStreaming else {
                throw Refusal.invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", at: "stream_options")
            }
            try options.onlyKnown(["include_usage", "include_obfuscation"])
            request.includesUsage = try options.bool("include_usage") ?? false
        }
        try OpenAITools.read(fields, isNested: true, into: &request)
        if let format = try fields.object("response_format") {
            try readFormat(format, schemaAt: "json_schema", into: &request)
        }
        return request
    }

    /// `response_format`, and the responses API's `text.format`, whose schema stands one level higher.
    static func readFormat(_ format: RequestFields, schemaAt nested: String?, into request: inout ChatRequest) throws {
        _ = try format.require("type")
        switch try format.choice("type", ["text", "json_object", "json_schema"]) {
        case "json_object": request.wantsJSON = true
        case "json_schema":
            request.wantsJSON = true
            var holder = format
            if let nested { holder = try RequestFields(format.require(nested), path: format.place(nested), dialect: format.dialect) }
            _ = try holder.requiredString("name")
            request.answerSchema = holder["schema"]
        default: break
        }
    }

    private static func readSampling(_ fields: RequestFields, _ request: inout ChatRequest) throws {
        let temperature = try fields.number("temperature", in: 0...2)
        try fields.number("top_p", in: 0...1)
        try fields.number("presence_penalty", in: -2...2)
        try fields.number("frequency_penalty", in: -2...2)
        request.stopSequences = try fields.strings("stop", maximumCount: 4)
        if fields.dialect == .openAI, OpenAIModels.isReasoning(request.model) {
            if let temperature, temperature != 1 { throw unsupported("temperature", "Only the default (1) value is supported.") }
            if fields["max_tokens"] != nil { throw unsupported("max_tokens", "Use 'max_completion_tokens' instead.") }
        }
        if fields.dialect == .xAI, XAIModels.isReasoning(request.model) {
            for name in ["presence_penalty", "frequency_penalty", "stop"] where fields[name] != nil {
                throw Refusal.invalid("Argument not supported on this model: \(name)", at: name)
            }
        }
    }

    private static func unsupported(_ name: String, _ advice: String) -> Refusal {
        .invalid("Unsupported parameter: '\(name)' is not supported with this model. \(advice)", at: name, code: "unsupported_parameter")
    }

    private static func read(_ message: RequestFields, into request: inout ChatRequest) throws {
        _ = try message.require("role")
        let roles = ["system", "user", "assistant", "tool", "function"] + (message.dialect == .compatible ? [] : ["developer"])
        let role = try message.choice("role", roles) ?? ""
        let text = try message["content"].map { try self.text($0, of: message) }
        switch role {
        case "tool":
            _ = try message.requiredString("tool_call_id")
            guard request.isBehindToolCall else {
                throw Refusal.invalid(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                    at: message.place("role"))
            }
            request.add(role: .tool, text: text ?? "")
        case "assistant":
            guard text != nil || message["tool_calls"] != nil || message["refusal"] != nil || message["audio"] != nil else {
                throw Refusal.invalid("Invalid value for 'content': expected a string, got null.", at: message.place("content"))
            }
            for (index, call) in (try message.array("tool_calls") ?? []).enumerated() {
                let call = try RequestFields(call, path: message.place("tool_calls[\(index)]"), dialect: message.dialect)
                _ = try call.requiredString("id")
                if let function = try call.object("function") { _ = try function.requiredString("name") }
            }
            request.add(role: .assistant, text: text ?? "")
            request.isBehindToolCall = message["tool_calls"] != nil
            return
        default:
            guard let text else { throw message.wrongKind("content", "a string or an array of parts") }
            request.add(role: role == "user" ? .user : role == "function" ? .tool : .system, text: text)
        }
        if role != "tool" { request.isBehindToolCall = false }
    }

    private static func text(_ content: JSONValue, of message: RequestFields) throws -> String {
        if let text = content.stringValue { return text }
        guard let parts = content.arrayValue, !parts.isEmpty else { throw message.wrongKind("content", "a string or an array of parts") }
        return try parts.enumerated().compactMap { index, part -> String? in
            let part = try RequestFields(part, path: message.place("content[\(index)]"), dialect: message.dialect)
            _ = try part.require("type")
            switch try part.choice("type", ["text", "image_url", "input_audio", "file", "refusal"]) {
            case "text": return try part.string("text") ?? ""
            case "image_url":
                _ = try part.object("image_url")?.requiredString("url")
                return nil
            default: return nil
            }
        }.joined(separator: "\n")
    }
}

enum OpenAIModels {
    static func isReasoning(_ model: String) -> Bool { ["o1", "o3", "o4", "gpt-5"].contains { model.hasPrefix($0) } }
}

enum XAIModels {
    static func isXAIs(_ model: String) -> Bool { model.hasPrefix("grok") }
    static func isReasoning(_ model: String) -> Bool {
        isXAIs(model) && !model.contains("non-reasoning") && (model.contains("reasoning") || model.hasPrefix("grok-4"))
    }
}
