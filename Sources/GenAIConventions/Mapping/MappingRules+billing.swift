import TraceModel

/// What a call is billed by beside its counts of tokens, and what the sender says it cost.
extension MappingRules {
    static let billing: [MappingRule] = [
        MappingRule(.cacheWrite1hTokens, .exact("gen_ai.usage.cache_write.ephemeral_1h.input_tokens"), .count, .genAIExtension),
        MappingRule(.cacheWrite1hTokens, .exact("gen_ai.usage.cache_write.ephemeral_1h_input_tokens"), .count, .genAIExtension),
        MappingRule(.cacheWrite1hTokens, .exact("gen_ai.usage.cache_creation.ephemeral_1h.input_tokens"), .count, .genAIExtension),
        MappingRule(.cacheWrite1hTokens, .exact("gen_ai.usage.cache_creation.ephemeral_1h_input_tokens"), .count, .genAIExtension),
        MappingRule(.cacheWrite1hTokens, .exact("gen_ai.usage.details.ephemeral_1h_input_tokens"), .count, .genAIExtension),
        MappingRule(
            .cacheWrite1hTokens,
            .member("ai.response.providerMetadata", ["anthropic", "usage", "cache_creation", "ephemeral_1h_input_tokens"]), .count, .vercel),
        MappingRule(.cacheWrite1hTokens, .member("gen_ai.usage.raw", ["cache_creation", "ephemeral_1h_input_tokens"]), .count, .logfire),
        MappingRule(
            .cacheWrite1hTokens, .member("langfuse.observation.usage_details", ["cache_creation", "ephemeral_1h_input_tokens"]), .count,
            .langfuse),

        MappingRule(.audioInputTokens, .exact("gen_ai.usage.audio.input_tokens"), .count, .openTelemetry),
        MappingRule(.audioInputTokens, .exact("llm.token_count.prompt_details.audio"), .count, .openInference),
        MappingRule(.audioInputTokens, .exact("gen_ai.usage.details.input_audio_tokens"), .count, .genAIExtension),
        MappingRule(.audioInputTokens, .member("gen_ai.usage.raw", ["prompt_tokens_details", "audio_tokens"]), .count, .logfire),
        MappingRule(.audioInputTokens, .member("gen_ai.usage.raw", ["input_tokens_details", "audio_tokens"]), .count, .logfire),
        MappingRule(
            .audioInputTokens, .member("langfuse.observation.usage_details", ["prompt_tokens_details", "audio_tokens"]), .count, .langfuse),
        MappingRule(.audioInputTokens, .member("langsmith.metadata.usage_metadata", ["input_token_details", "audio"]), .count, .langSmith),

        MappingRule(.audioCacheReadTokens, .exact("gen_ai.usage.audio.cache_read.input_tokens"), .count, .openTelemetry),
        MappingRule(.audioCacheReadTokens, .exact("gen_ai.usage.details.cache_audio_read_tokens"), .count, .genAIExtension),

        MappingRule(.audioOutputTokens, .exact("gen_ai.usage.audio.output_tokens"), .count, .openTelemetry),
        MappingRule(.audioOutputTokens, .exact("llm.token_count.completion_details.audio"), .count, .openInference),
        MappingRule(.audioOutputTokens, .exact("gen_ai.usage.details.output_audio_tokens"), .count, .genAIExtension),
        MappingRule(.audioOutputTokens, .member("gen_ai.usage.raw", ["completion_tokens_details", "audio_tokens"]), .count, .logfire),
        MappingRule(.audioOutputTokens, .member("gen_ai.usage.raw", ["output_tokens_details", "audio_tokens"]), .count, .logfire),
        MappingRule(
            .audioOutputTokens, .member("langfuse.observation.usage_details", ["completion_tokens_details", "audio_tokens"]), .count,
            .langfuse),
        MappingRule(
            .audioOutputTokens, .member("langsmith.metadata.usage_metadata", ["output_token_details", "audio"]), .count, .langSmith),

        MappingRule(.imageInputTokens, .exact("gen_ai.usage.image.input_tokens"), .count, .openTelemetry),
        MappingRule(.imageInputTokens, .member("gen_ai.usage.raw", ["input_tokens_details", "image_tokens"]), .count, .logfire),

        MappingRule(.imageCacheReadTokens, .exact("gen_ai.usage.image.cache_read.input_tokens"), .count, .openTelemetry),

        MappingRule(.imageOutputTokens, .exact("gen_ai.usage.image.output_tokens"), .count, .openTelemetry),
        MappingRule(.imageOutputTokens, .member("gen_ai.usage.raw", ["output_tokens_details", "image_tokens"]), .count, .logfire),

        MappingRule(.serviceTier, .exact("openai.response.service_tier"), .serviceTier, .openTelemetry),
        MappingRule(.serviceTier, .exact("gen_ai.openai.response.service_tier"), .serviceTier, .openTelemetryDeprecated),
        MappingRule(.serviceTier, .exact("anthropic.response.service_tier"), .serviceTier, .genAIExtension),
        MappingRule(.serviceTier, .exact("anthropic.service_tier"), .serviceTier, .genAIExtension),
        MappingRule(.serviceTier, .exact("gen_ai.anthropic.response.service_tier"), .serviceTier, .genAIExtension),
        MappingRule(.serviceTier, .exact("gen_ai.anthropic.service_tier"), .serviceTier, .genAIExtension),
        MappingRule(.serviceTier, .exact("gen_ai.response.service_tier"), .serviceTier, .genAIExtension),
        MappingRule(
            .serviceTier, .member("ai.response.providerMetadata", ["anthropic", "usage", "service_tier"]), .serviceTier, .vercel),
        MappingRule(.serviceTier, .member("ai.response.providerMetadata", ["openai", "serviceTier"]), .serviceTier, .vercel),
        MappingRule(.serviceTier, .member("gen_ai.usage.raw", ["service_tier"]), .serviceTier, .logfire),

        MappingRule(.reportedCost, .member("langfuse.observation.cost_details", ["total"]), .amount, .langfuse),
        MappingRule(.reportedCost, .exact("gen_ai.usage.cost"), .amount, .genAIExtension),
        MappingRule(.reportedCost, .exact("llm.cost.total"), .amount, .openInference),
        MappingRule(.reportedCost, .exact("operation.cost"), .amount, .logfire),
        MappingRule(.reportedCost, .exact("langfuse.observation.cost_details"), .amountMembers, .langfuse),
        MappingRule(.reportedCost, .exact("llm.cost.prompt"), .amountPart(.input), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.completion"), .amountPart(.output), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.prompt_details.input"), .amountPart(.inputDetail), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.prompt_details.cache_read"), .amountPart(.inputDetail), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.prompt_details.cache_write"), .amountPart(.inputDetail), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.prompt_details.audio"), .amountPart(.inputDetail), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.completion_details.output"), .amountPart(.outputDetail), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.completion_details.reasoning"), .amountPart(.outputDetail), .openInference),
        MappingRule(.reportedCost, .exact("llm.cost.completion_details.audio"), .amountPart(.outputDetail), .openInference),
    ]
}
