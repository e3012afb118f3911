import TraceModel

/// The shipped rules, field by field, best attribute first. `docs/mapping.md` shows them as a table.
///
/// Three generations of OpenTelemetry's GenAI conventions (semconv up to 1.36, 1.37 to 1.41, and the repository
/// `semantic-conventions-genai` after it) and OpenInference. Within a field today's OpenTelemetry name comes before its
/// older ones, those before OpenInference. Whole values come before flattened ones: a reference can name one attribute,
/// and the first of a flattened list is only its beginning. Adding a rule or changing the order needs a new version.
enum MappingRules {
    static let version: UInt16 = 1

    static let all: [MappingRule] = identity + content + usage + context

    static let usageRules: [Dialect: UsageRule] = [
        .openTelemetry: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .openTelemetryDeprecated: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .openInference: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .genAIExtension: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
    ]

    private static let identity: [MappingRule] = [
        MappingRule(.kind, .exact("openinference.span.kind"), .kind(.openInference), .openInference),
        MappingRule(.kind, .exact("gen_ai.operation.name"), .kind(.operation), .openTelemetry),
        MappingRule(.kind, .exact("llm.request.type"), .kind(.requestType), .openTelemetryDeprecated),
        MappingRule(.kind, .exact("gen_ai.tool.name"), .presence(.tool), .openTelemetry),
        MappingRule(.kind, .exact("gen_ai.tool.call.id"), .presence(.tool), .openTelemetry),
        MappingRule(.kind, .exact("tool.name"), .presence(.tool), .openInference),
        MappingRule(.kind, .exact("embedding.model_name"), .presence(.embedding), .openInference),
        MappingRule(.kind, .exact("reranker.model_name"), .presence(.reranker), .openInference),
        MappingRule(.kind, .exact("gen_ai.response.model"), .presence(.llm), .openTelemetry),
        MappingRule(.kind, .exact("gen_ai.request.model"), .presence(.llm), .openTelemetry),
        MappingRule(.kind, .exact("llm.response.model_name"), .presence(.llm), .openInference),
        MappingRule(.kind, .exact("llm.model_name"), .presence(.llm), .openInference),
        MappingRule(.kind, .exact("llm.request.model_name"), .presence(.llm), .openInference),

        MappingRule(.provider, .exact("gen_ai.provider.name"), .provider, .openTelemetry),
        MappingRule(.provider, .exact("gen_ai.system"), .provider, .openTelemetryDeprecated),
        MappingRule(.provider, .exact("llm.provider"), .provider, .openInference),
        MappingRule(.provider, .exact("llm.system"), .provider, .openInference),

        MappingRule(.requestModel, .exact("gen_ai.request.model"), .text, .openTelemetry),
        MappingRule(.requestModel, .exact("llm.request.model_name"), .text, .openInference),
        MappingRule(.requestModel, .exact("embedding.model_name"), .text, .openInference),
        MappingRule(.requestModel, .exact("reranker.model_name"), .text, .openInference),

        MappingRule(.responseModel, .exact("gen_ai.response.model"), .text, .openTelemetry),
        MappingRule(.responseModel, .exact("llm.response.model_name"), .text, .openInference),
        MappingRule(.responseModel, .exact("llm.model_name"), .text, .openInference),

        MappingRule(.toolName, .exact("gen_ai.tool.name"), .text, .openTelemetry),
        MappingRule(.toolName, .exact("tool.name"), .text, .openInference),
    ]

    private static let content: [MappingRule] = [
        MappingRule(.input, .exact("gen_ai.input.messages"), .reference, .openTelemetry),
        MappingRule(.input, .exact("gen_ai.tool.call.arguments"), .reference, .openTelemetry),
        MappingRule(.input, .exact("gen_ai.retrieval.query.text"), .reference, .openTelemetry),
        MappingRule(.input, .exact("gen_ai.prompt"), .reference, .openTelemetryDeprecated),
        MappingRule(.input, .exact("input.value"), .reference, .openInference),
        MappingRule(.input, .exact("reranker.query"), .reference, .openInference),
        MappingRule(.input, .indexed(prefix: "llm.input_messages", suffix: "message.content"), .reference, .openInference),
        MappingRule(.input, .indexed(prefix: "llm.input_messages", suffix: ""), .reference, .openInference),
        MappingRule(.input, .indexed(prefix: "gen_ai.prompt", suffix: "content"), .reference, .openTelemetryDeprecated),
        MappingRule(.input, .indexed(prefix: "gen_ai.prompt", suffix: ""), .reference, .openTelemetryDeprecated),
        MappingRule(.input, .indexed(prefix: "embedding.embeddings", suffix: "embedding.text"), .reference, .openInference),

        MappingRule(.output, .exact("gen_ai.output.messages"), .reference, .openTelemetry),
        MappingRule(.output, .exact("gen_ai.tool.call.result"), .reference, .openTelemetry),
        MappingRule(.output, .exact("gen_ai.retrieval.documents"), .reference, .openTelemetry),
        MappingRule(.output, .exact("gen_ai.completion"), .reference, .openTelemetryDeprecated),
        MappingRule(.output, .exact("output.value"), .reference, .openInference),
        MappingRule(.output, .indexed(prefix: "llm.output_messages", suffix: "message.content"), .reference, .openInference),
        MappingRule(.output, .indexed(prefix: "llm.output_messages", suffix: ""), .reference, .openInference),
        MappingRule(.output, .indexed(prefix: "gen_ai.completion", suffix: "content"), .reference, .openTelemetryDeprecated),
        MappingRule(.output, .indexed(prefix: "gen_ai.completion", suffix: ""), .reference, .openTelemetryDeprecated),
        MappingRule(.output, .indexed(prefix: "retrieval.documents", suffix: "document.content"), .reference, .openInference),
        MappingRule(.output, .indexed(prefix: "retrieval.documents", suffix: ""), .reference, .openInference),
    ]

    private static let usage: [MappingRule] = [
        MappingRule(.inputTokens, .exact("gen_ai.usage.input_tokens"), .count, .openTelemetry),
        MappingRule(.inputTokens, .exact("gen_ai.usage.prompt_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.inputTokens, .exact("llm.token_count.prompt"), .count, .openInference),

        MappingRule(.outputTokens, .exact("gen_ai.usage.output_tokens"), .count, .openTelemetry),
        MappingRule(.outputTokens, .exact("gen_ai.usage.completion_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.outputTokens, .exact("llm.token_count.completion"), .count, .openInference),

        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.cache_read.input_tokens"), .count, .openTelemetry),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.cache_read_input_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.cacheReadTokens, .exact("llm.token_count.prompt_details.cache_read"), .count, .openInference),
        MappingRule(.cacheReadTokens, .exact("llm.token_count.prompt_details.cache_input"), .count, .openInference),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.details.cache_read_tokens"), .count, .genAIExtension),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.input_tokens.cached"), .count, .genAIExtension),

        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.cache_write.input_tokens"), .count, .openTelemetry),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.cache_creation.input_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.cache_creation_input_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.cacheWriteTokens, .exact("llm.token_count.prompt_details.cache_write"), .count, .openInference),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.details.cache_write_tokens"), .count, .genAIExtension),

        MappingRule(.reasoningTokens, .exact("gen_ai.usage.reasoning.output_tokens"), .count, .openTelemetry),
        MappingRule(.reasoningTokens, .exact("gen_ai.usage.reasoning_tokens"), .count, .genAIExtension),
        MappingRule(.reasoningTokens, .exact("llm.token_count.completion_details.reasoning"), .count, .openInference),

        MappingRule(.reportedCost, .exact("gen_ai.usage.cost"), .amount, .genAIExtension),
        MappingRule(.reportedCost, .exact("llm.cost.total"), .amount, .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.prompt"), .amountPart, .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.completion"), .amountPart, .openInference),
    ]

    private static let context: [MappingRule] = [
        MappingRule(.sessionID, .exact("gen_ai.conversation.id"), .text, .openTelemetry),
        MappingRule(.sessionID, .exact("session.id"), .text, .openTelemetry),

        MappingRule(.userID, .exact("user.id"), .text, .openTelemetry),
        MappingRule(.userID, .exact("enduser.id"), .text, .openTelemetry),

        MappingRule(.promptName, .exact("gen_ai.prompt.name"), .text, .openTelemetry),
        MappingRule(.promptName, .exact("prompt.id"), .text, .openInference),

        MappingRule(.promptVersion, .exact("gen_ai.prompt.version"), .text, .openTelemetry),
        MappingRule(.promptVersion, .exact("llm.prompt_template.version"), .text, .openInference),

        MappingRule(.errorType, .exact("error.type"), .text, .openTelemetry),
        MappingRule(.errorType, .errorEvent(name: "exception", key: "exception.type"), .text, .openTelemetry),

        MappingRule(.tags, .exact("tag.tags"), .tags, .openInference),
    ]
}
