import ByteCoding
import Testing
import TraceModel

@testable import EvaluationModel

@Suite("What a model is shown of a trace") struct DraftExcerptTests {
    private func conversation(_ texts: [String], output: String? = "An answer.") throws -> SpanConversation {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: "chat", startTimeUnixNano: 1, endTimeUnixNano: 2)
        let messages = JSONValue.array(
            texts.map {
                .object([JSONMember(key: "role", value: .string("user")), JSONMember(key: "content", value: .string($0))])
            })
        span.attributes = [KeyValue("i", .string(String(decoding: messages.bytes, as: UTF8.self)))]
        span.llm.inputKey = "i"
        if let output {
            span.attributes.append(KeyValue("o", .string(output)))
            span.llm.outputKey = "o"
        }
        return SpanConversation(span)
    }

    @Test("short conversations are shown whole, with what was answered")
    func whole() throws {
        let json = try #require(DraftExcerpt(try conversation(["One?", "Two?"]))).json
        #expect(json["messages"]?.arrayValue?.compactMap { $0["content"]?.stringValue } == ["One?", "Two?"])
        #expect(json["output"]?["content"]?.stringValue == "An answer." && json["omitted_message_count"] == nil)
        var silent = try conversation(["One?"])
        silent.messages = []
        #expect(DraftExcerpt(silent) == nil, "there is nothing to be asked again")
    }

    @Test("of a long conversation the middle is left out")
    func middle() throws {
        let excerpt = try #require(DraftExcerpt(try conversation((1...100).map { "m\($0)" })))
        let texts = excerpt.json["messages"]?.arrayValue?.compactMap { $0["content"]?.stringValue } ?? []
        #expect(texts.count == DraftLimits.excerptMessageCount && excerpt.omittedMessageCount == 60)
        #expect(texts.prefix(5) == ["m1", "m2", "m3", "m4", "m65"] && texts.last == "m100")
    }

    @Test("long texts are cut before short ones, and all of them keep within what a request may hold")
    func bytes() throws {
        let excerpt = try #require(DraftExcerpt(try conversation([String(repeating: "\u{1}", count: 1 << 20), "short"])))
        let texts = excerpt.json["messages"]?.arrayValue?.compactMap { $0["content"]?.stringValue } ?? []
        #expect(texts[1] == "short" && texts[0].utf8.count <= DraftLimits.excerptByteCount && texts[0].hasSuffix("..."))
        #expect(excerpt.json.bytes.count <= 524_288, "escapes included")
        #expect(DraftExcerpt.textCap(of: [10, 10], total: 100) == 100 && DraftExcerpt.textCap(of: [10, 500, 500], total: 100) == 45)
    }
}
