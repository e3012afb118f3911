import ByteCoding
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Messages of spans")
struct SpanMessagesTests {
    private func messages(_ attributes: [KeyValue], input: String? = nil, output: String? = nil) -> SpanMessages {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat", startTimeUnixNano: 0, endTimeUnixNano: 1)
        span.attributes = attributes
        span.llm.inputKey = input
        span.llm.outputKey = output
        return SpanMessages(span)
    }

    private func input(_ json: String) -> [SpanMessage] { messages([KeyValue("in", .string(json))], input: "in").input }

    @Test("OpenTelemetry's parts keep reasoning, calls and results apart, system instructions come first")
    func openTelemetry() {
        let found = messages(
            [
                KeyValue("gen_ai.system_instructions", .string(#"[{"type":"text","content":"be kind"}]"#)),
                KeyValue(
                    "gen_ai.input.messages",
                    .string(#"[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"rain":true}}]}]"#)),
                KeyValue(
                    "gen_ai.output.messages",
                    .string(
                        #"[{"role":"assistant","finish_reason":"tool_call","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"wait"},"#
                            + #"{"type":"tool_call","id":"c2","name":"weather","arguments":"{\"city\":\"Oslo\"}"},{"type":"blob","mime_type":"image/png"}]}]"#
                    )),
            ], input: "gen_ai.input.messages", output: "gen_ai.output.messages")
        #expect(found.input.map(\.role) == ["system", "tool"])
        #expect(found.input[0].parts == [.text("be kind")])
        #expect(found.input[1].parts == [.toolResult(id: "c1", name: nil, result: .object([JSONMember(key: "rain", value: .bool(true))]))])
        let media = JSONValue.object([
            JSONMember(key: "type", value: .string("blob")), JSONMember(key: "mime_type", value: .string("image/png")),
        ])
        let city = JSONValue.object([JSONMember(key: "city", value: .string("Oslo"))])
        #expect(
            found.output == [
                SpanMessage(
                    role: "assistant",
                    parts: [.reasoning("hm"), .text("wait"), .toolCall(id: "c2", name: "weather", arguments: city), .media(media)],
                    finishReason: "tool_call")
            ])
    }

    @Test("the chat forms of OpenAI, Anthropic and Gemini")
    func providers() {
        let openAI = input(
            #"{"messages":[{"role":"assistant","content":null,"reasoning_content":"so","tool_calls":[{"id":"a","type":"function","#
                + #""function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"[1]"}]}"#)
        #expect(openAI[0].parts == [.reasoning("so"), .toolCall(id: "a", name: "f", arguments: .object([]))])
        #expect(openAI[1].parts == [.toolResult(id: "a", name: nil, result: .array([.integer(1)]))])
        let anthropic = input(
            #"{"system":"short","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]},"#
                + #"{"role":"assistant","content":[{"type":"thinking","thinking":"mm"},{"type":"tool_use","id":"t","name":"g","input":7}]}]}"#
        )
        // Tools answer as the user there; to readers it is the tool that speaks.
        #expect(anthropic.map(\.role) == ["system", "tool", "assistant"])
        #expect(anthropic[1].parts == [.toolResult(id: "t", name: nil, result: .string("ok"))])
        #expect(anthropic[2].parts == [.reasoning("mm"), .toolCall(id: "t", name: "g", arguments: .integer(7))])
        let both = input(
            #"[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"},{"type":"text","text":"go on"}]}]"#)
        #expect(both.map(\.role) == ["user"] && both[0].parts.count == 2)
        let gemini = input(#"{"contents":[{"role":"model","parts":[{"text":"hi"},{"functionCall":{"name":"h","args":1}}]}]}"#)
        #expect(gemini == [SpanMessage(role: "assistant", parts: [.text("hi"), .toolCall(id: nil, name: "h", arguments: .integer(1))])])
        let choices = messages(
            [KeyValue("out", .string(#"{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"x"}}]}"#))],
            output: "out")
        #expect(choices.output == [SpanMessage(role: "assistant", parts: [.text("x")], finishReason: "stop")])
    }

    @Test("flattened attributes, plain text, and what is no message at all")
    func others() {
        let flattened = messages([
            KeyValue("llm.input_messages.1.message.role", .string("assistant")),
            KeyValue("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", .string("f")),
            KeyValue("llm.input_messages.0.message.role", .string("user")), KeyValue("llm.input_messages.0.message.content", .string("hi")),
            KeyValue("gen_ai.completion.0.content", .string("there")),
        ])
        #expect(flattened.input.map(\.role) == ["user", "assistant"])
        #expect(flattened.input[1].parts == [.toolCall(id: nil, name: "f", arguments: .null)])
        #expect(flattened.output == [SpanMessage(role: "assistant", parts: [.text("there")])])
        #expect(input("plain <b>text</b>") == [SpanMessage(role: "user", parts: [.text("plain <b>text</b>")])])
        #expect(input(#"{"query":1}"#)[0].parts == [.other(.object([JSONMember(key: "query", value: .integer(1))]))])
        #expect(input(#"[{"role":"user","content":"a"},5]"#)[0].parts.count == 1)
        #expect(input("[") == [SpanMessage(role: "user", parts: [.text("[")])])
        #expect(messages([]) == messages([KeyValue("x", .int(1))]))
    }

    @Test("more messages than anybody reads are counted, and JSON nested deeply is left text")
    func limits() {
        let many = input("[" + Array(repeating: #"{"role":"user","content":"a"}"#, count: 3_000).joined(separator: ",") + "]")
        #expect(many.count == 2_000)
        let found = messages(
            [KeyValue("in", .string("[" + Array(repeating: #"{"role":"user","content":"a"}"#, count: 3_000).joined(separator: ",") + "]"))],
            input: "in")
        #expect(found.omittedCount == 1_000)
        let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        #expect(input(deep) == [SpanMessage(role: "user", parts: [.text(deep)])])
    }
}
