import Testing
import TraceModel

@testable import GenAIConventions

/// Every attribute name of the table alone, with a value of its usual type, and what becomes of it.
@Suite("Every attribute of the mapping fills its field")
struct MappingRowTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var key: String
        var value: AttributeValue
        var expected: [String: String]
        var testDescription: String { "\(key) = \(value)" }

        init(_ key: String, _ value: AttributeValue, _ expected: [String: String], kind: String = "span") {
            self.key = key
            self.value = value
            self.expected = expected.merging(["kind": kind]) { first, _ in first }
        }
    }

    static let rows: [Row] = [
        // kind
        Row("openinference.span.kind", "LLM", [:], kind: "llm"),
        Row("openinference.span.kind", "EMBEDDING", [:], kind: "embedding"),
        Row("openinference.span.kind", "CHAIN", [:], kind: "chain"),
        Row("openinference.span.kind", "RETRIEVER", [:], kind: "retriever"),
        Row("openinference.span.kind", "RERANKER", [:], kind: "reranker"),
        Row("openinference.span.kind", "TOOL", [:], kind: "tool"),
        Row("openinference.span.kind", "AGENT", [:], kind: "agent"),
        Row("openinference.span.kind", "GUARDRAIL", [:], kind: "guardrail"),
        Row("openinference.span.kind", "EVALUATOR", [:], kind: "evaluator"),
        Row("openinference.span.kind", "PROMPT", [:], kind: "prompt"),
        Row("openinference.span.kind", "llm", [:], kind: "llm"),
        Row("openinference.span.kind", "UNKNOWN", [:]),
        Row("openinference.span.kind", .int(3), [:]),
        Row("gen_ai.operation.name", "chat", [:], kind: "llm"),
        Row("gen_ai.operation.name", "text_completion", [:], kind: "llm"),
        Row("gen_ai.operation.name", "completion", [:], kind: "llm"),
        Row("gen_ai.operation.name", "generate_content", [:], kind: "llm"),
        Row("gen_ai.operation.name", "generate", [:], kind: "llm"),
        Row("gen_ai.operation.name", "embeddings", [:], kind: "embedding"),
        Row("gen_ai.operation.name", "execute_tool", [:], kind: "tool"),
        Row("gen_ai.operation.name", "invoke_agent", [:], kind: "agent"),
        Row("gen_ai.operation.name", "create_agent", [:], kind: "agent"),
        Row("gen_ai.operation.name", "invoke_workflow", [:], kind: "chain"),
        Row("gen_ai.operation.name", "plan", [:], kind: "chain"),
        Row("gen_ai.operation.name", "retrieval", [:], kind: "retriever"),
        Row("gen_ai.operation.name", "search_memory", [:], kind: "retriever"),
        Row("gen_ai.operation.name", "create_memory", [:]),
        Row("gen_ai.operation.name", "agent_step", [:]),
        Row("llm.request.type", "chat", [:], kind: "llm"),
        Row("llm.request.type", "completion", [:], kind: "llm"),
        Row("llm.request.type", "embedding", [:], kind: "embedding"),
        Row("llm.request.type", "rerank", [:], kind: "reranker"),
        Row("gen_ai.tool.call.id", "call_1", [:], kind: "tool"),
        // tool and models, which say the kind too
        Row("gen_ai.tool.name", "refund", ["tool_name": "refund"], kind: "tool"),
        Row("tool.name", "refund", ["tool_name": "refund"], kind: "tool"),
        Row("gen_ai.request.model", "gpt-4.1", ["request_model": "gpt-4.1"], kind: "llm"),
        Row("llm.invocation_parameters", #"{"model":"gpt-4.1","temperature":0}"#, ["request_model": "gpt-4.1"]),
        Row("llm.invocation_parameters", #"{"temperature":0}"#, [:]),
        Row("gen_ai.response.model", "gpt-4.1-2025-04-14", ["response_model": "gpt-4.1-2025-04-14"], kind: "llm"),
        Row("llm.request.model_name", "m", ["request_model": "m"], kind: "llm"),
        Row("llm.response.model_name", "m", ["response_model": "m"], kind: "llm"),
        Row("llm.model_name", "m", ["response_model": "m"], kind: "llm"),
        Row("embedding.model_name", "m", ["request_model": "m"], kind: "embedding"),
        Row("reranker.model_name", "m", ["request_model": "m"], kind: "reranker"),
        // provider
        Row("gen_ai.provider.name", "openai", ["provider": "openai"]),
        Row("gen_ai.system", "anthropic", ["provider": "anthropic"]),
        Row("llm.provider", "cohere", ["provider": "cohere"]),
        Row("llm.system", "vertexai", ["provider": "gcp.vertex_ai"]),
        // content
        Row("gen_ai.input.messages", "[]", ["input": "gen_ai.input.messages"]),
        Row("gen_ai.input.messages", .array([.string("x")]), ["input": "gen_ai.input.messages"]),
        Row("gen_ai.tool.call.arguments", .keyValueList([KeyValue("q", "x")]), ["input": "gen_ai.tool.call.arguments"]),
        Row("gen_ai.retrieval.query.text", "q", ["input": "gen_ai.retrieval.query.text"]),
        Row("gen_ai.prompt", "[]", ["input": "gen_ai.prompt"]),
        Row("input.value", "hello", ["input": "input.value"]),
        Row("reranker.query", "hello", ["input": "reranker.query"]),
        Row("llm.input_messages.0.message.content", "hello", ["input": "llm.input_messages.0.message.content"]),
        Row("llm.input_messages.12.message.role", "user", ["input": "llm.input_messages.12.message.role"]),
        Row("gen_ai.prompt.0.content", "hello", ["input": "gen_ai.prompt.0.content"]),
        Row("gen_ai.prompt.3.role", "user", ["input": "gen_ai.prompt.3.role"]),
        Row("embedding.embeddings.0.embedding.text", "t", ["input": "embedding.embeddings.0.embedding.text"]),
        Row("gen_ai.output.messages", "[]", ["output": "gen_ai.output.messages"]),
        Row("gen_ai.tool.call.result", .bool(false), ["output": "gen_ai.tool.call.result"]),
        Row("gen_ai.retrieval.documents", .array([.string("d")]), ["output": "gen_ai.retrieval.documents"]),
        Row("gen_ai.completion", "[]", ["output": "gen_ai.completion"]),
        Row("output.value", "bye", ["output": "output.value"]),
        Row("llm.output_messages.0.message.content", "bye", ["output": "llm.output_messages.0.message.content"]),
        Row(
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "f",
            ["output": "llm.output_messages.0.message.tool_calls.0.tool_call.function.name"]),
        Row("gen_ai.completion.0.content", "bye", ["output": "gen_ai.completion.0.content"]),
        Row("gen_ai.completion.0.finish_reason", "stop", ["output": "gen_ai.completion.0.finish_reason"]),
        Row("retrieval.documents.0.document.content", "d", ["output": "retrieval.documents.0.document.content"]),
        Row("retrieval.documents.0.document.id", "7", ["output": "retrieval.documents.0.document.id"]),
        // usage
        Row("gen_ai.usage.input_tokens", .int(7), ["input_tokens": "7"]),
        Row("gen_ai.usage.prompt_tokens", .int(7), ["input_tokens": "7"]),
        Row("llm.token_count.prompt", .int(7), ["input_tokens": "7"]),
        Row("gen_ai.usage.output_tokens", .int(7), ["output_tokens": "7"]),
        Row("gen_ai.usage.completion_tokens", .int(7), ["output_tokens": "7"]),
        Row("llm.token_count.completion", .int(7), ["output_tokens": "7"]),
        Row("gen_ai.usage.cache_read.input_tokens", .int(7), ["cache_read_tokens": "7"]),
        Row("gen_ai.usage.cache_read_input_tokens", .int(7), ["cache_read_tokens": "7"]),
        Row("llm.token_count.prompt_details.cache_read", .int(7), ["cache_read_tokens": "7"]),
        Row("llm.token_count.prompt_details.cache_input", .int(7), ["cache_read_tokens": "7"]),
        Row("gen_ai.usage.details.cache_read_tokens", .int(7), ["cache_read_tokens": "7"]),
        Row("gen_ai.usage.input_tokens.cached", .int(7), ["cache_read_tokens": "7"]),
        Row("gen_ai.usage.cache_write.input_tokens", .int(7), ["cache_write_tokens": "7"]),
        Row("gen_ai.usage.cache_creation.input_tokens", .int(7), ["cache_write_tokens": "7"]),
        Row("gen_ai.usage.cache_creation_input_tokens", .int(7), ["cache_write_tokens": "7"]),
        Row("llm.token_count.prompt_details.cache_write", .int(7), ["cache_write_tokens": "7"]),
        Row("gen_ai.usage.details.cache_write_tokens", .int(7), ["cache_write_tokens": "7"]),
        Row("gen_ai.usage.reasoning.output_tokens", .int(7), ["reasoning_tokens": "7"]),
        Row("gen_ai.usage.reasoning_tokens", .int(7), ["reasoning_tokens": "7"]),
        Row("llm.token_count.completion_details.reasoning", .int(7), ["reasoning_tokens": "7"]),
        Row("gen_ai.usage.audio.input_tokens", .int(7), ["(audio input)": "7"]),
        Row("gen_ai.usage.audio.cache_read.input_tokens", .int(7), ["(audio cache reads)": "7"]),
        Row("gen_ai.usage.audio.output_tokens", .int(7), ["(audio output)": "7"]),
        Row("gen_ai.usage.image.input_tokens", .int(7), ["(image input)": "7"]),
        Row("gen_ai.usage.image.cache_read.input_tokens", .int(7), ["(image cache reads)": "7"]),
        Row("gen_ai.usage.image.output_tokens", .int(7), ["(image output)": "7"]),
        Row("gen_ai.usage.cache_write.ephemeral_1h.input_tokens", .int(7), ["(cache writes for 1 h)": "7"]),
        Row("gen_ai.usage.cache_write.ephemeral_1h_input_tokens", .int(7), ["(cache writes for 1 h)": "7"]),
        Row("gen_ai.usage.cache_creation.ephemeral_1h.input_tokens", .int(7), ["(cache writes for 1 h)": "7"]),
        Row("gen_ai.usage.cache_creation.ephemeral_1h_input_tokens", .int(7), ["(cache writes for 1 h)": "7"]),
        Row("gen_ai.usage.details.ephemeral_1h_input_tokens", .int(7), ["(cache writes for 1 h)": "7"]),
        Row("gen_ai.usage.details.input_audio_tokens", .int(7), ["(audio input)": "7"]),
        Row("gen_ai.usage.details.output_audio_tokens", .int(7), ["(audio output)": "7"]),
        Row("gen_ai.usage.details.cache_audio_read_tokens", .int(7), ["(audio cache reads)": "7"]),
        Row("llm.token_count.prompt_details.audio", .int(7), ["(audio input)": "7"]),
        Row("llm.token_count.completion_details.audio", .int(7), ["(audio output)": "7"]),
        Row("openai.response.service_tier", "flex", ["(service tier)": "flex"]),
        Row("gen_ai.openai.response.service_tier", "Priority", ["(service tier)": "priority"]),
        Row("anthropic.response.service_tier", "batch", ["(service tier)": "batch"]),
        Row("anthropic.service_tier", "batch", ["(service tier)": "batch"]),
        Row("gen_ai.anthropic.response.service_tier", "batch", ["(service tier)": "batch"]),
        Row("gen_ai.anthropic.service_tier", "batch", ["(service tier)": "batch"]),
        Row("gen_ai.response.service_tier", "batch", ["(service tier)": "batch"]),
        Row("anthropic.service_tier", "auto", [:]),
        Row("gen_ai.usage.cost", .double(0.25), ["reported_cost": "0.25", "cost": "0.25"]),
        Row("llm.cost.total", .double(0.25), ["reported_cost": "0.25", "cost": "0.25"]),
        Row("llm.cost.prompt", .double(0.25), ["reported_cost": "0.25", "cost": "0.25"]),
        Row("llm.cost.completion", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.prompt_details.input", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.prompt_details.cache_read", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.prompt_details.cache_write", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.prompt_details.audio", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.completion_details.output", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.completion_details.reasoning", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        Row("llm.cost.completion_details.audio", .double(0.5), ["reported_cost": "0.5", "cost": "0.5"]),
        // context
        Row("gen_ai.conversation.id", "s", ["session_id": "s"]),
        Row("session.id", "s", ["session_id": "s"]),
        Row("user.id", "u", ["user_id": "u"]),
        Row("enduser.id", "u", ["user_id": "u"]),
        Row("gen_ai.prompt.name", "p", ["prompt_name": "p"]),
        Row("prompt.id", "p", ["prompt_name": "p"]),
        Row("gen_ai.prompt.version", "3", ["prompt_version": "3"]),
        Row("llm.prompt_template.version", .int(3), ["prompt_version": "3"]),
        Row("error.type", "TimeoutError", ["error_type": "TimeoutError"]),
        Row("tag.tags", .array(["a", "b"]), ["tags": "a|b"]),
        // neighbours that must not be taken for one of them
        Row("gen_ai.prompt.", "x", [:]),
        Row("gen_ai.prompt.name.x", "x", [:]),
        Row("gen_ai.prompt.0x", "x", [:]),
        Row("llm.input_messages", "x", [:]),
        Row("gen_ai.input.messagesx", "x", [:]),
        Row("GEN_AI.INPUT.MESSAGES", "x", [:]),
        Row("http.request.method", "POST", [:]),
        Row("", "x", [:]),
    ]

    @Test("an attribute alone fills what its row says", arguments: rows + dialectRows)
    func row(_ row: Row) {
        #expect(mapped([(row.key, row.value)]) == row.expected)
    }

    @Test("every rule of the shipped mapping has a row here")
    func coverage() {
        let rows = Self.rows + Self.dialectRows
        for rule in AttributeMapping.current.rules {
            switch rule.key {
            case .exact(let key): #expect(rows.contains { $0.key == key }, "\(key)")
            case .member(let key, let path):
                let isTold = rows.contains { row in
                    guard row.key == key, case .string(let text) = row.value else { return false }
                    return path.allSatisfy { text.contains("\"\($0)\"") }
                }
                #expect(isTold, "\(key) \(path)")
            case .indexed(let prefix, let suffix):
                #expect(rows.contains { $0.key.hasPrefix(prefix + ".") && $0.key.hasSuffix(suffix) }, "\(prefix)")
            case .errorEvent, .spanName: break  // See ErrorTypeTests and DialectFixtureTests.
            }
        }
    }
}

extension AttributeValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
}
