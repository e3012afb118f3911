/// Reads and checks the body of `POST /v1/messages` and of its token count.

import ByteCoding

enum AnthropicRequest {
    /// Sampling parameters are gone in the newest.
    static let newestVersion = "2026-10-21"
    private static let versions = ["2023-01-01", "2023-06-01", newestVersion]

    private static let known: Set<String> = [
        "model", "max_tokens", "messages", "prefill", "cache_control", "container", "context_management", "diagnostics", "inference_geo",
        "mcp_servers", "metadata", "output_config", "service_tier", "speed", "stop_sequences", "stream", "system", "temperature",
        "thinking",
        "tool_choice", "tools", "top_k", "top_p", "user_profile_id", "workspace_id",
    ]
    private static let blocks: Set<String> = [
        "text", "image", "document", "search_result", "thinking", "redacted_thinking", "tool_use", "tool_result", "server_tool_use",
        "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result", "tool_search_tool_result", "container_upload",
    ]

    /// - Parameter isCount: whether tokens are to be counted only: then `max_tokens` has no place.
    static func read(_ fields: RequestFields, version: String?, isCount: Bool) throws -> ChatRequest {
        guard let version else { throw Refusal.invalid("anthropic-version: header is required") }
        guard versions.contains(version) else { throw Refusal.invalid("anthropic-version: \"\(version)\" is not a valid version") }
        try fields.onlyKnown(known)
        var request = ChatRequest(modelName: try fields.requiredString("model"))
        if !isCount {
            _ = try fields.require("max_tokens")
            request.maximumTokenCount = try fields.integer("max_tokens", in: 1...10_000_000)
        }
        if version == newestVersion {
            for name in ["temperature", "top_p", "top_k"] where fields[name] != nil {
                throw Refusal.invalid("\(name): Extra inputs are not permitted")
            }
        }
        try fields.number("temperature", in: 0...1)
        try fields.number("top_p", in: 0...1)
        _ = try fields.integer("top_k", in: 0...1_000_000)
        request.stopSequences = try fields.strings("stop_sequences", maximumCount: 8191)
        request.isStreaming = try fields.bool("stream") ?? false
        if let system = fields["system"] { request.add(role: .system, text: try text(system, fields, "system", version, nil, &request)) }
        for (index, message) in try fields.requiredArray("messages").enumerated() {
            try read(RequestFields(message, path: "messages.\(index)", dialect: .anthropic), isFirst: index == 0, version, into: &request)
        }
        try readThinking(fields, request)
        try readTools(fields, &request)
        if let format = try fields.object("output_config")?.object("format") {
            guard try format.requiredString("type") == "json_schema" else {
                throw Refusal.invalid("\(format.place("type")): Input should be 'json_schema'")
            }
            request.wantsJSON = true
            request.answerSchema = try format.require("schema")
        }
        return request
    }

    private static func read(_ message: RequestFields, isFirst: Bool, _ version: String, into request: inout ChatRequest) throws {
        try message.onlyKnown(["role", "content"])
        _ = try message.require("role")
        guard let role = try message.choice("role", ["user", "assistant"]) else { return }
        guard !isFirst || role == "user" else { throw Refusal.invalid("messages: first message must use the \"user\" role") }
        let hadResult = request.toolResult
        request.toolResult = nil
        let text = try text(message.require("content"), message, "content", version, role, &request)
        let result = request.toolResult
        request.toolResult = hadResult
        if role == "assistant" {
            request.add(role: .assistant, text: text)
        } else if let result, text.isEmpty {
            request.add(role: .tool, text: result)
        } else {
            request.add(role: .user, text: text)
            request.inputByteCount += result?.utf8.count ?? 0
        }
    }

    /// The text of a string or of blocks; tool results are put into the request.
    private static func text(
        _ content: JSONValue, _ fields: RequestFields, _ name: String, _ version: String, _ role: String?, _ request: inout ChatRequest
    ) throws -> String {
        if let text = content.stringValue {
            guard !text.isEmpty || role == nil else { throw Refusal.invalid("\(fields.path): text content blocks must be non-empty") }
            return text
        }
        guard let list = content.arrayValue else { throw fields.wrongKind(name, "a string or a list of content blocks") }
        var texts: [String] = []
        for (index, block) in list.enumerated() {
            let block = try RequestFields(block, path: fields.place("\(name).\(index)"), dialect: .anthropic)
            let type = try block.requiredString("type")
            guard blocks.contains(type) else {
                throw Refusal.invalid("\(block.path): Input tag '\(type)' found using 'type' does not match any of the expected tags")
            }
            if version == newestVersion, role == "assistant", type == "document" {
                throw Refusal.invalid("\(block.path): document blocks are not permitted in assistant turns")
            }
            switch type {
            case "text":
                if version == newestVersion, role == "user", block["citations"] != nil {
                    throw Refusal.invalid("\(block.path).citations: Extra inputs are not permitted")
                }
                texts.append(try block.requiredString("text"))
            case "tool_use":
                _ = try block.requiredString("name")
                _ = try block.require("input")
                request.callIDs.insert(try block.requiredString("id"))
            case "tool_result":
                let id = try block.requiredString("tool_use_id")
                guard role == "user", request.callIDs.contains(id) else {
                    throw Refusal.invalid(
                        "\(block.path): unexpected `tool_use_id` found in `tool_result` blocks: \(id). Each `tool_result` block must have a "
                            + "corresponding `tool_use` block in the previous message.")
                }
                let result = try block["content"].map { try text($0, block, "content", version, nil, &request) } ?? ""
                request.toolResult = request.toolResult.map { $0 + "\n" + result } ?? result
            default: break
            }
        }
        return texts.joined(separator: "\n")
    }

    private static func readThinking(_ fields: RequestFields, _ request: ChatRequest) throws {
        guard let thinking = try fields.object("thinking") else { return }
        _ = try thinking.require("type")
        guard try thinking.choice("type", ["enabled", "disabled", "adaptive"]) == "enabled" else { return }
        _ = try thinking.require("budget_tokens")
        guard let budget = try thinking.integer("budget_tokens", in: 1024...10_000_000), let maximum = request.maximumTokenCount else {
            return
        }
        guard budget < maximum else { throw Refusal.invalid("`max_tokens` must be greater than `thinking.budget_tokens`.") }
    }

    private static func readTools(_ fields: RequestFields, _ request: inout ChatRequest) throws {
        for (index, tool) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try RequestFields(tool, path: "tools.\(index)", dialect: .anthropic)
            let name = try tool.requiredString("name")
            // A tool of Anthropic's own has a type and no schema.
            if let type = try tool.string("type"), type != "custom" { continue }
            request.tools.append(.init(name: name, schema: try tool.require("input_schema")))
        }
        guard let choice = try fields.object("tool_choice") else { return }
        _ = try choice.require("type")
        switch try choice.choice("type", ["auto", "any", "tool", "none"]) {
        case "any": request.toolChoice = .required(nil)
        case "none": request.toolChoice = .none
        case "tool":
            let name = try choice.requiredString("name")
            guard request.tools.contains(where: { $0.name == name }) else {
                throw Refusal.invalid("tool_choice: Tool '\(name)' not found in provided tools")
            }
            request.toolChoice = .required(name)
        default: break
        }
    }
}
