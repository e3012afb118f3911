import ByteCoding
import ContentReading
import EvaluationModel
import Testing
import TraceModel

@Suite("Test cases")
struct TestCaseContentTests {
    private func content(_ text: String) throws -> TestCaseContent { try TestCaseContent(json: JSONValue.parse(text)) }

    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try content(text)
            return []
        } catch let error as InvalidContent {
            return error.problems.map(\.description)
        }
    }

    @Test("a case is read with everything it may say, and written the same")
    func wholeCase() throws {
        let text = """
            {"key":"capital","input":{"variables":{"country":"France"}},"expected":"Paris","scorers":[{"kind":"contains","name":"names it",\
            "all":["Paris"],"ignore_case":true},{"kind":"judge","name":"judge","rubric":"Is it polite?","model":"openai/gpt-4.1",\
            "choices":[{"label":"yes","value":1.0},{"label":"no","value":0.0}],"threshold":1.0,"weight":2.0}],"tags":["geo"],"split":"dev",\
            "metadata":{"owner":"ada"},"source":{"trace_id":"0102030405060708090a0b0c0d0e0f10","span_id":"0102030405060708"}}
            """
        let content = try content(text)
        #expect(content.key == "capital")
        #expect(content.input == .variables([JSONMember(key: "country", value: .string("France"))]))
        #expect(content.scorers[0].parameters == .contains(ContainsParameters(all: ["Paris"], ignoreCase: true)))
        #expect(content.scorers[1].weight == 2)
        #expect(content.source?.spanID == SpanID(hex: "0102030405060708"))
        #expect(String(decoding: content.json.bytes, as: UTF8.self) == text)
        #expect(try TestCaseContent(json: content.json) == content)
    }

    @Test("an input that is one text is the variable `input`")
    func textInput() throws {
        let content = try content(#"{"key": "a", "input": "hello"}"#)
        #expect(content.input == .text("hello"))
        #expect(content.input.variables.first?.key == "input")
    }

    @Test("messages are read in our shape and in OpenAI's")
    func messages() throws {
        let content = try content(
            """
            {"key": "a", "input": {"messages": [
              {"role": "system", "content": "Be brief."},
              {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
              {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\\"city\\": \\"Rome\\"}"}}]},
              {"role": "tool", "tool_call_id": "c1", "content": "sunny"}]}}
            """)
        guard case .messages(let messages) = content.input else { throw InvalidContent("no messages") }
        #expect(messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(messages[1].content?.text == "Weather?")
        #expect(messages[2].toolCalls == [ToolCall(id: "c1", name: "weather", arguments: try JSONValue.parse(#"{"city":"Rome"}"#))])
        #expect(try TestCaseContent(json: content.json) == content)
    }

    @Test("expected null is not the same as nothing expected")
    func expectedNull() throws {
        #expect(try content(#"{"key": "a", "input": "x", "expected": null}"#).expected == .null)
        #expect(try content(#"{"key": "a", "input": "x"}"#).expected == nil)
        let hashes = try [#"{"key": "a", "input": "x", "expected": null}"#, #"{"key": "a", "input": "x"}"#].map {
            try content($0).contentHash
        }
        #expect(hashes[0] != hashes[1])
    }

    @Test("every problem is named with its place, not only the first")
    func allProblems() throws {
        let found = try problems(
            """
            {"key": 7, "input": {"messages": [{"role": "robot", "content": "x"}]}, "tags": ["a", 1], "spilt": "dev",
             "scorers": [{"kind": "regex"}, {"kind": "nope"}, {"kind": "latency", "maximum_ms": "soon"}, {"kind": "exact", "trimm": true}],
             "source": {"trace_id": "xyz"}}
            """)
        #expect(found.contains("key: a text is due here, not a number"))
        #expect(found.contains { $0.hasPrefix("input.messages[0].role: one of system, developer") })
        #expect(found.contains("tags[1]: a text is due here, not a number"))
        #expect(found.contains("scorers[0].pattern: a text is due here"))
        #expect(found.contains { $0.hasPrefix("scorers[1].kind: one of exact, contains") })
        #expect(found.contains("scorers[2].maximum_ms: a number is due here, not a text"))
        #expect(found.contains { $0.hasPrefix("scorers[3].trimm: nothing is known by this name here") })
        #expect(found.contains { $0.hasPrefix("source.trace_id: a trace id has 32") })
        #expect(found.contains { $0.hasPrefix("spilt: nothing is known by this name here") })
    }

    @Test(
        "what is no case is refused",
        arguments: [
            ("[]", "an object is due here, not a list"), ("{}", "key: a text is due here"),
            (#"{"key": "", "input": "x"}"#, "key: the text is empty"), (#"{"key": "a"}"#, "input: a case has an input"),
            (#"{"key": "a", "input": {}}"#, "input: an input is a text, messages or variables"),
            (#"{"key": "a", "input": {"messages": [], "variables": {}}}"#, "input: an input has either messages or variables"),
            (#"{"key": "a", "input": {"messages": []}}"#, "input.messages: there are no messages"),
            (#"{"key": "a", "key": "b", "input": "x"}"#, "the key 'key' stands twice"),
            (#"{"key": "a\u0007", "input": "x"}"#, "key: a key has no control characters"),
            (#"{"key": "a", "input": {"variables": {"": 1}}}"#, "input.variables[\"\"]: a variable's name"),
            (#"{"key": "a", "input": {"messages": [{"role": "user"}]}}"#, "input.messages[0]: a message has content or tool_calls"),
        ])
    func refused(_ text: String, _ message: String) throws {
        let found = try problems(text)
        #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
    }

    @Test("what is too large, too deep or too many is refused with the limit")
    func limits() throws {
        let long = String(repeating: "x", count: TestCaseLimits.maximumKeyByteCount + 1)
        #expect(try problems(#"{"key": "\#(long)", "input": "x"}"#).first?.contains("at most 256") == true)
        let huge = String(repeating: "x", count: TestCaseLimits.maximumContentByteCount)
        #expect(try problems(#"{"key": "a", "input": "\#(huge)"}"#).first?.contains("bytes as JSON") == true)
        let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        #expect(try problems(#"{"key": "a", "input": {"variables": {"a": \#(deep)}}}"#) == ["the value is nested too deeply"])
        let many = Array(repeating: #"{"kind": "nope"}"#, count: 32).joined(separator: ",")
        let wrong = Array(repeating: "1", count: 64).joined(separator: ",")
        do {
            _ = try content(#"{"key": "a", "input": "x", "scorers": [\#(many)], "tags": [\#(wrong)]}"#)
            Issue.record("was taken")
        } catch let error as InvalidContent {
            #expect(error.problems.count == ContentReadingLimits.maximumProblemCount)
            #expect(error.omittedCount == 96 - ContentReadingLimits.maximumProblemCount)
        }
    }

    @Test("the content hash does not depend on the order of members or on how a number is written, but on everything else")
    func contentHash() throws {
        let a = try content(#"{"key": "a", "input": {"variables": {"x": 1, "y": 2}}, "tags": ["t"]}"#)
        let b = try content(#"{"tags": ["t", "t"], "input": {"variables": {"y": 2.0, "x": 1}}, "key": "a"}"#)
        let c = try content(#"{"key": "a", "input": {"variables": {"x": 1, "y": 3}}, "tags": ["t"]}"#)
        #expect(a.contentHash == b.contentHash)
        #expect(a.contentHash != c.contentHash)
    }

    @Test("a case made from an entry of the knowledge base says which, and in which state; what names none is a problem")
    func entrySource() throws {
        for entry in [
            #"{"key":"refunds/policy","revision":7}"#,
            #"{"key":"a","revision":0,"draft_id":"018f0000-0000-7000-8000-000000000002","draft_version":3}"#,
        ] {
            let content = try TestCaseContent(json: JSONValue.parse(#"{"key": "k", "input": "q", "source": {"entry": \#(entry)}}"#))
            #expect(content.source?.traceID == nil && content.source?.entry != nil)
            #expect(String(decoding: content.source?.json["entry"]?.bytes ?? [], as: UTF8.self) == entry)
            #expect(try TestCaseContent(json: content.json) == content)
        }
        for (wrong, path) in [
            (#"{"entry": {"key": "a"}}"#, "source.entry.revision"), (#"{"entry": {"revision": 1}}"#, "source.entry.key"),
            (#"{"entry": {"key": "a", "revision": 1}, "trace_id": "x"}"#, "source"), (#"{"entry": 7}"#, "source.entry"),
        ] {
            let error = #expect(throws: InvalidContent.self) {
                try TestCaseContent(json: JSONValue.parse(#"{"key": "k", "input": "q", "source": \#(wrong)}"#))
            }
            #expect(error?.problems.contains { $0.path.hasPrefix(path) } == true, "\(wrong): \(error?.description ?? "")")
        }
    }
}
