import ByteCoding
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Details of a span are read from its attributes")
struct SpanDetailsTests {
    /// Reading times is the caller's.
    private static let times: [String: Int64] = [
        "half a second later": 1_700_000_000_500_000_000, "a second earlier": 1_699_999_999_000_000_000,
    ]

    private func details(_ attributes: [(String, AttributeValue)], resource: [(String, AttributeValue)] = []) -> SpanDetails {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat",
            startTimeUnixNano: 1_700_000_000_000_000_000, endTimeUnixNano: 1_700_000_001_000_000_000)
        span.attributes = attributes.map { KeyValue($0.0, $0.1) }
        return SpanDetails(span, resource: resource.map { KeyValue($0.0, $0.1) }) { Self.times[$0] }
    }

    @Test("the time to the first token, as seconds, milliseconds or a time, quoted or not")
    func timeToFirstToken() {
        #expect(details([("gen_ai.response.time_to_first_chunk", .double(0.25))]).timeToFirstTokenMilliseconds == 250)
        #expect(details([("ai.response.msToFirstChunk", .int(12))]).timeToFirstTokenMilliseconds == 12)
        #expect(details([("ai.stream.msToFirstChunk", .double(1.5))]).timeToFirstTokenMilliseconds == 1.5)
        for time in ["half a second later", #""half a second later""#] {
            #expect(details([("langfuse.observation.completion_start_time", .string(time))]).timeToFirstTokenMilliseconds == 500, "\(time)")
        }
        for time in ["", "yesterday", "a second earlier"] {
            #expect(details([("langfuse.observation.completion_start_time", .string(time))]).timeToFirstTokenMilliseconds == nil, "\(time)")
        }
    }

    @Test("the first piece of an answer tells the time to the first token where nothing else does, and none from before the span")
    func firstPiece() {
        func milliseconds(_ events: [(String, UInt64)], _ attributes: [KeyValue] = []) -> Double? {
            var span = SpanRecord(
                traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat", startTimeUnixNano: 1_000_000_000,
                endTimeUnixNano: 2_000_000_000)
            span.attributes = attributes
            span.events = events.map { SpanRecord.Event(timeUnixNano: $0.1, name: $0.0, attributes: [], droppedAttributesCount: 0) }
            return SpanDetails(span, resource: []) { _ in nil }.timeToFirstTokenMilliseconds
        }
        #expect(milliseconds([("other", 1_100_000_000), ("First Token Stream Event", 1_250_000_000)]) == 250)
        let piece = "gen_ai.content.completion.chunk"
        #expect(milliseconds([(piece, 1_300_000_000), (piece, 1_200_000_000), (piece, 900_000_000)]) == 200)
        #expect(milliseconds([(piece, 1_300_000_000)], [KeyValue("gen_ai.response.time_to_first_chunk", .double(0.1))]) == 100)
        #expect(milliseconds([("other", 1_100_000_000)]) == nil)
    }

    @Test("environment and release come from the span, else from its resource")
    func environment() {
        let resource: [(String, AttributeValue)] = [("deployment.environment", "staging"), ("service.version", "1.2")]
        #expect(details([], resource: resource).environment == "staging")
        #expect(details([], resource: resource).release == "1.2")
        #expect(details([("langfuse.environment", "prod"), ("langfuse.release", "v3")], resource: resource).environment == "prod")
        #expect(details([("langfuse.release", "v3")], resource: resource).release == "v3")
        #expect(details([("deployment.environment.name", "qa")]).environment == "qa")
    }

    @Test("parameters and metadata of every dialect, by their own names")
    func members() {
        let found = details([
            ("gen_ai.request.model", "m"), ("gen_ai.request.temperature", .double(0.5)),
            ("llm.invocation_parameters", #"{"top_p":1,"temperature":9}"#),
            ("ai.settings.maxRetries", .int(2)), ("langfuse.observation.metadata.team", #""red""#), ("metadata", #"{"a":[1]}"#),
            ("traceloop.association.properties.x", "y"), ("ai.telemetry.metadata.userId", "u"), ("langsmith.metadata.z", "1"),
            ("llm.invocation_parameters", "broken"),
        ])
        #expect(
            found.parameters == [
                JSONMember(key: "temperature", value: .double(0.5)), JSONMember(key: "top_p", value: .integer(1)),
                JSONMember(key: "maxRetries", value: .integer(2)),
            ])
        #expect(found.metadata.map(\.key) == ["team", "a", "x", "userId", "z"])
        #expect(found.metadata.first?.value == .string("red"))
        #expect(details([("logfire.msg", "Hello")]).displayName == "Hello" && details([]).displayName == nil)
    }

    private func failed(_ attributes: [(String, AttributeValue)], status: SpanRecord.Status?, exceptions: [String?] = []) -> SpanDetails {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat", startTimeUnixNano: 1, endTimeUnixNano: 2)
        span.attributes = attributes.map { KeyValue($0.0, $0.1) }
        span.status = status
        span.events = exceptions.map { message in
            SpanRecord.Event(
                timeUnixNano: 1, name: "exception", attributes: message.map { [KeyValue("exception.message", .string($0))] } ?? [],
                droppedAttributesCount: 0)
        }
        return SpanDetails(span, resource: []) { _ in nil }
    }

    @Test("what went wrong is the status' message, else the last exception's, else the level's; of a span that failed alone")
    func errors() {
        let level: [(String, AttributeValue)] = [("langfuse.observation.status_message", "the level's")]
        #expect(failed(level, status: .init(code: 2, message: "its own"), exceptions: ["an exception's"]).errorMessage == "its own")
        let raised = failed(level, status: .init(code: 2, message: ""), exceptions: ["an earlier one's", "the last one's", nil])
        #expect(raised.errorMessage == "the last one's" && raised.origins[.errorMessage] == ["event exception: exception.message"])
        #expect(failed(level, status: .init(code: 2, message: "")).errorMessage == "the level's")
        for status in [nil, SpanRecord.Status(code: 0, message: "x"), SpanRecord.Status(code: 1, message: "x")] {
            #expect(failed(level, status: status, exceptions: ["caught"]).errorMessage == nil)
        }
    }

    @Test("a prompt's template and its variables, in OpenInference's form and in Traceloop's, whole or one attribute each")
    func templates() {
        let openInference = details([
            ("llm.prompt_template.template", #"{"answer": "{{question}}"}"#),
            ("llm.prompt_template.variables", #"{"question":"why","n":2}"#),
        ])
        #expect(openInference.promptTemplate == #"{"answer": "{{question}}"}"#)
        #expect(
            openInference.promptVariables == [
                JSONMember(key: "question", value: .string("why")), JSONMember(key: "n", value: .integer(2)),
            ])
        #expect(openInference.origins[.promptVariables] == ["llm.prompt_template.variables"])
        let traceloop = details([
            ("traceloop.prompt.template", "Say {a} to {b}"), ("traceloop.prompt.template_variables.a", "hello"),
            ("traceloop.prompt.template_variables.b", "Ada"),
        ])
        #expect(traceloop.promptTemplate == "Say {a} to {b}" && traceloop.promptVariables.map(\.key) == ["a", "b"])
        #expect(
            traceloop.origins[.promptVariables] == ["traceloop.prompt.template_variables.a", "traceloop.prompt.template_variables.b"])
        #expect(details([]).promptTemplate == nil && details([("llm.prompt_template.template", "")]).promptTemplate == nil)
    }

    @Test("a tool's name is a span's name for people where nobody gave one; the call's id and what the tool takes")
    func tools() {
        func tool(_ attributes: [(String, AttributeValue)], name: String = "execute_tool", tool: String? = "search") -> SpanDetails {
            var span = SpanRecord(
                traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: name, startTimeUnixNano: 1, endTimeUnixNano: 2)
            span.llm.toolName = tool
            span.attributes = attributes.map { KeyValue($0.0, $0.1) }
            return SpanDetails(span, resource: []) { _ in nil }
        }
        #expect(tool([]).displayName == "search" && tool([]).origins[.displayName] == ["tool_name"])
        #expect(tool([], name: "search").displayName == nil && tool([], tool: nil).displayName == nil)
        #expect(tool([("logfire.msg", "running a tool")]).displayName == "running a tool")
        #expect(tool([("tool.id", "call_1"), ("ai.toolCall.id", "call_2")]).toolCallID == "call_1")
        #expect(tool([("tool.parameters", #"{"q":{"type":"string"}}"#)]).toolParameters?["q"]?["type"] == .string("string"))
        #expect(tool([("tool.parameters", "")]).toolParameters == nil)
    }

    @Test("what a member came from is named: attributes by their keys, those of the resource as such")
    func origins() {
        let found = details(
            [("gen_ai.request.temperature", .double(0.5)), ("llm.invocation_parameters", #"{"top_p":1}"#)],
            resource: [("deployment.environment.name", "qa")])
        #expect(found.origins[.parameters] == ["gen_ai.request.temperature", "llm.invocation_parameters"])
        #expect(found.origins[.environment] == ["resource: deployment.environment.name"])
        #expect(found.origins[.release] == nil)
    }
}
