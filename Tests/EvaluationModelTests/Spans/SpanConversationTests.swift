import ByteCoding
import EvaluationModel
import Testing
import TraceModel

@Suite("What a span says was asked and answered") struct SpanConversationTests {
    private func span(_ attributes: [(String, AttributeValue)], input: String? = nil, output: String? = nil) -> SpanRecord {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: "chat", startTimeUnixNano: 1, endTimeUnixNano: 2_000_001)
        span.attributes = attributes.map { KeyValue($0.0, $0.1) }
        span.llm.inputKey = input
        span.llm.outputKey = output
        return span
    }

    @Test("OpenTelemetry's messages: parts, tool calls and their answers, system instructions in front")
    func openTelemetry() {
        let input = """
            [{"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
             {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "weather", "arguments": "{\\"city\\": \\"Paris\\"}"}]},
             {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "rain"}]}]
            """
        let output = #"[{"role": "assistant", "parts": [{"type": "text", "content": "It rains."}], "finish_reason": "stop"}]"#
        let said = SpanConversation(
            span(
                [
                    ("gen_ai.input.messages", .string(input)), ("gen_ai.output.messages", .string(output)),
                    ("gen_ai.system_instructions", .string(#"[{"type": "text", "content": "Be brief."}]"#)),
                ], input: "gen_ai.input.messages", output: "gen_ai.output.messages"))
        #expect(said.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(said.messages[0].content?.text == "Be brief." && said.messages[1].content?.text == "Weather?")
        #expect(said.messages[2].toolCalls.first?.arguments?["city"] == .string("Paris"))
        #expect(said.messages[3].toolCallID == "c1" && said.messages[3].content?.text == "rain")
        #expect(said.text == "It rains." && said.toolCalls.isEmpty && said.hasOutput)
    }

    @Test("messages written as one attribute per part, in the order of their numbers")
    func flattened() {
        let said = SpanConversation(
            span([
                ("llm.input_messages.10.message.role", .string("user")), ("llm.input_messages.10.message.content", .string("last")),
                ("llm.input_messages.2.message.role", .string("system")), ("llm.input_messages.2.message.content", .string("first")),
                ("llm.output_messages.0.message.role", .string("assistant")),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", .string("search")),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", .string(#"{"q": 1}"#)),
            ]))
        #expect(said.messages.map { $0.content?.text } == ["first", "last"] && said.messages.map(\.role) == [.system, .user])
        #expect(said.toolCalls == [ToolCall(name: "search", arguments: .object([JSONMember(key: "q", value: .integer(1))]))])
        #expect(said.text == nil && said.hasOutput)
    }

    @Test(
        "requests and answers of providers, plain texts and values that are no messages",
        arguments: [
            (#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}], "model": "m"}"#, "Hi"),
            (#"[{"role": "human", "content": "Hi"}]"#, "Hi"), ("Hi", "Hi"), (#"{"question": "Hi"}"#, #"{"question":"Hi"}"#),
            ("[not json", "[not json"), (#"[1,2]"#, "[1,2]"),
        ])
    func inputs(_ text: String, _ expected: String) {
        let said = SpanConversation(span([("input.value", .string(text))], input: "input.value"))
        #expect(said.messages.map { $0.content?.text } == [expected] && said.messages.map(\.role) == [.user])
        #expect(!said.hasOutput)
    }

    @Test("an answer as a provider gives it")
    func choices() {
        let answer = #"{"choices": [{"message": {"role": "assistant", "content": "Yes."}}]}"#
        #expect(SpanConversation(span([("output.value", .string(answer))], output: "output.value")).text == "Yes.")
    }

    @Test("a payload says what scorers look at, and reads back")
    func payload() throws {
        var given = span(
            [("gen_ai.input.messages", .string(#"[{"role":"user","content":"Q"}]"#)), ("out", .string("A"))],
            input: "gen_ai.input.messages",
            output: "out")
        given.llm.inputTokens = 5
        given.llm.cost = 0.25
        given.llm.responseModel = "m"
        let scorers = try StoredSpanScorers.read(json: try JSONValue.parse(#"[{"kind": "contains", "all": ["A"]}]"#))
        let payload = try ScoringPayload(given, scorers: scorers)
        let json = try JSONValue.parse(try payload.encoded(decision: "d"))
        #expect(json["decision"] == .string("d") && ScoringPayload(json: json) == payload)
        #expect(payload.text == "A" && payload.durationNano == 2_000_000 && payload.inputTokens == 5 && payload.model == "m")
    }

    @Test("a span without output is unfit for scorers that look at it, one that is too large for all")
    func unfit() throws {
        let text = try StoredSpanScorers.read(json: try JSONValue.parse(#"[{"kind": "contains", "all": ["A"]}]"#))
        let figures = try StoredSpanScorers.read(json: try JSONValue.parse(#"[{"kind": "latency", "maximum_ms": 1}]"#))
        let silent = span([])
        #expect(throws: ScoringPayload.Unfit.self) { try ScoringPayload(silent, scorers: text) }
        #expect(try ScoringPayload(silent, scorers: figures).text == nil)
        let large = span([("out", .string(String(repeating: "x", count: 1 << 20)))], output: "out")
        let payload = try ScoringPayload(large, scorers: text)
        #expect(throws: ScoringPayload.Unfit.self) { try payload.encoded(decision: "d") }
    }
}
