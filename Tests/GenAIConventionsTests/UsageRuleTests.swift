import Testing
import TraceModel

@testable import GenAIConventions

/// Hand-computed: what a sender reports, and the totals it comes to with cache and reasoning inside.
@Suite("Usage is counted as its sender counts")
struct UsageRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var attributes: [(String, AttributeValue)]
        var input: Int64
        var output: Int64

        init(_ name: String, _ attributes: [(String, AttributeValue)], _ input: Int64, _ output: Int64) {
            testDescription = name
            self.attributes = attributes
            self.input = input
            self.output = output
        }
    }

    /// MLflow passes the provider's own numbers on.
    private static func own(_ provider: String, _ usage: String, model: String = "m") -> [(String, AttributeValue)] {
        [
            ("mlflow.llm.provider", .string("\"\(provider)\"")), ("mlflow.llm.model", .string("\"\(model)\"")),
            ("mlflow.chat.tokenUsage", .string(usage)),
        ]
    }

    private static func vercel(
        _ provider: String, _ input: Int64, _ output: Int64, cached: Int64, reasoning: Int64, total: Int64? = nil
    ) -> [(String, AttributeValue)] {
        [
            ("ai.model.provider", .string(provider)), ("ai.usage.inputTokens", .int(input)), ("ai.usage.outputTokens", .int(output)),
            ("ai.usage.cachedInputTokens", .int(cached)), ("ai.usage.reasoningTokens", .int(reasoning)),
        ] + (total.map { [("ai.usage.totalTokens", .int($0))] } ?? [])
    }

    /// Versions 4 to 6 with 40 tokens read from and 10 written to the cache.
    private static func aiSDK(_ input: Int64, total: Int64?, _ provider: String, usage: Int64?) -> [(String, AttributeValue)] {
        let own = usage.map { #""usage":{"input_tokens":\#($0),"cache_read_input_tokens":40,"output_tokens":7},"# } ?? ""
        return [
            ("gen_ai.system", .string(provider)), ("ai.model.provider", .string(provider)), ("ai.usage.promptTokens", .int(input)),
            ("gen_ai.usage.input_tokens", .int(input)), ("ai.usage.completionTokens", .int(7)), ("gen_ai.usage.output_tokens", .int(7)),
            (
                "ai.response.providerMetadata",
                .string(#"{"anthropic":{\#(own)"cacheReadInputTokens":40,"cacheCreationInputTokens":10}}"#)
            ),
        ] + (total.map { [("ai.usage.totalTokens", .int($0))] } ?? [])
    }

    private static func langfuse(_ usage: String, _ provider: String = "openai") -> [(String, AttributeValue)] {
        [("gen_ai.system", .string(provider)), ("langfuse.observation.usage_details", .string(usage))]
    }

    static let cases: [Case] = [
        // Providers' own numbers. Anthropic: 10 + 40 + 50, the example of its own SDK.
        Case(
            "Anthropic leaves the cache out",
            own("anthropic", #"{"input_tokens":10,"output_tokens":7,"cache_read_input_tokens":40,"cache_creation_input_tokens":50}"#), 100,
            7),
        Case(
            "Anthropic's small cache too", own("anthropic", #"{"input_tokens":1000,"output_tokens":7,"cache_read_input_tokens":40}"#), 1040,
            7),
        Case(
            "Anthropic with a sum of input and output",
            own("anthropic", #"{"input_tokens":1000,"output_tokens":7,"total_tokens":1007,"cache_read_input_tokens":40}"#), 1040, 7),
        Case(
            "Anthropic with a sum of everything",
            own("anthropic", #"{"input_tokens":1000,"output_tokens":7,"total_tokens":1047,"cache_read_input_tokens":40}"#), 1040, 7),
        Case("OpenAI includes the cache", own("openai", #"{"input_tokens":1000,"output_tokens":7,"cache_read_input_tokens":40}"#), 1000, 7),
        Case(
            "Bedrock leaves the cache out", own("bedrock", #"{"input_tokens":1000,"output_tokens":7,"cache_read_input_tokens":40}"#), 1040,
            7),
        Case(
            "Claude on Vertex counts as Anthropic",
            own("vertex_ai", #"{"input_tokens":1000,"output_tokens":7,"cache_read_input_tokens":40}"#, model: "Claude-4"), 1040, 7),
        Case("Gemini includes the cache", own("gemini", #"{"input_tokens":1000,"output_tokens":7,"cache_read_input_tokens":40}"#), 1000, 7),
        Case(
            "an unknown provider counts as OpenAI", own("acme", #"{"input_tokens":1000,"output_tokens":7,"cache_read_input_tokens":40}"#),
            1000, 7),
        // Vercel, versions 4 and 5.
        Case("Vercel over OpenAI", vercel("openai.chat", 100, 50, cached: 64, reasoning: 20), 100, 50),
        Case("Vercel over Anthropic", vercel("anthropic.messages", 100, 50, cached: 64, reasoning: 0), 164, 50),
        Case(
            "Vercel over Gemini: thoughts are beside the output", vercel("google.generative-ai", 100, 50, cached: 64, reasoning: 20), 100,
            70),
        Case("Vercel over Gemini with its sum", vercel("google.generative-ai", 100, 50, cached: 64, reasoning: 20, total: 170), 100, 70),
        Case(
            "Vercel over Vertex, output already whole", vercel("google.vertex.chat", 100, 70, cached: 64, reasoning: 20, total: 170), 100,
            70),
        Case("xAI leaves reasoning out", vercel("xai.chat", 100, 50, cached: 0, reasoning: 20), 100, 70),
        Case("xAI with a sum that shows it", vercel("xai.chat", 100, 50, cached: 0, reasoning: 20, total: 170), 100, 70),
        Case("xAI with a sum that shows the contrary", vercel("xai.chat", 100, 50, cached: 0, reasoning: 20, total: 150), 100, 50),
        Case("OpenAI with a sum that shows reasoning apart", vercel("openai.chat", 100, 50, cached: 0, reasoning: 20, total: 170), 100, 70),
        Case("both left out by the sum", vercel("openai.chat", 100, 50, cached: 30, reasoning: 20, total: 200), 130, 70),
        Case("a sum that fits nothing says nothing", vercel("openai.chat", 100, 50, cached: 30, reasoning: 20, total: 999), 100, 50),
        Case(
            "equal details cannot be told apart by the sum: the provider's rule",
            vercel("openai.chat", 100, 50, cached: 20, reasoning: 20, total: 170), 100, 50),
        // The AI SDK repeats its numbers under OpenTelemetry's names; for Anthropic these leave 40 read and 10 written out.
        Case("the AI SDK 4 over Anthropic", aiSDK(50, total: nil, "anthropic.messages", usage: nil), 100, 7),
        Case("the AI SDK 5 over Anthropic, with its sum", aiSDK(50, total: 57, "anthropic.messages", usage: 50), 100, 7),
        Case("the AI SDK over a gateway that hides Anthropic: its own count shows it", aiSDK(50, total: nil, "gateway", usage: 50), 100, 7),
        Case("the AI SDK over a gateway, with nothing to show it", aiSDK(60, total: nil, "gateway", usage: nil), 60, 7),
        Case("the AI SDK 6 over Anthropic: its own count is beside a whole one", aiSDK(100, total: 107, "anthropic", usage: 50), 100, 7),
        Case(
            "OpenTelemetry's own cache counts beside the AI SDK's numbers",
            aiSDK(100, total: nil, "anthropic", usage: nil) + [("gen_ai.usage.cache_read.input_tokens", .int(40))], 100, 7),
        Case(
            "the AI SDK 6 over Bedrock: what was written is told to be inside",
            [
                ("ai.model.provider", "amazon-bedrock"), ("ai.usage.inputTokens", .int(100)), ("ai.usage.outputTokens", .int(7)),
                ("ai.usage.inputTokenDetails.cacheWriteTokens", .int(40)),
            ], 100, 7),
        Case(
            "the AI SDK 5 over Gemini: thoughts are beside the output under OpenTelemetry's name too",
            [
                ("ai.model.provider", "google.generative-ai"), ("gen_ai.system", "google.generative-ai"),
                ("ai.usage.inputTokens", .int(100)), ("gen_ai.usage.input_tokens", .int(100)), ("ai.usage.outputTokens", .int(50)),
                ("gen_ai.usage.output_tokens", .int(50)), ("ai.usage.reasoningTokens", .int(20)),
            ], 100, 70),
        // Langfuse.
        Case(
            "Langfuse's kinds are counted apart", langfuse(#"{"input":10,"output":20,"cache_read_input_tokens":4,"output_reasoning":5}"#),
            14, 25),
        Case("unless its sum shows otherwise", langfuse(#"{"input":10,"output":20,"total":30,"cache_read_input_tokens":4}"#), 10, 20),
        Case("or shows the same", langfuse(#"{"input":10,"output":20,"total":34,"cache_read_input_tokens":4}"#), 14, 20),
        Case(
            "OpenAI's names through Langfuse",
            langfuse(
                #"{"prompt_tokens":10,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":4},"#
                    + #""completion_tokens_details":{"reasoning_tokens":5}}"#
            ), 10, 20),
        Case(
            "Anthropic's names through Langfuse",
            langfuse(#"{"input_tokens":10,"output_tokens":20,"cache_read_input_tokens":4,"cache_creation_input_tokens":1}"#, "anthropic"),
            15, 20),
        // OpenTelemetry's own rule: both inside, whoever the provider is.
        Case(
            "OpenTelemetry over Anthropic",
            [
                ("gen_ai.provider.name", "anthropic"), ("gen_ai.usage.input_tokens", .int(100)), ("gen_ai.usage.output_tokens", .int(7)),
                ("gen_ai.usage.cache_read.input_tokens", .int(40)), ("gen_ai.usage.cache_creation.input_tokens", .int(50)),
            ], 100, 7),
        Case(
            "an instrumentation that broke the rule",
            [
                ("gen_ai.provider.name", "anthropic"), ("gen_ai.usage.input_tokens", .int(10)), ("gen_ai.usage.output_tokens", .int(7)),
                ("gen_ai.usage.cache_read.input_tokens", .int(40)),
            ], 50, 7),
        Case(
            "OpenInference over Gemini",
            [
                ("llm.provider", "google"), ("llm.token_count.prompt", .int(100)), ("llm.token_count.completion", .int(70)),
                ("llm.token_count.completion_details.reasoning", .int(20)), ("llm.token_count.total", .int(170)),
            ], 100, 70),
        Case(
            "OpenInference with thoughts apart",
            [
                ("llm.provider", "google"), ("llm.token_count.prompt", .int(100)), ("llm.token_count.completion", .int(50)),
                ("llm.token_count.completion_details.reasoning", .int(20)), ("llm.token_count.total", .int(170)),
            ], 100, 70),
        Case(
            "Traceloop's reasoning is inside",
            [
                ("gen_ai.usage.input_tokens", .int(100)), ("gen_ai.usage.output_tokens", .int(50)),
                ("gen_ai.usage.reasoning_tokens", .int(20)), ("llm.usage.total_tokens", .int(150)),
            ], 100, 50),
        Case(
            "LangSmith's usage holds both",
            [
                ("langsmith.metadata.ls_provider", "anthropic"),
                ("langsmith.metadata.usage_metadata", #"{"input_tokens":100,"output_tokens":50,"input_token_details":{"cache_read":40}}"#),
            ], 100, 50),
    ]

    @Test("totals with their details", arguments: cases)
    func totals(_ one: Case) {
        let found = mapped(one.attributes)
        #expect(found["input_tokens"] == String(one.input))
        #expect(found["output_tokens"] == String(one.output))
    }
}
