import Access
import ByteCoding
import HTTPTesting
import Testing

@Suite("Test cases made from spans")
struct SpanTestCaseRouteTests {
    private static let trace = "0102030405060708090a0b0c0d0e0f10"

    private static let attributes = #"""
        [{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
        {"key":"gen_ai.system_instructions","value":{"stringValue":"[{\"type\":\"text\",\"content\":\"Be brief.\"}]"}},
        {"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Capital of France?\"}]}]"}},
        {"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Paris\"}]}]"}}]
        """#

    /// Spans 1 and 2 of a call, and a span 3 that says nothing.
    static func export(_ server: LiveServer, _ key: String) async throws {
        for body in [OTLPBodies.json([1, 2], attributes: attributes), OTLPBodies.json([3])] {
            let answer = try await server.send(
                "POST", "/v1/traces", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
                body: Array(body.utf8))
            #expect(answer.text == "{}")
        }
    }

    @Test("what a span was asked becomes the input, what it answered is expected when that is wished, and the span is the source")
    func made() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client
            try await Self.export(routes.server, try await routes.installation.key([.ingest]))
            let suite = try await routes.suite("suite", cases: [RunRoutes.testCase("a")]), path = suite + "/test-cases/from-span"
            func body(_ span: Int, _ more: String = "") -> String { #"{"trace_id":"\#(Self.trace)","span_id":"000000000000000\#(span)"\#(more)}"# }
            let plain = try await client.send("createTestCaseFromSpan", path, body: body(1), expect: 200)
            let content = plain["test_case"]?["content"] ?? .null
            #expect(plain["added_count"]?.integerValue == 1 && plain["version"]?.text("source") == "span")
            #expect(content.text("key") == "span-0000000000000001" && content["expected"] == nil)
            let messages = content["input"]?["messages"]?.arrayValue ?? []
            #expect(messages.map { $0.text("role") } == ["system", "user"])
            #expect(messages.map { $0.text("content") } == ["Be brief.", "Capital of France?"])
            #expect(content["source"]?.text("trace_id") == Self.trace && content["source"]?.text("span_id") == "0000000000000001")

            let more = #","key":"paris","expected_from_output":true,"scorers":[{"kind":"exact"}],"tags":["live"],"split":"dev","metadata":{"n":1}"#
            let whole = try await client.send("createTestCaseFromSpan", path, body: body(2, more), expect: 200)["test_case"]?["content"] ?? .null
            #expect(whole.text("expected") == "Paris" && whole.text("split") == "dev" && whole["scorers"]?.arrayValue?.count == 1)
            let replaced = try await client.send("createTestCaseFromSpan", path, body: body(1, #","key":"paris","expected":null"#), expect: 200)
            #expect(replaced["changed_count"]?.integerValue == 1 && replaced["test_case"]?["content"]?["expected"] == .null)
            let same = try await client.send("createTestCaseFromSpan", path, body: body(1, #","key":"paris","expected":null"#), expect: 200)
            #expect(same["version"] == .null && same["test_case"] == replaced["test_case"])

            for (wrong, field) in [
                (body(3), "span_id"), (body(9), "span_id"), (#"{"trace_id":"\#(Self.trace)"}"#, "span_id"), (#"{"trace_id":"x"}"#, "trace_id"),
                (body(1, #","expected":1,"expected_from_output":true"#), "expected"), (body(1, #","scorers":[{"kind":"odd"}]"#), "scorers[0].kind"),
                (body(1, #","input":"x""#), "input"),
            ] {
                let refused = try await client.send("createTestCaseFromSpan", path, body: wrong, expect: 422)
                #expect(refused["errors"]?.arrayValue?.first?.text("field") == field, "\(wrong)")
            }
            try await routes.stranger().send("createTestCaseFromSpan", path, body: body(1), expect: 404)
            let foreign = try await routes.installation.makeProject("Third")
            let other = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.write], of: foreign))
            let theirs = try await other.send("createSuite", "/api/v1/suites", body: #"{"name":"s"}"#, expect: 201).text("id")
            let unseen = try await other.send(
                "createTestCaseFromSpan", "/api/v1/suites/\(theirs)/test-cases/from-span", body: body(1), expect: 422)
            #expect(unseen["errors"]?.arrayValue?.first?.text("field") == "span_id", "another project's spans are not there")
        }
    }
}
