import ByteCoding
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Details of a span are read from its attributes")
struct SpanDetailsTests {
    private func details(_ attributes: [(String, AttributeValue)], resource: [(String, AttributeValue)] = []) -> SpanDetails {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "chat",
            startTimeUnixNano: 1_700_000_000_000_000_000, endTimeUnixNano: 1_700_000_001_000_000_000)
        span.attributes = attributes.map { KeyValue($0.0, $0.1) }
        return SpanDetails(span, resource: resource.map { KeyValue($0.0, $0.1) })
    }

    @Test("the time to the first token, as seconds, milliseconds or a time, quoted or not")
    func timeToFirstToken() {
        #expect(details([("gen_ai.response.time_to_first_chunk", .double(0.25))]).timeToFirstTokenMilliseconds == 250)
        #expect(details([("ai.response.msToFirstChunk", .int(12))]).timeToFirstTokenMilliseconds == 12)
        #expect(details([("ai.stream.msToFirstChunk", .double(1.5))]).timeToFirstTokenMilliseconds == 1.5)
        for time in [
            "2023-11-14T22:13:20.500Z", #""2023-11-14T22:13:20.500000Z""#, "2023-11-14T23:13:20.5+01:00", "2023-11-14T17:13:20.5-05:00",
        ] {
            #expect(details([("langfuse.observation.completion_start_time", .string(time))]).timeToFirstTokenMilliseconds == 500, "\(time)")
        }
        for time in ["", "yesterday", "2023-11-14", "2023-11-14T22:13:19Z", "2023-13-14T22:13:20Z"] {
            #expect(details([("langfuse.observation.completion_start_time", .string(time))]).timeToFirstTokenMilliseconds == nil, "\(time)")
        }
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
}
