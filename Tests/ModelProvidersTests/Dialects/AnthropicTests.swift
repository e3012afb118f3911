import ByteCoding
import CurlClient
import GenAIConventions
import ModelProviders
import Testing

@Suite("The dialect anthropic")
struct AnthropicTests {
    @Test("says a conversation with the system apart and tool results in the user's turn")
    func request() throws {
        var request = richRequest
        request.messages.append(ChatMessage(.user, "Go on."))
        #expect(
            try bodyText(request, .anthropic)
                == #"{"model":"m","max_tokens":4096,"system":"Be brief.","messages":[{"role":"user","content":["#
                + #"{"type":"text","text":"What is it?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},"#
                + #"{"role":"assistant","content":[{"type":"text","text":"Let me look."},{"type":"tool_use","id":"c1","name":"look","input":{"at":1}}]},"#
                + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"a cat"},{"type":"text","text":"Go on."}]}],"#
                + #""tools":[{"name":"look","description":"Looks.","input_schema":{}}],"tool_choice":{"type":"tool","name":"look"}}"#)
    }

    @Test("sends sampling parameters only with the version that takes them, and the key as that version has it")
    func versions() throws {
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")])
        request.parameters.reasoningEffort = "high"
        request.responseFormat = .jsonSchema(name: "s", schema: .object([]), isStrict: true)
        var wire = try ProviderDialect.anthropic.wireRequest(for: request, provider: .anthropic)
        #expect(wire.headers["anthropic-version"] == "2026-10-21" && wire.keyHeader == .bearer && wire.path == "/messages")
        #expect(
            String(decoding: wire.body, as: UTF8.self)
                == #"{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"#
                + #""output_config":{"effort":"high","format":{"type":"json_schema","schema":{}}}}"#)
        request.parameters.temperature = 0
        wire = try ProviderDialect.anthropic.wireRequest(for: request, provider: .anthropic)
        #expect(wire.headers["anthropic-version"] == "2023-06-01" && wire.keyHeader == .anthropic)
        request.parameters.temperature = nil
        request.parameters.extra = try JSONValue.parse(#"{"top_k":5}"#)
        wire = try ProviderDialect.anthropic.wireRequest(for: request, provider: .anthropic)
        #expect(wire.headers["anthropic-version"] == "2023-06-01")
    }

    @Test("refuses what it cannot say instead of dropping it")
    func refusals() throws {
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")])
        request.parameters.seed = 1
        #expect(fault { try bodyText(request, .anthropic) }?.kind == .invalid)
        request.parameters.seed = nil
        request.responseFormat = .json
        #expect(fault { try bodyText(request, .anthropic) }?.kind == .invalid)
        request = ChatRequest(
            model: "m", messages: [ChatMessage(.assistant, [.toolCall(ToolCall(id: "a", name: "f", arguments: "[1"))])])
        #expect(fault { try bodyText(request, .anthropic) }?.kind == .invalid)
        request = ChatRequest(model: "m", messages: [ChatMessage(.system, [.image(.url("https://example.org"))])])
        #expect(fault { try bodyText(request, .anthropic) }?.kind == .invalid)
        #expect(fault { try bodyText(ChatRequest(model: "m", messages: []), .anthropic) }?.kind == .invalid)
        #expect(fault { try ProviderDialect.anthropic.wireRequest(for: EmbeddingRequest(model: "m", inputs: ["a"])) }?.kind == .invalid)
    }

    @Test("reads a whole answer and adds up its input tokens")
    func wholeAnswer() throws {
        let response = try whole(
            #"{"id":"r","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"s"},"#
                + #"{"type":"text","text":"Hi","citations":null},{"type":"server_tool_use","id":"z","name":"web","input":{"q":1}},"#
                + #"{"type":"tool_use","id":"c","name":"f","input":{"x": [1]}}],"#
                + #""stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":40,"cache_creation_input_tokens":10,"#
                + #""cache_read_input_tokens":50,"output_tokens":7,"output_tokens_details":{"thinking_tokens":2},"service_tier":"standard"}}"#,
            .anthropic)
        #expect(response.text == "Hi" && response.reasoning == "hm" && response.id == "r" && response.model == "m")
        #expect(response.toolCalls == [ToolCall(id: "c", name: "f", arguments: #"{"x": [1]}"#)])
        #expect(response.finishReason == .toolCalls && response.providerFinishReason == "tool_use")
        #expect(response.usage == TokenUsage(input: 100, output: 7, cacheRead: 50, cacheWrite: 10, reasoning: 2))
    }

    @Test(
        "knows every reason to stop",
        arguments: [
            ("end_turn", FinishReason.stop), ("stop_sequence", .stop), ("max_tokens", .length), ("model_context_window_exceeded", .length),
            ("refusal", .contentFilter), ("pause_turn", .other), ("brand_new", .other),
        ])
    func reasons(word: String, reason: FinishReason) throws {
        let response = try whole(#"{"content":[],"stop_reason":"\#(word)"}"#, .anthropic)
        #expect(response.finishReason == reason && response.providerFinishReason == word)
    }

    private static let start =
        #"{"type":"message_start","message":{"id":"r","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":40,"cache_read_input_tokens":50,"cache_creation_input_tokens":10,"output_tokens":1}}}"#

    @Test("gathers a stream whose later counts replace the earlier ones")
    func stream() throws {
        let (response, deltas) = try streamed(
            [
                Self.start,
                #"{"type":"ping"}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
                #"{"delta":{"text":"Hel","type":"text_delta"},"index":1,"type":"content_block_delta"}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"lo"}}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"x"}}}"#,
                #"{"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"z","name":"web","input":{}}}"#,
                #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"q\":1}"}}"#,
                #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"c","name":"f","input":{}}}"#,
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"x\""}}"#,
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":":1}"}}"#,
                #"{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"d","name":"g","input":{}}}"#,
                #"{"type":"from_the_future","index":9,"thing":{"a":[]}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15,"output_tokens_details":{"thinking_tokens":4}}}"#,
                #"{"type":"message_stop"}"#,
            ], .anthropic, named: true)
        #expect(response.text == "Hello" && response.reasoning == "hm" && response.id == "r" && response.model == "m")
        #expect(
            response.toolCalls == [ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#), ToolCall(id: "d", name: "g", arguments: "{}")])
        #expect(response.finishReason == .toolCalls)
        #expect(response.usage == TokenUsage(input: 100, output: 15, cacheRead: 50, cacheWrite: 10, reasoning: 4))
        #expect(
            deltas == [
                .reasoning("hm"), .text("Hel"), .text("lo"), .toolCall(index: 0, id: "c", name: "f"), .toolArguments(index: 0, #"{"x""#),
                .toolArguments(index: 0, ":1}"), .toolCall(index: 1, id: "d", name: "g"),
            ])
    }

    @Test(
        "reports the errors of a stream",
        arguments: [
            (#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, ProviderFault.Kind.retryable),
            (#"{"type":"error","error":{"type":"rate_limit_error","message":"x"},"request_id":"q"}"#, .limited),
            (#"{"type":"error","error":{"type":"billing_error","message":"x"}}"#, .refused),
            (#"{"type":"error","error":{"type":"authentication_error","message":"x"}}"#, .auth),
        ])
    func errors(event: String, kind: ProviderFault.Kind) {
        #expect(fault { try streamed([Self.start, event], .anthropic) }?.kind == kind)
        #expect(fault { try streamed([Self.start], .anthropic) }?.kind == .retryable)
    }
}
