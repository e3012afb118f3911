import ByteCoding
import Testing

@testable import Dashboard

@Suite("The conversation of a span") struct ConversationTests {
    private static let place = TracePlace(project: "/projects/p", traceID: "0af7", origin: "")

    private func built(
        _ span: JSONValue, _ tools: [String] = [], before: Int? = nil
    ) throws -> PageContext {
        let spans = ToolSpans(try tools.map { try Hostile.json($0) }, caller: span.text("span_id"))
        let texts = SpanTexts(span: span, path: "")
        return .make { context in
            Conversation(span: span, texts: texts, place: Self.place, toolSpans: spans, before: before).set(in: &context)
        }
    }

    private func long(_ count: Int, omitted: Int = 0) throws -> JSONValue {
        let messages = (0..<count).map { #"{"role": "user", "parts": [{"type": "text", "text": "\#($0)"}]}"# }.joined(separator: ",")
        return try Hostile.json(
            #"{"span_id": "00f0", "input_messages": [\#(messages)], "output_messages": [], "omitted_message_count": \#(omitted)}"#)
    }

    private func texts(_ context: PageContext) -> [String] {
        (context["messages"].arrayValue ?? []).map { $0.list("parts").first?.text("text") ?? "" }
    }

    @Test("a long one begins with its last messages, and those before come in pieces until the first")
    func earlier() throws {
        let span = try long(150)
        let last = try built(span)
        #expect(texts(last) == (90..<150).map { String($0) } && last["has_earlier"] == .bool(true))
        #expect(last["earlier_url"] == .string("/projects/p/traces/0af7?span=00f0&before=90"))
        #expect(last["earlier_text"] == .string("90 earlier messages"))
        let middle = try built(span, before: 90)
        #expect(texts(middle) == (30..<90).map { String($0) })
        #expect(middle["earlier_url"] == .string("/projects/p/traces/0af7?span=00f0&before=30"))
        let first = try built(span, before: 30)
        #expect(texts(first) == (0..<30).map { String($0) } && first["has_earlier"] == .bool(false))
        for outside in [-1, 0, 151, Int.max] { #expect(texts(try built(span, before: outside)).count <= 60) }
    }

    @Test("what the API leaves out stands behind the last message, and is no earlier one")
    func omitted() throws {
        let cut = try built(try long(3, omitted: 40))
        #expect(cut["has_earlier"] == .bool(false) && cut["has_omitted"] == .bool(true))
        #expect(cut["omitted_text"] == .string("40 more messages: they are in the attributes"))
        #expect(try built(try long(100, omitted: 40), before: 40)["has_omitted"] == .bool(false), "in the last piece alone")
    }

    /// Two calls of the same tool with ids, one before them that another span made.
    private static let calling = #"""
        {"span_id": "00f0", "input_messages": [{"role": "assistant", "parts": [
            {"type": "tool_call", "tool_call_id": "old", "tool_name": "search", "value": {"q": 0}}]}],
         "output_messages": [{"role": "assistant", "parts": [
            {"type": "tool_call", "tool_call_id": "a", "tool_name": "search", "value": {"q": 1}},
            {"type": "tool_call", "tool_call_id": "b", "tool_name": "search", "value": {"q": 2}}]}]}
        """#

    private func links(_ context: PageContext) -> [String] {
        (context["messages"].arrayValue ?? []).flatMap { $0.list("parts") }.map { $0.flag("has_span_url") ? $0.text("span_id") : "-" }
    }

    @Test("a tool's call leads to the span that says its id")
    func byID() throws {
        let tools = [
            #"{"span_id": "t2", "parent_span_id": "else", "tool_name": "search", "attributes.gen_ai.tool.call.id": "b"}"#,
            #"{"span_id": "t1", "parent_span_id": "else", "tool_name": "search", "attributes.ai.toolCall.id": "a"}"#,
            #"{"span_id": "t0", "parent_span_id": "before", "tool_name": "search", "attributes.tool.id": "old"}"#,
        ]
        let context = try built(try Hostile.json(Self.calling), tools)
        #expect(links(context) == ["t0", "t1", "t2"])
        let call = context["messages"].arrayValue?.last?.list("parts").first
        #expect(call?.text("span_url") == "/projects/p/traces/0af7?span=t1")
    }

    @Test("without ids it leads to the span's own children of that name, one after the other; what is no child is not guessed")
    func byChild() throws {
        func tool(_ id: String, _ parent: String, _ name: String = "search") -> String {
            #"{"span_id": "\#(id)", "parent_span_id": "\#(parent)", "tool_name": "\#(name)"}"#
        }
        let span = try Hostile.json(Self.calling)
        #expect(links(try built(span, [tool("t1", "00f0"), tool("t2", "00f0")])) == ["-", "t1", "t2"])
        #expect(links(try built(span, [tool("t1", "00f0", "other"), tool("t2", "else"), tool("t3", "00f0")])) == ["-", "t3", "-"])
        #expect(links(try built(span)) == ["-", "-", "-"])
    }

    @Test("tools that a call offers are named whether they stand in its attributes or in an event, as text or with their structure")
    func offeredTools() throws {
        let list = #"[{"type":"function","name":"weather"},{"type":"function","function":{"name":"search"}}]"#
        let text = String(decoding: JSONValue.string(list).bytes, as: UTF8.self)
        for tools in [list, text] {
            for span in [
                #"{"attributes":{"gen_ai.tool.definitions":\#(tools)},"events":[]}"#,
                #"{"attributes":{},"events":[{"name":"exception","attributes":{}},{"attributes":{"gen_ai.tool.definitions":\#(tools)}}]}"#,
            ] {
                let context = try built(try Hostile.json(span))
                #expect(context["tools"].arrayValue?.map { $0.text("name") } == ["weather", "search"], "\(span)")
                #expect(context["tools_text"] == .string("2 tools offered"))
            }
        }
        for span in [#"{}"#, #"{"attributes":{"gen_ai.tool.definitions":"[broken"},"events":[{}]}"#] {
            #expect(try built(try Hostile.json(span))["has_tools"] == .bool(false))
        }
    }
}
