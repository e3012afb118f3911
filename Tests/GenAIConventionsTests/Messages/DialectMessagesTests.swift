import ByteCoding
import SeededRandom
import Testing
import TraceModel

@testable import GenAIConventions

/// What each dialect writes for: a user asks, a model reasons and calls a tool, the tool answers, the model answers.
@Suite("Messages of every dialect come to one form")
struct DialectMessagesTests {
    private func messages(
        _ attributes: [(String, AttributeValue)], input: String? = nil, output: String? = nil, events: [SpanRecord.Event] = []
    ) -> SpanMessages {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat", startTimeUnixNano: 0, endTimeUnixNano: 1)
        span.attributes = attributes.map { KeyValue($0.0, $0.1) }
        span.events = events
        span.llm.inputKey = input
        span.llm.outputKey = output
        return SpanMessages(span)
    }

    private static let oslo = JSONValue.object([JSONMember(key: "city", value: .string("Oslo"))])
    private static let asked = SpanMessage(role: "user", parts: [.text("Weather?")])
    private static let called = SpanMessage(role: "assistant", parts: [.toolCall(id: "c1", name: "weather", arguments: oslo)])
    private static func answered(name: String? = nil) -> SpanMessage {
        SpanMessage(role: "tool", parts: [.toolResult(id: "c1", name: name, result: .string("rain"))])
    }
    private static let system = SpanMessage(role: "system", parts: [.text("Be brief.")])

    @Test("Vercel: parts of versions 4 and 5, the answer from its attributes")
    func vercel() {
        let four = #"""
            [{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Weather?"}]},
             {"role":"assistant","content":[{"type":"tool-call","toolCallId":"c1","toolName":"weather","args":{"city":"Oslo"}}]},
             {"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"weather","result":"rain"}]}]
            """#
        let five = four.replacing("\"args\"", with: "\"input\"")
            .replacing(#""result":"rain""#, with: #""output":{"type":"text","value":"rain"}"#)
        for text in [four, five] {
            let found = messages([("ai.prompt.messages", .string(text))], input: "ai.prompt.messages").input
            #expect(found == [Self.system, Self.asked, Self.called, Self.answered(name: "weather")])
        }
        let answer = messages(
            [
                ("ai.response.text", "It"), ("ai.response.reasoning", "hm"), ("ai.response.finishReason", "tool-calls"),
                ("ai.response.toolCalls", #"[{"toolCallId":"c1","toolName":"weather","args":"{\"city\":\"Oslo\"}"}]"#),
            ], output: "ai.response.text"
        ).output
        #expect(
            answer == [
                SpanMessage(
                    role: "assistant", parts: [.reasoning("hm"), .text("It"), .toolCall(id: "c1", name: "weather", arguments: Self.oslo)],
                    finishReason: "tool-calls")
            ])
        let calls = messages(
            [("ai.response.toolCalls", #"[{"toolCallId":"c1","toolName":"weather","input":{"city":"Oslo"}}]"#)],
            output: "ai.response.toolCalls")
        #expect(calls.output == [Self.called])
        let prompt = messages([("ai.prompt", #"{"system":"Be brief.","prompt":"Weather?"}"#)], input: "ai.prompt")
        #expect(prompt.input == [Self.system, Self.asked])
    }

    @Test("OpenInference: flattened messages with images, reasoning and answers of tools")
    func openInference() {
        let found = messages([
            ("llm.input_messages.0.message.role", "user"),
            ("llm.input_messages.0.message.contents.0.message_content.type", "text"),
            ("llm.input_messages.0.message.contents.0.message_content.text", "Weather?"),
            ("llm.input_messages.0.message.contents.1.message_content.type", "image"),
            ("llm.input_messages.0.message.contents.1.message_content.image.image.url", "https://x/y.png"),
            ("llm.input_messages.1.message.role", "tool"), ("llm.input_messages.1.message.tool_call_id", "c1"),
            ("llm.input_messages.1.message.content", "rain"), ("llm.output_messages.0.message.role", "assistant"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c1"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "weather"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", #"{"city":"Oslo"}"#),
        ])
        let image = JSONValue.object([
            JSONMember(key: "type", value: .string("image_url")),
            JSONMember(key: "image_url", value: .object([JSONMember(key: "url", value: .string("https://x/y.png"))])),
        ])
        #expect(found.input == [SpanMessage(role: "user", parts: [.text("Weather?"), .media(image)]), Self.answered()])
        #expect(found.output == [Self.called])
    }

    @Test("older OpenTelemetry: whole JSON, indexed attributes, one event for each message")
    func older() {
        let indexed = messages([
            ("gen_ai.prompt.0.role", "user"), ("gen_ai.prompt.0.content", #"[{"type":"text","text":"Weather?"}]"#),
            ("gen_ai.completion.0.role", "assistant"), ("gen_ai.completion.0.tool_calls.0.id", "c1"),
            ("gen_ai.completion.0.tool_calls.0.name", "weather"), ("gen_ai.completion.0.tool_calls.0.arguments", #"{"city":"Oslo"}"#),
        ])
        #expect(indexed.input == [Self.asked] && indexed.output == [Self.called])
        func event(_ name: String, _ attributes: [(String, AttributeValue)]) -> SpanRecord.Event {
            SpanRecord.Event(
                timeUnixNano: 0, name: name, attributes: attributes.map { KeyValue($0.0, $0.1) }, droppedAttributesCount: 0)
        }
        let said = messages(
            [],
            events: [
                event("gen_ai.system.message", [("content", "Be brief.")]), event("gen_ai.user.message", [("content", "Weather?")]),
                event("gen_ai.tool.message", [("id", "c1"), ("content", "rain")]), event("exception", [("content", "no")]),
                event(
                    "gen_ai.choice",
                    [
                        ("index", .int(0)), ("finish_reason", "tool_calls"),
                        (
                            "message",
                            #"{"tool_calls":[{"id":"c1","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]}"#
                        ),
                    ]),
            ])
        #expect(said.input == [Self.system, Self.asked, Self.answered()])
        #expect(said.output.map(\.parts) == [Self.called.parts] && said.output.first?.finishReason == "tool_calls")
        let prompt = messages([], events: [event("gen_ai.content.prompt", [("gen_ai.prompt", #"[{"role":"user","content":"Weather?"}]"#)])])
        #expect(prompt.input == [Self.asked])
        let details = messages(
            [],
            events: [
                event(
                    "gen_ai.client.inference.operation.details",
                    [
                        ("gen_ai.system_instructions", #"[{"type":"text","content":"Be brief."}]"#),
                        (
                            "gen_ai.input.messages",
                            .array([
                                .keyValueList([
                                    KeyValue("role", "user"),
                                    KeyValue(
                                        "parts", .array([.keyValueList([KeyValue("type", "text"), KeyValue("content", "Weather?")])])),
                                ])
                            ])
                        ),
                    ])
            ])
        #expect(details.input == [Self.system, Self.asked])
        let instructions = event(
            "gen_ai.client.inference.operation.details", [("gen_ai.system_instructions", #"[{"type":"text","content":"Be brief."}]"#)])
        let alone = messages([], events: [instructions])
        #expect(alone.input == [Self.system] && alone.output.isEmpty)
    }

    @Test("Logfire and Pydantic AI: everything that was said in one list, requests and answers of SDKs")
    func logfire() {
        let all = messages(
            [
                (
                    "pydantic_ai.all_messages",
                    .string(
                        #"[{"role":"user","parts":[{"type":"text","content":"Weather?"}]},{"role":"assistant","parts":[{"#
                            + #""type":"tool_call","id":"c1","#
                            + #""name":"weather","arguments":{"city":"Oslo"}}]},{"role":"tool","parts":[{"type":"tool_call_response","#
                            + #""id":"c1","result":"rain"}]},"#
                            + #"{"role":"assistant","parts":[{"type":"text","content":"It rains."}]}]"#)
                ), ("final_result", "It rains."),
            ], input: "pydantic_ai.all_messages", output: "final_result")
        #expect(all.input == [Self.asked, Self.called, Self.answered()])
        #expect(all.output == [SpanMessage(role: "assistant", parts: [.text("It rains.")])])
        let sdk = messages(
            [
                ("request_data", #"{"messages":[{"role":"user","content":"Weather?"}],"model":"m"}"#),
                ("response_data", #"{"message":{"role":"assistant","content":"It rains."},"usage":{}}"#),
            ], input: "request_data", output: "response_data")
        #expect(sdk.input == [Self.asked] && sdk.output == all.output)
        let stream = messages([("response_data", #"{"combined_chunk_content":"It rains.","chunk_count":3}"#)], output: "response_data")
        #expect(stream.output == all.output)
        let events = messages(
            [
                (
                    "all_messages_events",
                    .string(
                        #"[{"event.name":"gen_ai.user.message","content":"Weather?"},{"event.name":"gen_ai.choice","message":{"#
                            + #""role":"assistant"}}]"#)
                )
            ],
            input: "all_messages_events")
        #expect(events.input == [Self.asked])
    }

    @Test("events that came as log records say the same: their bodies are the messages")
    func logRecords() {
        func event(_ name: String, _ body: AttributeValue, _ attributes: [KeyValue] = []) -> SpanRecord.Event {
            SpanRecord.Event(
                timeUnixNano: 0, name: name, attributes: [KeyValue(LogRecordKeys.body, body)] + attributes, droppedAttributesCount: 0)
        }
        func content(_ text: AttributeValue, _ more: [KeyValue] = []) -> AttributeValue {
            .keyValueList([KeyValue("content", text)] + more)
        }
        let call = AttributeValue.keyValueList([
            KeyValue("id", "c1"), KeyValue("type", "function"),
            KeyValue("function", .keyValueList([KeyValue("name", "weather"), KeyValue("arguments", #"{"city":"Oslo"}"#)])),
        ])
        let said = messages(
            [],
            events: [
                event("gen_ai.system.message", content("Be brief."), [KeyValue("gen_ai.system", "openai")]),
                event(
                    "gen_ai.user.message", content("Weather?", [KeyValue("role", "user")]), [KeyValue("event.name", "gen_ai.user.message")]),
                event("gen_ai.tool.message", content("rain", [KeyValue("id", "c1")])),
                event(
                    "gen_ai.choice",
                    .keyValueList([
                        KeyValue("index", .int(0)), KeyValue("finish_reason", "tool_calls"),
                        KeyValue("message", .keyValueList([KeyValue("role", "assistant"), KeyValue("tool_calls", .array([call]))])),
                    ])),
            ])
        #expect(said.input == [Self.system, Self.asked, Self.answered()])
        #expect(said.output.map(\.parts) == [Self.called.parts] && said.output.first?.finishReason == "tool_calls")
        #expect(messages([], events: [event("gen_ai.user.message", "Weather?")]).input == [Self.asked])
        #expect(messages([], events: [event("gen_ai.user.message", #"{"content":"Weather?"}"#)]).input == [Self.asked])
    }

    @Test("MLflow: requests and answers as JSON, texts in quotes")
    func mlflow() {
        let chat = messages(
            [
                ("mlflow.spanInputs", #"{"model":"m","messages":[{"role":"user","content":"Weather?"}]}"#),
                (
                    "mlflow.spanOutputs",
                    .string(
                        #"{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","#
                            + #""type":"function","#
                            + #""function":{"name":"weather","arguments":"{\"city\": \"Oslo\"}"}}]},"finish_reason":"tool_calls"}]}"#)
                ),
            ], input: "mlflow.spanInputs", output: "mlflow.spanOutputs")
        #expect(chat.input == [Self.asked])
        #expect(chat.output.map(\.parts) == [Self.called.parts] && chat.output.first?.finishReason == "tool_calls")
        let text = messages([("mlflow.spanOutputs", #""It \"rains\".""#)], output: "mlflow.spanOutputs")
        #expect(text.output == [SpanMessage(role: "assistant", parts: [.text(#"It "rains"."#)])])
        let gemini = messages(
            [
                (
                    "mlflow.spanOutputs",
                    .string(
                        #"{"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"It rains."}]},"#
                            + #""finishReason":"STOP"}]}"#)
                )
            ],
            output: "mlflow.spanOutputs")
        #expect(gemini.output == [SpanMessage(role: "assistant", parts: [.reasoning("hm"), .text("It rains.")], finishReason: "STOP")])
    }

    @Test("LangSmith: LangChain's constructors and dictionaries, one list in another")
    func langSmith() {
        let found = messages(
            [
                (
                    "gen_ai.prompt",
                    .string(
                        #"{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","messages","SystemMessage"],"kwargs":{"#
                            + #""content":"Be brief."}},"#
                            + #"{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"#
                            + #""content":"Weather?","type":"human"}}]]}"#
                    )
                ),
                (
                    "gen_ai.completion",
                    .string(
                        #"{"generations":[[{"text":"","message":{"lc":1,"type":"constructor","id":["langchain","schema","messages","#
                            + #""AIMessage"],"#
                            + #""kwargs":{"content":"","tool_calls":[{"name":"weather","args":{"city":"Oslo"},"id":"c1","#
                            + #""type":"tool_call"}]}}}]]}"#
                    )
                ),
            ], input: "gen_ai.prompt", output: "gen_ai.completion")
        #expect(found.input == [Self.system, Self.asked] && found.output == [Self.called])
        let plain = messages(
            [
                (
                    "gen_ai.prompt",
                    #"{"messages":[{"type":"human","content":"Weather?"},{"type":"tool","content":"rain","tool_call_id":"c1"}]}"#
                )
            ], input: "gen_ai.prompt")
        #expect(plain.input == [Self.asked, Self.answered()])
    }

    @Test("OpenAI's responses, with reasoning and calls as items, and what Traceloop and Langfuse wrap")
    func others() {
        let responses = messages(
            [
                (
                    "langfuse.observation.input",
                    #"{"instructions":"Be brief.","input":[{"role":"user","content":[{"type":"input_text","text":"Weather?"}]}]}"#
                ),
                (
                    "langfuse.observation.output",
                    .string(
                        #"{"output":[{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"hm"}]},{"#
                            + #""type":"function_call","id":"f","call_id":"c1","#
                            + #""name":"weather","arguments":"{\"city\":\"Oslo\"}"}]}"#)
                ),
            ], input: "langfuse.observation.input", output: "langfuse.observation.output")
        #expect(responses.input == [Self.system, Self.asked])
        #expect(responses.output == [SpanMessage(role: "assistant", parts: [.reasoning("hm")]), Self.called])
        let wrapped = messages(
            [("traceloop.entity.input", #"{"inputs":{"messages":[{"role":"user","content":"Weather?"}]},"tags":[]}"#)],
            input: "traceloop.entity.input")
        #expect(wrapped.input == [Self.asked])
        let quoted = messages([("langfuse.observation.input", #""Weather?""#)], input: "langfuse.observation.input")
        #expect(quoted.input == [Self.asked])
    }

    @Test("whatever stands in the attributes, messages are read without fault and nothing of it is changed")
    func random() {
        let seed = TestSeed.next()
        print("DialectMessagesTests seed: \(seed)")
        var random = SeededGenerator(seed: seed)
        let keys = AttributeMapping.current.rules.filter { $0.field == .input || $0.field == .output }.map { rule -> String in
            if case .indexed(let prefix, let suffix) = rule.key { return "\(prefix).\(Int.random(in: 0...3, using: &random)).\(suffix)" }
            return rule.key.attributeKey ?? ""
        }
        let names = [
            "role", "content", "parts", "type", "text", "messages", "contents", "choices", "message", "tool_calls", "function", "name",
            "arguments", "lc", "kwargs", "id", "input", "output", "generations", "candidates", "event.name", "reasoning", "summary",
        ]
        func json(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 4 ? 5 : 9), using: &random) {
            case 0: return "null"
            case 1: return "17"
            case 2:
                let texts = ["user", "tool", "text", "tool_call", "reasoning", "human", "{", "[1", "function_call"]
                return "\"\(texts.randomElement(using: &random) ?? "")\""
            case 3: return "true"
            case 4: return "1.5"
            case 5, 6: return "[" + (0..<Int.random(in: 0..<4, using: &random)).map { _ in json(depth + 1) }.joined(separator: ",") + "]"
            default:
                return "{"
                    + (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                        "\"\(names.randomElement(using: &random) ?? "")\":\(json(depth + 1))"
                    }
                    .joined(separator: ",") + "}"
            }
        }
        for _ in 0..<3_000 {
            let attributes = (0..<Int.random(in: 1...4, using: &random)).map { _ -> (String, AttributeValue) in
                var text = json(0)
                if Int.random(in: 0..<5, using: &random) == 0 {
                    text = String(text.dropLast(Int.random(in: 0...text.count, using: &random)))
                }
                return (keys.randomElement(using: &random) ?? "", .string(text))
            }
            let found = messages(attributes, input: attributes.first?.0, output: attributes.last?.0)
            #expect(found.omittedCount >= 0 && found == messages(attributes, input: attributes.first?.0, output: attributes.last?.0))
        }
    }
}
