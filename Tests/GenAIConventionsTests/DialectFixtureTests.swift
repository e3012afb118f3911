import Testing
import TraceModel

@testable import GenAIConventions

/// Whole spans as the SDKs send them, written from the table of conventions, and every field they come to.
@Suite("Spans of every dialect come to the same fields")
struct DialectFixtureTests {
    private func expect(_ attributes: [(String, AttributeValue)], named name: String = "span", _ expected: [String: String]) {
        var builder = BatchBuilder()
        builder.add(attributes)
        builder.nameLast(name)
        var batch = builder.batch
        let result = AttributeMapping.current.apply(to: &batch)
        #expect(fields(result, batch) == expected)
    }

    @Test("Vercel AI SDK 4 and 5: the call, what wraps it, and a tool")
    func vercel() {
        expect(
            [
                ("operation.name", "ai.generateText.doGenerate support-bot"), ("ai.operationId", "ai.generateText.doGenerate"),
                ("ai.telemetry.functionId", "support-bot"), ("ai.model.provider", "anthropic.messages"),
                ("ai.model.id", "claude-sonnet-4-5"),
                ("ai.prompt.messages", #"[{"role":"user","content":[{"type":"text","text":"Hi"}]}]"#), ("ai.response.text", "Hello"),
                ("ai.response.model", "claude-sonnet-4-5-20250929"), ("ai.response.id", "msg_1"), ("ai.usage.inputTokens", .int(10)),
                ("ai.usage.outputTokens", .int(20)), ("ai.usage.totalTokens", .int(30)), ("ai.usage.cachedInputTokens", .int(4)),
                ("ai.telemetry.metadata.sessionId", "s-1"), ("ai.telemetry.metadata.userId", "u-1"),
                ("ai.telemetry.metadata.tags", .array(["beta"])),
                ("ai.telemetry.metadata.langfusePrompt", #"{"name":"greeting","version":4}"#),
            ],
            [
                "kind": "llm", "provider": "anthropic", "request_model": "claude-sonnet-4-5",
                "response_model": "claude-sonnet-4-5-20250929",
                // Anthropic's own input leaves the cache out: 10 + 4.
                "input": "ai.prompt.messages", "output": "ai.response.text", "input_tokens": "14", "output_tokens": "20",
                "cache_read_tokens": "4", "session_id": "s-1", "user_id": "u-1", "tags": "beta", "prompt_name": "greeting",
                "prompt_version": "4", "(response id)": "msg_1",
            ])
        expect(
            [
                ("operation.name", "ai.generateText support-bot"), ("ai.model.id", "gpt-4.1"), ("ai.model.provider", "openai.responses"),
                ("ai.prompt", #"{"prompt":"Hi"}"#), ("ai.response.text", "Hello"), ("ai.usage.promptTokens", .int(10)),
                ("ai.usage.completionTokens", .int(20)),
            ],
            [
                "kind": "chain", "provider": "openai", "request_model": "gpt-4.1", "input": "ai.prompt", "output": "ai.response.text",
                "input_tokens": "10", "output_tokens": "20",
            ])
        expect(
            [("ai.operationId", "ai.toolCall"), ("ai.toolCall.name", "weather"), ("ai.toolCall.args", "{}"), ("ai.toolCall.result", "1")],
            ["kind": "tool", "tool_name": "weather", "input": "ai.toolCall.args", "output": "ai.toolCall.result"])
    }

    @Test("Vercel AI SDK 6 says that its totals hold the details, whoever the provider is")
    func vercel6() {
        expect(
            [
                ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.provider", "anthropic.messages"),
                ("ai.usage.inputTokens", .int(14)), ("ai.usage.outputTokens", .int(20)),
                ("ai.usage.inputTokenDetails.cacheReadTokens", .int(4)),
                ("ai.usage.outputTokenDetails.reasoningTokens", .int(5)),
            ],
            [
                "kind": "llm", "provider": "anthropic", "input_tokens": "14", "output_tokens": "20", "cache_read_tokens": "4",
                "reasoning_tokens": "5",
            ])
    }

    @Test("MLflow: every value is JSON in a string")
    func mlflow() {
        expect(
            [
                ("mlflow.spanType", #""CHAT_MODEL""#), ("mlflow.spanInputs", #"{"messages":[{"role":"user","content":"Hi"}]}"#),
                ("mlflow.spanOutputs", #"{"choices":[]}"#), ("mlflow.message.format", #""anthropic""#), ("model", #""claude-haiku-4-5""#),
                (
                    "mlflow.chat.tokenUsage",
                    .string(
                        #"{"input_tokens":10,"output_tokens":20,"total_tokens":30,"cache_read_input_tokens":40,"#
                            + #""cache_creation_input_tokens":50}"#)
                ), ("mlflow.trace.session", #""s-1""#), ("mlflow.trace.user", #""u-\u00e9""#),
            ],
            [
                "kind": "llm", "provider": "anthropic", "request_model": "claude-haiku-4-5", "input": "mlflow.spanInputs",
                "output": "mlflow.spanOutputs", "input_tokens": "100", "output_tokens": "20", "cache_read_tokens": "40",
                "cache_write_tokens": "50", "session_id": "s-1", "user_id": "u-é",
            ])
        expect(
            [("mlflow.spanType", #""TOOL""#), ("mlflow.spanInputs", "{}")], named: "weather",
            ["kind": "tool", "tool_name": "weather", "input": "mlflow.spanInputs"])
    }

    @Test("LangSmith: usage as JSON in its metadata, Python literals passed over, its project is no session")
    func langSmith() {
        expect(
            [
                ("langsmith.span.kind", "llm"), ("gen_ai.operation.name", "chain"), ("gen_ai.prompt", #"{"messages":[]}"#),
                ("gen_ai.completion", "{}"), ("gen_ai.system", "google_genai"), ("langsmith.metadata.ls_model_name", "gemini-2.5-pro"),
                ("langsmith.metadata.ls_provider", "google_genai"), ("langsmith.trace.session_name", "my project"),
                ("gen_ai.usage.input_tokens", .int(10)), ("gen_ai.usage.input_token_details", "{'cache_read': 4}"),
                (
                    "langsmith.metadata.usage_metadata",
                    .string(
                        #"{"input_tokens":10,"output_tokens":20,"total_tokens":30,"input_token_details":{"cache_read":4},"#
                            + #""output_token_details":{"reasoning":6}}"#)
                ),
                ("langsmith.metadata.thread_id", "t-1"), ("langsmith.metadata.user_id", "u-1"), ("langsmith.span.tags", "a, b"),
            ],
            [
                "kind": "llm", "provider": "gcp.gemini", "request_model": "gemini-2.5-pro", "input": "gen_ai.prompt",
                "output": "gen_ai.completion", "input_tokens": "10", "output_tokens": "20", "cache_read_tokens": "4",
                "reasoning_tokens": "6", "session_id": "t-1", "user_id": "u-1", "tags": "a|b",
            ])
    }

    @Test("Logfire and Pydantic AI: a call, an agent whose totals are not read, a log")
    func logfire() {
        expect(
            [
                ("logfire.span_type", "span"), ("logfire.msg", "chat gpt-5"), ("logfire.level_num", .int(9)),
                ("gen_ai.operation.name", "chat"),
                ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.response.id", "resp_1"),
                ("gen_ai.usage.input_tokens", .int(100)), ("gen_ai.usage.output_tokens", .int(50)),
                (
                    "gen_ai.usage.raw",
                    #"{"input_tokens":100,"input_tokens_details":{"cached_tokens":64},"output_tokens_details":{"reasoning_tokens":32}}"#
                ), ("operation.cost", .double(0.0125)), ("request_data", "{}"), ("response_data", "{}"), ("logfire.tags", .array(["x"])),
            ],
            [
                "kind": "llm", "provider": "openai", "request_model": "gpt-5", "(response id)": "resp_1", "input_tokens": "100",
                "output_tokens": "50", "cache_read_tokens": "64", "reasoning_tokens": "32", "reported_cost": "0.0125", "cost": "0.0125",
                "input": "request_data", "output": "response_data", "tags": "x",
            ])
        expect(
            [
                ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.aggregated_usage.input_tokens", .int(100)),
                ("pydantic_ai.all_messages", "[]"), ("final_result", "done"),
            ], ["kind": "agent", "input": "pydantic_ai.all_messages", "output": "final_result"])
        expect([("logfire.span_type", "log"), ("logfire.level_num", .int(17))], ["kind": "event", "error_type": "_OTHER"])
    }

    @Test("Langfuse: its own types, usage kinds that are counted apart, failures by level")
    func langfuse() {
        expect(
            [
                ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-4.1"),
                ("langfuse.observation.input", #"[{"role":"user","content":"Hi"}]"#), ("langfuse.observation.output", "Hello"),
                ("langfuse.observation.usage_details", #"{"input":10,"output":20,"cache_read_input_tokens":90}"#),
                ("langfuse.observation.cost_details", #"{"input":0.25,"output":0.5}"#), ("langfuse.session.id", "s-1"),
                ("langfuse.user.id", "u-1"), ("langfuse.trace.tags", .array(["a"])), ("langfuse.observation.prompt.name", "greeting"),
                ("langfuse.observation.prompt.version", .int(2)), ("langfuse.observation.level", "ERROR"),
            ],
            [
                "kind": "llm", "response_model": "gpt-4.1", "input": "langfuse.observation.input", "output": "langfuse.observation.output",
                "input_tokens": "100", "output_tokens": "20", "cache_read_tokens": "90", "reported_cost": "0.75", "cost": "0.75",
                "session_id": "s-1",
                "user_id": "u-1", "tags": "a", "prompt_name": "greeting", "prompt_version": "2", "error_type": "_OTHER",
            ])
        expect([("langfuse.observation.type", "span"), ("gen_ai.request.model", "m")], ["kind": "span", "request_model": "m"])
    }

    @Test("Traceloop: workflows and tools by their entities; an entity is a tool's name only on tools")
    func traceloop() {
        let entity: [(String, AttributeValue)] = [
            ("traceloop.entity.name", "lookup"), ("traceloop.entity.input", "{}"), ("traceloop.entity.output", "{}"),
            ("traceloop.association.properties.session_id", "s-1"), ("traceloop.association.properties.user_id", "u-1"),
        ]
        let common = [
            "input": "traceloop.entity.input", "output": "traceloop.entity.output", "session_id": "s-1", "user_id": "u-1",
        ]
        expect(entity + [("traceloop.span.kind", "tool")], common.merging(["kind": "tool", "tool_name": "lookup"]) { $1 })
        expect([("traceloop.span.kind", "workflow")] + entity, common.merging(["kind": "chain"]) { $1 })
    }

    @Test("JSON or maps, the members are the same; what is broken is passed over")
    func structured() {
        let map = AttributeValue.keyValueList([
            KeyValue("input", .int(10)), KeyValue("prompt_tokens_details", .keyValueList([KeyValue("cached_tokens", .double(4))])),
            KeyValue("output", .string("7")),
        ])
        let expected = ["kind": "span", "input_tokens": "14", "cache_read_tokens": "4", "output_tokens": "7"]
        #expect(mapped([("langfuse.observation.usage_details", map)]) == expected)
        let text = #" {"input": 10, "prompt_tokens_details": {"cached_tokens": 4.0}, "output": "7"} "#
        #expect(mapped([("langfuse.observation.usage_details", .string(text))]) == expected)
        for broken in ["{", "[1]", "7", "nul", #"{"input":"#, #"{"input":{}}"#, #"{"input":-1}"#, #"{"input":1.5}"#] {
            #expect(mapped([("langfuse.observation.usage_details", .string(broken))]) == ["kind": "span"], "\(broken)")
        }
        let deep = String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40)
        #expect(mapped([("langfuse.observation.usage_details", .string(#"{"x":"# + deep + #","input":1}"#))]) == ["kind": "span"])
        let long = #"{"x":""# + String(repeating: "x", count: GenAILimits.maximumMemberTextLength) + #"","input":1}"#
        #expect(mapped([("langfuse.observation.usage_details", .string(long))]) == ["kind": "span"])
    }
}
