import ByteCoding
import GenAIConventions
import ModelProviders
import Testing

@Suite("The dialect openai_chat")
struct OpenAIChatTests {
    @Test("says a conversation with images, tools and their results")
    func request() throws {
        let text = try bodyText(richRequest, .openAIChat)
        #expect(
            text
                == #"{"model":"m","messages":[{"role":"system","content":"Be brief."},"#
                + #"{"role":"user","content":[{"type":"text","text":"What is it?"},"#
                + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},"#
                + #"{"role":"assistant","content":"Let me look.","tool_calls":[{"id":"c1","type":"function","#
                + #""function":{"name":"look","arguments":"{\"at\":1}"}}]},"#
                + #"{"role":"tool","tool_call_id":"c1","content":"a cat"}],"#
                + #""tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{}}}],"#
                + #""tool_choice":{"type":"function","function":{"name":"look"}}}"#)
    }

    @Test("says every parameter, asks a stream for its usage, and lays the extra members over the body")
    func parameters() throws {
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")])
        request.parameters.temperature = 0.5
        request.parameters.topP = 0.25
        request.parameters.maximumOutputTokenCount = 7
        request.parameters.stop = ["x"]
        request.parameters.seed = 3
        request.parameters.reasoningEffort = "low"
        request.responseFormat = .jsonSchema(name: "s", schema: .object([]), isStrict: true)
        request.stream = true
        let start =
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_schema","#
            + #""json_schema":{"name":"s","schema":{},"strict":true}},"temperature":0.5,"top_p":0.25,"#
        let rest = #":7,"stop":["x"],"seed":3,"reasoning_effort":"low","stream":true"#
        #expect(
            try bodyText(request, .openAIChat) == start + #""max_completion_tokens""# + rest + #","stream_options":{"include_usage":true}}"#
        )
        request.parameters.extra = try JSONValue.parse(#"{"stream_options":null,"temperature":1,"logit_bias":{"5":2},"seed":null}"#)
        let patched = try bodyText(request, .openAIChat, .openAICompatible)
        #expect(
            patched == start.replacing("0.5", with: "1") + #""max_tokens""# + rest.replacing(#""seed":3,"#, with: "")
                + #","logit_bias":{"5":2}}"#)
        request.parameters.extra = try JSONValue.parse(#"{"n":2}"#)
        #expect(fault { try bodyText(request, .openAIChat) }?.kind == .invalid)
        request.parameters.extra = .string("x")
        #expect(fault { try bodyText(request, .openAIChat) }?.kind == .invalid)
    }

    @Test("reads a whole answer with its tokens")
    func wholeAnswer() throws {
        let response = try whole(
            #"{"id":"r1","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi \u00e9","#
                + #""refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"#
                + #""total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}"#,
            .openAIChat)
        var expected = ChatResponse()
        expected.text = "Hi é"
        expected.finishReason = .stop
        expected.providerFinishReason = "stop"
        expected.model = "m-1"
        expected.id = "r1"
        expected.usage = TokenUsage(input: 10, output: 5, cacheRead: 4, cacheWrite: 2, reasoning: 3)
        #expect(response == expected)
    }

    @Test("reads tool calls and refusals, and what compatible servers make of them")
    func toolsAndRefusals() throws {
        let calls = try whole(
            #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},"#
                + #"{"id":"","function":{"name":"g","arguments":{"x":[1]}}}]},"finish_reason":"tool_calls"}]}"#, .openAIChat)
        #expect(
            calls.toolCalls == [ToolCall(id: "a", name: "f", arguments: "{}"), ToolCall(id: "call_1", name: "g", arguments: #"{"x":[1]}"#)])
        #expect(calls.finishReason == .toolCalls && calls.text.isEmpty && calls.usage == nil)
        let refused = try whole(
            #"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"}],"refusal":"No."},"finish_reason":"content_filter"}]}"#,
            .openAIChat)
        #expect(refused.text == "ab" && refused.refusal == "No." && refused.finishReason == .contentFilter)
    }

    @Test(
        "counts xAI's reasoning tokens where the total says that the output leaves them out, and takes the cost it bills",
        arguments: [
            (
                #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":23,"completion_tokens_details":{"reasoning_tokens":8}}"#,
                Int64(13)
            ),
            (#"{"prompt_tokens":10,"completion_tokens":13,"total_tokens":23,"completion_tokens_details":{"reasoning_tokens":8}}"#, 13),
            (#"{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":8}}"#, 13),
            (#"{"prompt_tokens":10,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":8}}"#, 9),
        ])
    func reasoningTokens(usage: String, output: Int64) throws {
        let response = try whole(
            #"{"choices":[{"message":{"content":"","reasoning_content":"hm"},"finish_reason":"stop"}],"usage":"#
                + usage.dropLast() + #","cost_in_usd_ticks":25000000}}"#, .openAIChat)
        #expect(response.usage == TokenUsage(input: 10, output: output, reasoning: 8))
        #expect(response.reportedCost == 0.0025)
        #expect(response.reasoning == "hm")
    }

    @Test("gathers a stream with tool calls in fragments, usage in a last chunk, and events it does not know")
    func stream() throws {
        let (response, deltas) = try streamed(
            [
                #"{"id":"r","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#,
                #"{"choices":[{"index":0,"delta":{"reasoning_content":"th","reasoning":"th"}}]}"#,
                #"{"choices":[{"index":0,"delta":{"content":"Hel"}}],"obfuscation":"zz"}"#,
                #"{"choices":[{"index":0,"delta":{"content":"lo"}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}},{"index":1,"function":{"arguments":"}"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
                #"{"object":"something.new","value":[1,{"a":null}]}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
                #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
                "[DONE]",
                #"{"choices":[{"delta":{"content":"after the end"}}]}"#,
            ], .openAIChat)
        #expect(response.text == "Hello" && response.reasoning == "th" && response.id == "r" && response.model == "m")
        #expect(
            response.toolCalls == [ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#), ToolCall(id: "b", name: "g", arguments: "{}")])
        #expect(response.finishReason == .toolCalls && response.usage == TokenUsage(input: 3, output: 2))
        #expect(
            deltas == [
                .reasoning("th"), .text("Hel"), .text("lo"), .toolCall(index: 0, id: "a", name: "f"),
                .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "{"), .toolArguments(index: 0, #"{"x""#),
                .toolArguments(index: 1, "}"), .toolArguments(index: 0, ":1}"),
            ])
    }

    @Test("takes a stream without a last word when it gave a reason, or without a reason when it gave the last word; else it was cut")
    func ends() throws {
        let text = #"{"choices":[{"delta":{"content":"a"}}]}"#
        #expect(
            try streamed([text, #"{"choices":[{"delta":{},"finish_reason":"length"}]}"#], .openAIChat).response.finishReason == .length)
        #expect(try streamed([text, "[DONE]"], .openAIChat).response.finishReason == .other)
        #expect(fault { try streamed([text], .openAIChat) }?.kind == .retryable)
        #expect(fault { try streamed([text, #"{"choices":[{"#], .openAIChat) }?.kind == .retryable)
        #expect(
            fault { try streamed([text, #"{"error":{"message":"busy","code":"rate_limit_exceeded"}}"#], .openAIChat) }?.kind == .limited)
        #expect(try whole(#"{"error":null,"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#, .openAIChat).text == "a")
    }

    @Test(
        "knows a body without an answer from one that was cut",
        arguments: [
            ("{}", ProviderFault.Kind.invalid), (#"{"choices":[]}"#, .invalid), ("<html>", .invalid), ("", .invalid),
            (#"{"choices":[{"message":{"content":"a"#, .retryable), (#"{"error":"out of memory"}"#, .retryable),
            (#"{"error":{"code":"insufficient_quota","message":"pay"}}"#, .refused), ("[1]", .invalid), ("null", .invalid),
        ])
    func noAnswer(body: String, kind: ProviderFault.Kind) { #expect(fault { try whole(body, .openAIChat) }?.kind == kind) }
}
