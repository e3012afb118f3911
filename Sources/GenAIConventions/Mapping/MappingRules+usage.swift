import TraceModel

/// Tokens and reported cost. Totals of agents (`gen_ai.aggregated_usage.*`) are not read: they repeat what the calls below say. Nor is
/// LangSmith's `gen_ai.usage.*_token_details`, which are Python literals; its `usage_metadata` says the same as JSON.
extension MappingRules {
    static let usage: [MappingRule] = [
        MappingRule(.inputTokens, .member("langfuse.observation.usage_details", ["input"]), .count, .langfuse),
        MappingRule(.inputTokens, .member("langfuse.observation.usage_details", ["input_tokens"]), .count, .langfuse, usage: .providersOwn),
        MappingRule(
            .inputTokens, .member("langfuse.observation.usage_details", ["prompt_tokens"]), .count, .langfuse, usage: .providersOwn),
        MappingRule(.inputTokens, .exact("gen_ai.usage.input_tokens"), .count, .openTelemetry),
        MappingRule(.inputTokens, .exact("gen_ai.usage.prompt_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.inputTokens, .exact("llm.token_count.prompt"), .count, .openInference),
        MappingRule(.inputTokens, .exact("ai.usage.inputTokens"), .count, .vercel),
        MappingRule(.inputTokens, .exact("ai.usage.promptTokens"), .count, .vercel),
        MappingRule(.inputTokens, .exact("ai.usage.tokens"), .count, .vercel),
        MappingRule(.inputTokens, .member("mlflow.chat.tokenUsage", ["input_tokens"]), .count, .mlflow),
        MappingRule(.inputTokens, .member("langsmith.metadata.usage_metadata", ["input_tokens"]), .count, .langSmith),

        MappingRule(.outputTokens, .member("langfuse.observation.usage_details", ["output"]), .count, .langfuse),
        MappingRule(
            .outputTokens, .member("langfuse.observation.usage_details", ["output_tokens"]), .count, .langfuse, usage: .providersOwn),
        MappingRule(
            .outputTokens, .member("langfuse.observation.usage_details", ["completion_tokens"]), .count, .langfuse, usage: .providersOwn),
        MappingRule(.outputTokens, .exact("gen_ai.usage.output_tokens"), .count, .openTelemetry),
        MappingRule(.outputTokens, .exact("gen_ai.usage.completion_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.outputTokens, .exact("llm.token_count.completion"), .count, .openInference),
        MappingRule(.outputTokens, .exact("ai.usage.outputTokens"), .count, .vercel),
        MappingRule(.outputTokens, .exact("ai.usage.completionTokens"), .count, .vercel),
        MappingRule(.outputTokens, .member("mlflow.chat.tokenUsage", ["output_tokens"]), .count, .mlflow),
        MappingRule(.outputTokens, .member("langsmith.metadata.usage_metadata", ["output_tokens"]), .count, .langSmith),

        MappingRule(.cacheReadTokens, .member("langfuse.observation.usage_details", ["cache_read_input_tokens"]), .count, .langfuse),
        MappingRule(.cacheReadTokens, .member("langfuse.observation.usage_details", ["input_cached_tokens"]), .count, .langfuse),
        MappingRule(.cacheReadTokens, .member("langfuse.observation.usage_details", ["input_cache_read"]), .count, .langfuse),
        MappingRule(
            .cacheReadTokens, .member("langfuse.observation.usage_details", ["prompt_tokens_details", "cached_tokens"]), .count, .langfuse),
        MappingRule(
            .cacheReadTokens, .member("langfuse.observation.usage_details", ["input_tokens_details", "cached_tokens"]), .count, .langfuse),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.cache_read.input_tokens"), .count, .openTelemetry),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.cache_read_input_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.cacheReadTokens, .exact("llm.token_count.prompt_details.cache_read"), .count, .openInference),
        MappingRule(.cacheReadTokens, .exact("llm.token_count.prompt_details.cache_input"), .count, .openInference),
        MappingRule(.cacheReadTokens, .exact("ai.usage.inputTokenDetails.cacheReadTokens"), .count, .vercel, usage: .inclusive),
        MappingRule(.cacheReadTokens, .exact("ai.usage.cachedInputTokens"), .count, .vercel),
        MappingRule(.cacheReadTokens, .member("ai.response.providerMetadata", ["anthropic", "cacheReadInputTokens"]), .count, .vercel),
        MappingRule(
            .cacheReadTokens, .member("ai.response.providerMetadata", ["anthropic", "usage", "cache_read_input_tokens"]), .count, .vercel),
        MappingRule(.cacheReadTokens, .member("ai.response.providerMetadata", ["openai", "cachedPromptTokens"]), .count, .vercel),
        MappingRule(
            .cacheReadTokens, .member("ai.response.providerMetadata", ["bedrock", "usage", "cacheReadInputTokens"]), .count, .vercel),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.details.cache_read_tokens"), .count, .genAIExtension),
        MappingRule(.cacheReadTokens, .exact("gen_ai.usage.input_tokens.cached"), .count, .genAIExtension),
        MappingRule(.cacheReadTokens, .member("gen_ai.usage.raw", ["cache_read_input_tokens"]), .count, .logfire),
        MappingRule(.cacheReadTokens, .member("gen_ai.usage.raw", ["prompt_tokens_details", "cached_tokens"]), .count, .logfire),
        MappingRule(.cacheReadTokens, .member("gen_ai.usage.raw", ["input_tokens_details", "cached_tokens"]), .count, .logfire),
        MappingRule(.cacheReadTokens, .member("gen_ai.usage.raw", ["cachedContentTokenCount"]), .count, .logfire),
        MappingRule(.cacheReadTokens, .member("gen_ai.usage.raw", ["cached_content_token_count"]), .count, .logfire),
        MappingRule(.cacheReadTokens, .member("mlflow.chat.tokenUsage", ["cache_read_input_tokens"]), .count, .mlflow),
        MappingRule(
            .cacheReadTokens, .member("langsmith.metadata.usage_metadata", ["input_token_details", "cache_read"]), .count, .langSmith),

        MappingRule(.cacheWriteTokens, .member("langfuse.observation.usage_details", ["cache_creation_input_tokens"]), .count, .langfuse),
        MappingRule(.cacheWriteTokens, .member("langfuse.observation.usage_details", ["input_cache_creation"]), .count, .langfuse),
        MappingRule(
            .cacheWriteTokens, .member("langfuse.observation.usage_details", ["prompt_tokens_details", "cache_write_tokens"]), .count,
            .langfuse),
        MappingRule(
            .cacheWriteTokens, .member("langfuse.observation.usage_details", ["input_tokens_details", "cache_write_tokens"]), .count,
            .langfuse),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.cache_write.input_tokens"), .count, .openTelemetry),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.cache_creation.input_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.cache_creation_input_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.cacheWriteTokens, .exact("llm.token_count.prompt_details.cache_write"), .count, .openInference),
        MappingRule(.cacheWriteTokens, .exact("ai.usage.inputTokenDetails.cacheWriteTokens"), .count, .vercel, usage: .inclusive),
        MappingRule(
            .cacheWriteTokens, .member("ai.response.providerMetadata", ["anthropic", "cacheCreationInputTokens"]), .count, .vercel),
        MappingRule(
            .cacheWriteTokens, .member("ai.response.providerMetadata", ["anthropic", "usage", "cache_creation_input_tokens"]), .count,
            .vercel),
        MappingRule(
            .cacheWriteTokens, .member("ai.response.providerMetadata", ["bedrock", "usage", "cacheWriteInputTokens"]), .count, .vercel),
        MappingRule(.cacheWriteTokens, .exact("gen_ai.usage.details.cache_write_tokens"), .count, .genAIExtension),
        MappingRule(.cacheWriteTokens, .member("gen_ai.usage.raw", ["cache_creation_input_tokens"]), .count, .logfire),
        MappingRule(.cacheWriteTokens, .member("gen_ai.usage.raw", ["prompt_tokens_details", "cache_write_tokens"]), .count, .logfire),
        MappingRule(.cacheWriteTokens, .member("gen_ai.usage.raw", ["input_tokens_details", "cache_write_tokens"]), .count, .logfire),
        MappingRule(.cacheWriteTokens, .member("mlflow.chat.tokenUsage", ["cache_creation_input_tokens"]), .count, .mlflow),
        MappingRule(
            .cacheWriteTokens, .member("langsmith.metadata.usage_metadata", ["input_token_details", "cache_creation"]), .count, .langSmith),

        MappingRule(.reasoningTokens, .member("langfuse.observation.usage_details", ["output_reasoning_tokens"]), .count, .langfuse),
        MappingRule(.reasoningTokens, .member("langfuse.observation.usage_details", ["output_reasoning"]), .count, .langfuse),
        MappingRule(.reasoningTokens, .member("langfuse.observation.usage_details", ["reasoning_tokens"]), .count, .langfuse),
        MappingRule(
            .reasoningTokens, .member("langfuse.observation.usage_details", ["completion_tokens_details", "reasoning_tokens"]), .count,
            .langfuse),
        MappingRule(
            .reasoningTokens, .member("langfuse.observation.usage_details", ["output_tokens_details", "reasoning_tokens"]), .count,
            .langfuse),
        MappingRule(.reasoningTokens, .exact("gen_ai.usage.reasoning.output_tokens"), .count, .openTelemetry),
        MappingRule(.reasoningTokens, .exact("gen_ai.usage.reasoning_tokens"), .count, .traceloop),
        MappingRule(.reasoningTokens, .exact("llm.token_count.completion_details.reasoning"), .count, .openInference),
        MappingRule(.reasoningTokens, .exact("ai.usage.outputTokenDetails.reasoningTokens"), .count, .vercel, usage: .inclusive),
        MappingRule(.reasoningTokens, .exact("ai.usage.reasoningTokens"), .count, .vercel),
        MappingRule(.reasoningTokens, .member("ai.response.providerMetadata", ["openai", "reasoningTokens"]), .count, .vercel),
        MappingRule(.reasoningTokens, .exact("gen_ai.usage.details.reasoning_tokens"), .count, .genAIExtension),
        MappingRule(.reasoningTokens, .member("gen_ai.usage.raw", ["completion_tokens_details", "reasoning_tokens"]), .count, .logfire),
        MappingRule(.reasoningTokens, .member("gen_ai.usage.raw", ["output_tokens_details", "reasoning_tokens"]), .count, .logfire),
        MappingRule(.reasoningTokens, .member("gen_ai.usage.raw", ["output_tokens_details", "thinking_tokens"]), .count, .logfire),
        MappingRule(.reasoningTokens, .member("gen_ai.usage.raw", ["thoughtsTokenCount"]), .count, .logfire),
        MappingRule(.reasoningTokens, .member("gen_ai.usage.raw", ["thoughts_token_count"]), .count, .logfire),
        MappingRule(
            .reasoningTokens, .member("langsmith.metadata.usage_metadata", ["output_token_details", "reasoning"]), .count, .langSmith),

        MappingRule(.reportedTotal, .member("langfuse.observation.usage_details", ["total"]), .count, .langfuse),
        MappingRule(.reportedTotal, .member("langfuse.observation.usage_details", ["total_tokens"]), .count, .langfuse),
        MappingRule(.reportedTotal, .exact("gen_ai.usage.total_tokens"), .count, .genAIExtension),
        MappingRule(.reportedTotal, .exact("llm.usage.total_tokens"), .count, .openTelemetryDeprecated),
        MappingRule(.reportedTotal, .exact("llm.token_count.total"), .count, .openInference),
        MappingRule(.reportedTotal, .exact("ai.usage.totalTokens"), .count, .vercel),
        MappingRule(.reportedTotal, .member("mlflow.chat.tokenUsage", ["total_tokens"]), .count, .mlflow),
        MappingRule(.reportedTotal, .member("langsmith.metadata.usage_metadata", ["total_tokens"]), .count, .langSmith),

        // What the AI SDK counted, which it repeats under OpenTelemetry's names, and what the provider said to it.
        MappingRule(.passedOnInput, .exact("ai.usage.inputTokens"), .count, .vercel),
        MappingRule(.passedOnInput, .exact("ai.usage.promptTokens"), .count, .vercel),
        MappingRule(.passedOnOutput, .exact("ai.usage.outputTokens"), .count, .vercel),
        MappingRule(.passedOnOutput, .exact("ai.usage.completionTokens"), .count, .vercel),
        MappingRule(.providerInput, .member("ai.response.providerMetadata", ["anthropic", "usage", "input_tokens"]), .count, .vercel),
    ]
}
