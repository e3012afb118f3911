import GenAIConventions
import ModelProviders
import Testing

@Suite("The dialect openai_responses")
struct OpenAIResponsesTests {
    @Test("says a conversation as items and keeps nothing at the provider")
    func request() throws {
        let text = try bodyText(richRequest, .openAIResponses)
        #expect(
            text
                == #"{"model":"m","input":[{"type":"message","role":"system","content":[{"type":"input_text","text":"Be brief."}]},"#
                + #"{"type":"message","role":"user","content":[{"type":"input_text","text":"What is it?"},"#
                + #"{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"auto"}]},"#
                + #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]},"#
                + #"{"type":"function_call","call_id":"c1","name":"look","arguments":"{\"at\":1}"},"#
                + #"{"type":"function_call_output","call_id":"c1","output":"a cat"}],"store":false,"#
                + #""tools":[{"type":"function","name":"look","description":"Looks.","parameters":{},"strict":false}],"#
                + #""tool_choice":{"type":"function","name":"look"}}"#)
    }

    @Test("says its own parameters and refuses those it does not have")
    func parameters() throws {
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")])
        request.parameters.maximumOutputTokenCount = 7
        request.parameters.reasoningEffort = "high"
        request.responseFormat = .json
        request.stream = true
        #expect(
            try bodyText(request, .openAIResponses)
                == #"{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}],"store":false,"#
                + #""text":{"format":{"type":"json_object"}},"max_output_tokens":7,"reasoning":{"effort":"high"},"stream":true}"#)
        request.parameters.seed = 1
        #expect(fault { try bodyText(request, .openAIResponses) }?.message == "the dialect openai_responses has no seed")
        request.parameters.seed = nil
        request.parameters.stop = ["x"]
        #expect(fault { try bodyText(request, .openAIResponses) }?.kind == .invalid)
    }

    private static let usage =
        #""usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":3},"output_tokens":6,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":15}"#

    @Test("reads a whole answer with text, reasoning, a refusal and a tool call")
    func wholeAnswer() throws {
        let response = try whole(
            #"{"id":"r","object":"response","status":"completed","error":null,"model":"m","output":["#
                + #"{"type":"reasoning","id":"x","summary":[{"type":"summary_text","text":"hm"}]},"#
                + #"{"type":"message","content":[{"type":"output_text","text":"Hi","annotations":[]},{"type":"refusal","refusal":"No."}]},"#
                + #"{"type":"web_search_call","action":{"query":"q"}},"#
                + #"{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{\"x\":1}"}],"# + Self.usage + "}",
            .openAIResponses)
        #expect(response.text == "Hi" && response.reasoning == "hm" && response.refusal == "No." && response.id == "r")
        #expect(response.toolCalls == [ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#)])
        #expect(response.finishReason == .toolCalls && response.providerFinishReason == "completed")
        #expect(response.usage == TokenUsage(input: 9, output: 6, cacheRead: 3, reasoning: 4))
    }

    @Test(
        "tells why an answer is incomplete, and what failed",
        arguments: [
            (#""status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}"#, FinishReason.length, "max_output_tokens"),
            (#""incomplete_details":{"reason":"content_filter"},"status":"incomplete""#, .contentFilter, "content_filter"),
            (#""status":"incomplete","incomplete_details":null"#, .other, "incomplete"),
        ])
    func incomplete(members: String, reason: FinishReason, word: String) throws {
        let response = try whole("{\(members)}", .openAIResponses)
        #expect(response.finishReason == reason && response.providerFinishReason == word)
    }

    @Test("gathers a stream, with the pieces of a tool call and its whole, and events it does not know")
    func stream() throws {
        let (response, deltas) = try streamed(
            [
                #"{"type":"response.created","sequence_number":0,"response":{"id":"r","model":"m","status":"in_progress","output":[],"error":null}}"#,
                #"{"type":"response.output_item.added","output_index":0,"item":{"type":"message","content":[]}}"#,
                #"{"type":"response.content_part.added","part":{"type":"output_text","text":""}}"#,
                #"{"type":"response.output_text.delta","delta":"Hel","output_index":0}"#,
                #"{"delta":"lo","type":"response.output_text.delta"}"#,
                #"{"type":"response.output_text.done","text":"Hello"}"#,
                #"{"type":"response.reasoning_summary_text.delta","delta":"hm"}"#,
                #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"x\""}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":":1}"}"#,
                #"{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{\"x\":1}"}}"#,
                #"{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"d","name":"g","arguments":"{}"}}"#,
                #"{"type":"response.something_new","delta":{"deep":[1]}}"#,
                #"{"type":"response.completed","response":{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}],"#
                    + Self.usage + "}}",
            ], .openAIResponses, named: true)
        #expect(response.text == "Hello" && response.reasoning == "hm" && response.model == "m")
        #expect(
            response.toolCalls == [ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#), ToolCall(id: "d", name: "g", arguments: "{}")])
        #expect(response.finishReason == .toolCalls && response.usage?.reasoning == 4)
        #expect(deltas.first == .text("Hel") && deltas.last == .toolArguments(index: 1, "{}") && deltas.count == 8)
    }

    @Test("takes the text of the last event when no deltas told it")
    func onlyTheEnd() throws {
        let (response, _) = try streamed(
            [
                #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"text":"Hi","type":"output_text"}]}]}}"#
            ], .openAIResponses)
        #expect(response.text == "Hi" && response.finishReason == .stop)
    }

    @Test(
        "reports the errors of a stream by their code",
        arguments: [
            (#"{"type":"error","code":"rate_limit_exceeded","message":"slow","sequence_number":3}"#, ProviderFault.Kind.limited),
            (#"{"type":"error","error":{"type":"server_error","message":"oops"}}"#, .retryable),
            (#"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"oops"}}}"#, .retryable),
            (#"{"type":"response.failed","response":{"status":"failed","error":{"code":"invalid_prompt"}}}"#, .invalid),
            (#"{"type":"response.failed","response":{"status":"failed","error":{"code":"cyber_policy"}}}"#, .refused),
        ])
    func errors(event: String, kind: ProviderFault.Kind) {
        #expect(fault { try streamed([event], .openAIResponses) }?.kind == kind)
        #expect(fault { try streamed([#"{"type":"response.output_text.delta","delta":"a"}"#], .openAIResponses) }?.kind == .retryable)
    }
}
