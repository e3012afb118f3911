/// `/api/v1/suites/{suite_id}/test-cases/from-span`: a case made from what a stored span says was asked and answered.

import Access
import ByteCoding
import EvaluationModel
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import SpanStore
import TraceModel
import TraceQuery

struct SpanTestCaseHandlers: Sendable {
    let suites: SuiteRepository
    let store: SpanStore
    let reader: TraceReader

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "createTestCaseFromSpan", .post, "/api/v1/suites/{suite_id}/test-cases/from-span", .permission(.writeSuites), body: .json,
                statuses: [200], handler: createTestCaseFromSpan)
        ]
    }

    func createTestCaseFromSpan(_ request: APIRequest) async throws -> Response {
        try request.requireOnly([
            "trace_id", "span_id", "key", "expected", "expected_from_output", "scorers", "tags", "split", "metadata",
        ])
        guard let traceID = TraceID(hex: try request.requiredText("trace_id", maximumByteCount: 64)) else {
            throw Problem.unprocessable("trace_id", "must be 32 hexadecimal digits")
        }
        guard let spanID = SpanID(hex: try request.requiredText("span_id", maximumByteCount: 64)) else {
            throw Problem.unprocessable("span_id", "must be 16 hexadecimal digits")
        }
        let project = try request.project
        guard let suite = try await suites.find(try request.suiteID, in: project) else { throw Problem.notFound("suite") }
        let trace = try await reader.trace(traceID, in: store.snapshot(of: project))
        guard let span = trace?.spans.first(where: { $0.spanID == spanID }) else {
            throw Problem.unprocessable("span_id", "the project has no such span")
        }
        let content = try TestCaseContent(json: .object(try Self.members(request, SpanConversation(span), traceID, spanID)))
        let edit = SuiteEdit(puts: [content], source: .span)
        guard let result = try await suites.edit(suite.id, in: project, edit, audit: try request.audit),
            let stored = try await suites.history(of: content.key, in: suite.id).first
        else { throw Problem.notFound("suite") }
        return .json { writer in
            writer.beginObject()
            writer.suiteEditMembers(result)
            writer.key("test_case")
            writer.testCase(stored)
            writer.endObject()
        }
    }

    /// The case as JSON: what the body says of it goes before what the span says.
    private static func members(
        _ request: APIRequest, _ conversation: SpanConversation, _ traceID: TraceID, _ spanID: SpanID
    ) throws(Problem) -> [JSONMember] {
        guard !conversation.messages.isEmpty else { throw .unprocessable("span_id", "the span tells no input: docs/mapping.md has what is read") }
        let key = try request.text("key", maximumByteCount: TestCaseLimits.maximumKeyByteCount) ?? "span-\(spanID.hex)"
        var members = [
            JSONMember(key: "key", value: .string(key)),
            JSONMember(
                key: "input", value: .object([JSONMember(key: "messages", value: .array(conversation.messages.map(\.json)))])),
            JSONMember(
                key: "source",
                value: .object([
                    JSONMember(key: "trace_id", value: .string(traceID.hex)), JSONMember(key: "span_id", value: .string(spanID.hex)),
                ])),
        ]
        let takesOutput = try request.bool("expected_from_output") ?? false
        if let expected = request.body["expected"] {
            guard !takesOutput else { throw .unprocessable("expected", "stands beside expected_from_output: one of them is meant") }
            members.append(JSONMember(key: "expected", value: expected))
        } else if takesOutput {
            guard let text = conversation.text else { throw .unprocessable("expected_from_output", "the span tells no output text") }
            members.append(JSONMember(key: "expected", value: .string(text)))
        }
        for name in ["scorers", "tags", "split", "metadata"] {
            if let value = request.body[name], !value.isNull { members.append(JSONMember(key: name, value: value)) }
        }
        return members
    }
}
