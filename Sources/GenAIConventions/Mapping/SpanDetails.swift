/// What conventions say of a span beside the stored fields: worked out of the attributes whenever a span is read, so that it holds for
/// spans of every mapping version. `docs/mapping.md` has the table.

import ByteCoding
import TraceModel

package struct SpanDetails: Equatable, Sendable {
    /// A name for people, where another one than the span's was sent.
    package private(set) var displayName: String?
    package private(set) var environment: String?
    /// Of the application.
    package private(set) var release: String?
    /// From the call to the first piece of its answer.
    package private(set) var timeToFirstTokenMilliseconds: Double?
    /// What was asked for beside the prompt: temperature and its kin, by the names it was sent with.
    package private(set) var parameters: [JSONMember] = []
    package private(set) var metadata: [JSONMember] = []
    package private(set) var statusMessage: String?
    /// What went wrong, of a span whose status is an error: its message, else what its level or its last exception says.
    package private(set) var errorMessage: String?
    /// The prompt before its variables were filled in.
    package private(set) var promptTemplate: String?
    package private(set) var promptVariables: [JSONMember] = []
    /// By which the model's call of a tool and the tool's span know each other.
    package private(set) var toolCallID: String?
    /// What the tool can be called with.
    package private(set) var toolParameters: JSONValue?
    /// Which attributes a member came from, by the member's name in answers.
    package private(set) var origins: [Member: [String]] = [:]

    /// Members by their names in answers.
    package enum Member: String, CaseIterable, Sendable {
        case displayName = "display_name"
        case environment, release
        case timeToFirstToken = "time_to_first_token_ms"
        case levelMessage = "level_message"
        case errorMessage = "error_message"
        case promptTemplate = "prompt_template"
        case promptVariables = "prompt_variables"
        case toolCallID = "tool_call_id"
        case toolParameters = "tool_parameters"
        case parameters, metadata
    }

    /// - Parameters:
    ///   - resource: attributes of the span's resource.
    ///   - time: reads a time as text, to nanoseconds since 1970.
    package init(_ span: SpanRecord, resource: [KeyValue], time: (String) -> Int64?) {
        let attributes = SpanAttributes(span.attributes), ofResource = SpanAttributes(resource, name: "resource: ")
        func take<Value>(_ member: Member, _ found: (value: Value, origins: [String])?) -> Value? {
            guard let found else { return nil }
            origins[member] = found.origins
            return found.value
        }
        // A tool's span says what it is; its name is often only that a tool was called.
        let toolName: (value: String, origins: [String])? = span.llm.toolName.flatMap { $0 == span.name ? nil : ($0, ["tool_name"]) }
        displayName = take(.displayName, attributes.text(Self.nameKeys) ?? toolName)
        environment = take(
            .environment,
            attributes.text(["langfuse.environment"]) ?? attributes.text(Self.environmentKeys)
                ?? ofResource.text(["langfuse.environment"] + Self.environmentKeys))
        release = take(
            .release,
            attributes.text(["langfuse.release", "langfuse.version"]) ?? ofResource.text(["langfuse.release", "service.version"]))
        timeToFirstTokenMilliseconds = take(.timeToFirstToken, Self.timeToFirstToken(attributes, span, time))
        parameters = take(.parameters, attributes.members(whole: Self.parameterKeys, prefixes: Self.parameterPrefixes)) ?? []
        metadata = take(.metadata, attributes.members(whole: Self.metadataKeys, prefixes: Self.metadataPrefixes)) ?? []
        statusMessage = take(.levelMessage, attributes.text([ErrorLevels.messageKey]))
        errorMessage = take(.errorMessage, Self.errorMessage(attributes, span))
        promptTemplate = take(.promptTemplate, attributes.plainText(Self.templateKeys))
        promptVariables = take(.promptVariables, attributes.members(whole: Self.variableKeys, prefixes: Self.variablePrefixes)) ?? []
        toolCallID = take(.toolCallID, attributes.text(Self.toolCallIDKeys))
        toolParameters = take(.toolParameters, attributes.value(Self.toolParametersKey))
    }

    package static let nameKeys = ["logfire.msg", "ai.telemetry.functionId", "traceloop.entity.name"]
    package static let environmentKeys = ["deployment.environment.name", "deployment.environment"]
    package static let firstTokenEvents = ["First Token Stream Event", "gen_ai.content.completion.chunk"]
    package static let parameterKeys = ["langfuse.observation.model.parameters", "llm.invocation_parameters"]
    package static let parameterPrefixes = ["gen_ai.request.", "ai.settings."]
    package static let metadataKeys = ["langfuse.observation.metadata", "langfuse.trace.metadata", "metadata"]
    package static let metadataPrefixes = [
        "langfuse.observation.metadata.", "langfuse.trace.metadata.", "traceloop.association.properties.", "ai.telemetry.metadata.",
        "langsmith.metadata.",
    ]
    package static let templateKeys = ["llm.prompt_template.template", "traceloop.prompt.template"]
    package static let variableKeys = ["llm.prompt_template.variables", "traceloop.prompt.template_variables"]
    package static let variablePrefixes = ["llm.prompt_template.variables.", "traceloop.prompt.template_variables."]
    package static let toolCallIDKeys = ["gen_ai.tool.call.id", "tool.id", "ai.toolCall.id"]
    package static let toolParametersKey = "tool.parameters"
    package static let exceptionEvent = "exception", exceptionMessageKey = "exception.message"

    /// The status' message, else that of the span's last exception that has one, else what is said of the level.
    private static func errorMessage(_ attributes: SpanAttributes, _ span: SpanRecord) -> (value: String, origins: [String])? {
        guard let status = span.status, status.code == ErrorLevels.statusCodeError else { return nil }
        if !status.message.isEmpty { return (status.message, ["status_message"]) }
        for event in span.events.reversed() where event.name == exceptionEvent {
            let name = "event \(exceptionEvent): "
            if let found = SpanAttributes(event.attributes, name: name).plainText([exceptionMessageKey]) { return found }
        }
        return attributes.text([ErrorLevels.messageKey])
    }

    /// Milliseconds (Vercel), seconds (OpenTelemetry), a time (Langfuse, in quotes as a rule), or the first event of an answer that came in
    /// pieces (OpenInference, Traceloop).
    private static func timeToFirstToken(
        _ attributes: SpanAttributes, _ span: SpanRecord, _ read: (String) -> Int64?
    ) -> (value: Double, origins: [String])? {
        let start = Int64(clamping: span.startTimeUnixNano)
        let completion = "langfuse.observation.completion_start_time"
        if let time = attributes.text([completion]).flatMap({ read($0.value) }), time >= start {
            return (Double(time - start) / 1e6, [completion])
        }
        for (key, factor) in [
            ("gen_ai.response.time_to_first_chunk", 1000.0), ("ai.response.msToFirstChunk", 1), ("ai.stream.msToFirstChunk", 1),
        ] {
            if let number = attributes.number(key) { return (number * factor, [key]) }
        }
        let pieces = span.events.lazy.filter { firstTokenEvents.contains($0.name) && $0.timeUnixNano >= span.startTimeUnixNano }
        return pieces.min { $0.timeUnixNano < $1.timeUnixNano }.map { piece in
            (Double(piece.timeUnixNano - span.startTimeUnixNano) / 1e6, ["event \(piece.name)"])
        }
    }
}
