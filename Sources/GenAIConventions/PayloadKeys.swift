import TraceModel

/// Which attributes hold payloads: what people and models said, what tools were given and answered, prompts, retrieved documents.
/// By name, over every convention that is met in the field; what "metadata only" leaves out.
///
/// The mapping's own references to inputs and outputs belong to it by construction. A key belongs when it is a name of the list,
/// or goes on behind one with a dot.
package enum PayloadKeys {
    package static func contains(_ key: UnsafeRawBufferPointer) -> Bool { contains(String(decoding: key, as: UTF8.self)) }

    package static func contains(_ text: String) -> Bool {
        if exact.contains(text) || whole.contains(text) { return true }
        // `gen_ai.prompt.0.content` belongs to `gen_ai.prompt`, `gen_ai.prompt.name` does not.
        if let rule = indexed.first(where: { text.utf8.starts(with: $0.utf8) }) {
            return text.utf8.dropFirst(rule.utf8.count).first.map { $0 >= 48 && $0 <= 57 } ?? false
        }
        var end = text.endIndex
        while let dot = text.utf8[..<end].lastIndex(of: UInt8(ascii: ".")) {
            if whole.contains(String(text[..<dot])) { return true }
            end = dot
        }
        return false
    }

    /// Names that are no payload when something stands behind them.
    private static let exact: Set<String> = Set(
        MappingRules.all.compactMap { rule in
            guard rule.field == .input || rule.field == .output, case .exact(let key) = rule.key else { return nil }
            return key
        } + [
            // OpenInference
            "llm.prompt_template.template", "llm.function_call", "llm.invocation_parameters", "tool.parameters", "tool.json_schema",
            "tool.description",
            // Pydantic AI / Logfire
            "prompt", "completion", "all_messages_events", "pydantic_ai.all_messages", "final_result", "tool_arguments", "tool_response",
            "model_request_parameters",
            // MLflow
            "mlflow.spanInputs", "mlflow.spanOutputs", "mlflow.chat.messages", "mlflow.chat.tools",
            // Events and generic names
            "content", "message", "messages", "body", "input", "output", "query", "response", "tool_calls",
        ])

    /// Names that are payload with everything below them.
    private static let whole: Set<String> = [
        // OpenTelemetry
        "gen_ai.input", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.system.instructions", "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.retrieval.documents", "gen_ai.retrieval.query",
        "gen_ai.content", "gen_ai.event.content", "gen_ai.evaluation.explanation", "gen_ai.agent.instructions", "gen_ai.request.messages",
        "gen_ai.response.messages", "gen_ai.memory.records", "gen_ai.user.message", "gen_ai.system.message", "gen_ai.assistant.message",
        "gen_ai.tool.message", "gen_ai.choice",
        // Of a log record
        LogRecordKeys.body,
        // OpenInference
        "input.value", "output.value", "llm.input_messages", "llm.output_messages", "llm.prompts", "llm.completions", "llm.choices",
        "llm.prompt_template.variables", "llm.tools", "message.content", "message.contents", "message.tool_calls",
        "message.function_call_arguments_json", "tool_call.function.arguments", "retrieval.documents", "document.content",
        "document.metadata", "reranker.query", "reranker.input_documents", "reranker.output_documents", "embedding.embeddings",
        "embedding.text", "embedding.vector", "prompt.text", "completion.text", "image.url", "audio.url", "audio.transcript",
        // OpenLLMetry
        "traceloop.entity.input", "traceloop.entity.output", "llm.request.functions", "gen_ai.request.tools", "llm.headers",
        // Langfuse
        "langfuse.observation.input", "langfuse.observation.output", "langfuse.trace.input", "langfuse.trace.output",
        // Vercel AI SDK
        "ai.prompt", "ai.response.text", "ai.response.object", "ai.response.toolCalls", "ai.response.reasoning", "ai.toolCall.args",
        "ai.toolCall.result", "ai.value", "ai.values", "ai.embedding", "ai.embeddings", "ai.result", "ai.schema",
        // MCP and agents
        "mcp.request.params", "mcp.response.result", "mcp.tool.arguments", "mcp.tool.result", "crewai.task.description", "agent.input",
        "agent.output",
    ]

    /// Lists written out as one attribute each, under a name that other attributes begin with too.
    private static let indexed: [String] = ["gen_ai.prompt.", "gen_ai.completion."]
}
