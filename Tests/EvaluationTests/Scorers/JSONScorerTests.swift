import ByteCoding
import Evaluation
import EvaluationModel
import Testing

@Suite("Scorers of JSON and of tool calls")
struct JSONScorerTests {
    @Test(
        "JSON equality knows no order of members and no form of numbers; a subset may have more members",
        arguments: [
            (#"{"a":1,"b":[1,2]}"#, #"{"b":[1.0,2],"a":1}"#, true, true), (#"{"a":1}"#, #"{"a":1,"b":2}"#, false, true),
            (#"{"a":1,"b":2}"#, #"{"a":1}"#, false, false), (#"[1,2]"#, "[1,2,3]", false, false), (#"[1,2]"#, "[2,1]", false, false),
            (#"{"a":{"b":1}}"#, #"{"a":{"b":1,"c":2}}"#, false, true), (#""x""#, #""x""#, true, true), ("null", "null", true, true),
            ("true", "1", false, false), (#"{"a":null}"#, "{}", false, false), ("{}", "not json", false, false), ("1", "", false, false),
        ])
    func equality(_ expected: String, _ output: String, _ isEqual: Bool, _ isSubset: Bool) async throws {
        #expect(try await ScorerTesting.score(#"{"kind":"json_equal"}"#, output, expected: expected).passed == isEqual)
        #expect(try await ScorerTesting.score(#"{"kind":"json_subset"}"#, output, expected: expected).passed == isSubset)
    }

    @Test("the reason names the first difference by its path, the details more of them")
    func differences() async throws {
        let score = try await ScorerTesting.score(
            #"{"kind":"json_equal"}"#, #"{"items":[{"price":1},{"price":3}],"extra":true}"#,
            expected: #"{"items":[{"price":1},{"price":2}],"n":0}"#)
        #expect(score.reason == "the output's JSON differs in 3 places, first at $.items[1].price: expected 2, got 3")
        #expect(score.details?.arrayValue?.map { $0["path"]?.stringValue } == ["$.items[1].price", "$.n", "$.extra"])
    }

    @Test("JSON inside other text counts where the scorer says so")
    func embedded() async throws {
        let output = "Here it is:\n```json\n{\"a\": 1}\n```\nDone."
        #expect(try await ScorerTesting.score(#"{"kind":"json_equal","value":{"a":1}}"#, output).passed == false)
        #expect(try await ScorerTesting.score(#"{"kind":"json_equal","value":{"a":1},"embedded":true}"#, output).passed == true)
        #expect(
            try await ScorerTesting.score(#"{"kind":"json_subset","value":{"a":1},"embedded":true}"#, #"so {"a":1} it is"#).passed == true)
        let none = try await ScorerTesting.score(
            #"{"kind":"json_equal","value":1,"embedded":true}"#, String(repeating: "{[", count: 100_000))
        #expect(none.passed == false)
    }

    @Test("deep and wide outputs are told off, not crashed on")
    func hostile() async throws {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(try await ScorerTesting.score(#"{"kind":"json_equal","value":[]}"#, deep).passed == false)
        let nested = String(repeating: #"{"a":"#, count: 120) + "1" + String(repeating: "}", count: 120)
        #expect(
            try await ScorerTesting.score(##"{"kind":"json_schema","schema":{"properties":{"a":{"$ref":"#"}}}}"##, nested).passed == true)
    }

    @Test(
        "tool calls are compared by name, arguments and order",
        arguments: [
            (#""calls":[{"name":"f","arguments":{"a":1}},{"name":"g"}]"#, true, 1.0),
            (#""calls":[{"name":"g"},{"name":"f","arguments":{"a":1}}]"#, false, 0.0),
            (#""calls":[{"name":"g"},{"name":"f","arguments":{"a":1}}],"order":"any""#, true, 1.0),
            (#""calls":[{"name":"f","arguments":{"a":2}},{"name":"g"}]"#, false, 0.5), (#""calls":[{"name":"f"}]"#, false, 0.5),
            (#""calls":[{"name":"g"}],"allow_extra":true"#, true, 1.0),
            (#""calls":[{"name":"f","arguments":{"a":9}}],"arguments":"ignore","allow_extra":true"#, true, 1.0),
            (#""calls":[{"name":"g","arguments":{"b":1}},{"name":"f"}],"arguments":"subset","order":"any""#, true, 1.0),
            (#""calls":[{"name":"g","arguments":{"b":1}},{"name":"f"}],"order":"any""#, false, 0.5), (#""calls":[]"#, false, 0.0),
            (#""calls":[{"name":"h"}],"order":"any","allow_extra":true"#, false, 0.0),
        ])
    func toolCalls(_ parameters: String, _ passes: Bool, _ value: Double) async throws {
        let output = CaseOutput(
            text: "",
            toolCalls: [
                ToolCall(name: "f", arguments: .object([JSONMember(key: "a", value: .integer(1))])),
                ToolCall(name: "g", arguments: .string(#"{"b": 1, "c": 2}"#)),
            ])
        let score = try await ScorerTesting.score(#"{"kind":"tool_calls",\#(parameters)}"#, output)
        #expect(score.passed == passes, "\(score.reason)")
        #expect(score.value == value, "\(score.reason)")
    }

    @Test("an expectation that says little does not take the call another one needs")
    func matching() async throws {
        let output = CaseOutput(
            text: "", toolCalls: [1, 2].map { ToolCall(name: "f", arguments: .object([JSONMember(key: "a", value: .integer($0))])) })
        let scorer = #"{"kind":"tool_calls","order":"any","calls":[{"name":"f"},{"name":"f","arguments":{"a":1}}]}"#
        #expect(try await ScorerTesting.score(scorer, output).passed == true)
    }

    @Test("the reason says which expected call is missing and why")
    func toolCallReasons() async throws {
        let output = CaseOutput(text: "", toolCalls: [ToolCall(name: "weather", arguments: .string(#"{"city":"Rome"}"#))])
        let score = try await ScorerTesting.score(
            #"{"kind":"tool_calls","calls":[{"name":"weather","arguments":{"city":"Paris"}}]}"#, output)
        #expect(
            score.reason == """
                0 of 1 expected call matched; expected call 1, "weather", has other arguments at $.city: expected "Paris", got "Rome"; \
                the output calls weather
                """)
        let broken = CaseOutput(text: "", toolCalls: [ToolCall(name: "weather", arguments: .string("{oops"))])
        #expect(
            try await ScorerTesting.score(#"{"kind":"tool_calls","calls":[{"name":"weather","arguments":{}}]}"#, broken).reason.contains(
                "not JSON"))
        let none = try await ScorerTesting.score(#"{"kind":"tool_calls","calls":[]}"#, CaseOutput(text: "hello"))
        #expect(none.passed == true && none.reason == "no tool is called, as expected")
        let many = CaseOutput(text: "", toolCalls: Array(repeating: ToolCall(name: "f", arguments: nil), count: 600))
        #expect(try await ScorerTesting.score(#"{"kind":"tool_calls","calls":[{"name":"f"}]}"#, many).error?.code == .limit)
    }
}
