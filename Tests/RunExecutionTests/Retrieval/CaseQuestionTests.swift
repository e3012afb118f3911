import ByteCoding
import EvaluationModel
import Metastore
import Testing
import TraceModel

@testable import RunExecution

@Suite struct CaseQuestionTests {
    @Test("a case is looked up by its input, by all of its variables, or by what the user said last")
    func questions() {
        func member(_ key: String, _ value: JSONValue) -> JSONMember { JSONMember(key: key, value: value) }
        #expect(CaseQuestion.text(of: .text("refunds?")) == "refunds?")
        #expect(CaseQuestion.text(of: .variables([member("topic", .string("refunds")), member("count", .integer(2))])) == "refunds\n2")
        let messages = [
            PromptMessage(.user, "hello"), PromptMessage(.assistant, "hi"), PromptMessage(.user, "refunds?"),
            PromptMessage(.assistant, "well"),
        ]
        #expect(CaseQuestion.text(of: .messages(messages)) == "refunds?")
    }

    @Test("a case without words is not looked up; a long one is cut; zero characters go")
    func odd() throws {
        #expect(CaseQuestion.text(of: .text(" \n")) == nil)
        #expect(CaseQuestion.text(of: .messages([PromptMessage(.assistant, "hi")])) == nil)
        #expect(CaseQuestion.text(of: .text("a\0b")) == "ab")
        let long = try #require(CaseQuestion.text(of: .text(String(repeating: "é", count: 10_000))))
        #expect(long.utf8.count <= RunExecutionLimits.questionByteCount)
    }

    @Test("a body asks for the context wherever it stands in one of its texts")
    func bodies() throws {
        #expect(JSONTemplate.usesContext(try JSONValue.parse(#"{"a": [{"b": "x {{context}}"}]}"#)))
        #expect(!JSONTemplate.usesContext(try JSONValue.parse(#"{"context": "{{input}}", "b": "\\{{context}}", "c": "{{"}"#)))
        #expect(
            try JSONTemplate.render(.string("{{context}}: {{input}}"), .text("q"), context: "passages") == .string("passages: q"))
    }

    @Test("the spans of a retrieval go with the cell's answer through its checkpoint")
    func checkpoint() throws {
        var output = CellOutput()
        output.text = "yes"
        let span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: "retrieval", startTimeUnixNano: 5, endTimeUnixNano: 6)
        output.retrieval = CellRetrieval(RetrievedContext(text: "passages", spans: [span], spent: CellSpending(costNanoUSD: 9)))
        #expect(output.spent.costNanoUSD == 9 && output.retrieval?.startUnixNano == 5 && output.retrieval?.spans.isEmpty == false)
        #expect(CellOutput(checkpoint: output.checkpoint) == output)
    }
}
