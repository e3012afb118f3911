import ByteCoding
import GenAIConventions
import ModelProviders
import Testing

@Suite("The dialect gemini")
struct GeminiTests {
    @Test("says a conversation with the system apart and function responses by name")
    func request() throws {
        #expect(
            try bodyText(richRequest, .gemini)
                == #"{"contents":[{"role":"user","parts":[{"text":"What is it?"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},"#
                + #"{"role":"model","parts":[{"text":"Let me look."},{"functionCall":{"id":"c1","name":"look","args":{"at":1}}}]},"#
                + #"{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"look","response":{"output":"a cat"}}}]}],"#
                + #""systemInstruction":{"parts":[{"text":"Be brief."}]},"#
                + #""tools":[{"functionDeclarations":[{"name":"look","description":"Looks.","parametersJsonSchema":{}}]}],"#
                + #""toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["look"]}}}"#)
        let orphan = ChatRequest(model: "m", messages: [ChatMessage(.tool, [.toolResult(ToolResult(callID: "x", content: ""))])])
        #expect(fault { try bodyText(orphan, .gemini) }?.kind == .invalid)
    }

    @Test("says its parameters, the thought's signature, and where to stream from")
    func parameters() throws {
        var request = ChatRequest(
            model: "m/../x", messages: [ChatMessage(.assistant, [.toolCall(ToolCall(id: "a", name: "f", arguments: "", signature: "sig"))])]
        )
        request.parameters.temperature = 1
        request.parameters.topP = 0.5
        request.parameters.maximumOutputTokenCount = 7
        request.parameters.stop = ["x"]
        request.parameters.seed = 2
        request.parameters.reasoningEffort = "low"
        request.responseFormat = .jsonSchema(name: "s", schema: .object([]), isStrict: true)
        request.stream = true
        let wire = try ProviderDialect.gemini.wireRequest(for: request, provider: .gemini)
        #expect(wire.path == "/models/m%2f..%2fx:streamGenerateContent?alt=sse" && wire.version == "v1" && wire.keyHeader == .google)
        #expect(
            String(decoding: wire.body, as: UTF8.self)
                == #"{"contents":[{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"sig"}]}],"#
                + #""generationConfig":{"temperature":1.0,"topP":0.5,"maxOutputTokens":7,"stopSequences":["x"],"seed":2,"#
                + #""thinkingConfig":{"thinkingLevel":"LOW"},"responseMimeType":"application/json","responseJsonSchema":{}}}"#)
        request.model = "tunedModels/mine"
        request.stream = false
        #expect(try ProviderDialect.gemini.wireRequest(for: request, provider: .gemini).path == "/tunedModels/mine:generateContent")
    }

    private static let usage =
        #""usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":3,"toolUsePromptTokenCount":2,"totalTokenCount":20}"#

    @Test("reads a whole answer; its output counts the thoughts, its input what tools put in")
    func wholeAnswer() throws {
        let response = try whole(
            #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Hi"},"#
                + #"{"functionCall":{"name":"f","args":{"x":1}},"thoughtSignature":"sig"},{"functionCall":{"id":"k","name":"g"}}],"role":"model"},"#
                + #""finishReason":"STOP","index":0}],"# + Self.usage + #","modelVersion":"m-1","responseId":"r"}"#, .gemini)
        #expect(response.text == "Hi" && response.reasoning == "hm" && response.id == "r" && response.model == "m-1")
        #expect(
            response.toolCalls == [
                ToolCall(id: "call_0", name: "f", arguments: #"{"x":1}"#, signature: "sig"), ToolCall(id: "k", name: "g", arguments: "{}"),
            ])
        #expect(response.finishReason == .toolCalls && response.providerFinishReason == "STOP")
        #expect(response.usage == TokenUsage(input: 12, output: 8, cacheRead: 4, reasoning: 3))
    }

    @Test(
        "knows why it stopped, and that a blocked prompt has no candidates",
        arguments: [
            (#"{"candidates":[{"finishReason":"MAX_TOKENS"}]}"#, FinishReason.length, "MAX_TOKENS"),
            (#"{"candidates":[{"finishReason":"SAFETY"}]}"#, .contentFilter, "SAFETY"),
            (#"{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#, .other, "MALFORMED_FUNCTION_CALL"),
            (
                #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT","safetyRatings":[]},"usageMetadata":{}}"#, .contentFilter,
                "PROHIBITED_CONTENT"
            ),
        ])
    func reasons(body: String, reason: FinishReason, word: String) throws {
        let response = try whole(body, .gemini)
        #expect(response.finishReason == reason && response.providerFinishReason == word)
    }

    @Test("gathers a stream of whole responses")
    func stream() throws {
        let (response, deltas) = try streamed(
            [
                #"{"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"totalTokenCount":10}}"#,
                #"{"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"FINISH_REASON_UNSPECIFIED"}],"newThing":[{}]}"#,
                #"{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"# + Self.usage + "}",
            ], .gemini)
        #expect(response.text == "Hello" && response.finishReason == .stop)
        #expect(response.usage == TokenUsage(input: 12, output: 8, cacheRead: 4, reasoning: 3))
        #expect(deltas == [.text("Hel"), .text("lo")])
        let cut = #"{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}"#
        #expect(fault { try streamed([cut], .gemini) }?.kind == .retryable)
        let error = fault {
            try streamed(
                [cut, #"{"error":{"code":503,"message":"busy","status":"UNAVAILABLE","details":[{"retryDelay":"2s"}]}}"#], .gemini)
        }
        #expect(error?.kind == .retryable && error?.retryAfter == .seconds(2) && error?.status == 503)
    }
}
