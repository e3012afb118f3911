/// What conventions say of a span beside the stored fields: worked out of the attributes whenever a span is read, so that it holds for
/// spans of every mapping version. `docs/mapping.md` has the table.

import ByteCoding
import TraceModel

package struct SpanDetails: Equatable, Sendable {
    /// A name for people, where another one than the span's was sent.
    package var displayName: String?
    package var environment: String?
    /// Of the application.
    package var release: String?
    /// From the call to the first piece of its answer.
    package var timeToFirstTokenMilliseconds: Double?
    /// What was asked for beside the prompt: temperature and its kin, by the names it was sent with.
    package var parameters: [JSONMember] = []
    package var metadata: [JSONMember] = []
    package var statusMessage: String?

    /// - Parameters:
    ///   - resource: attributes of the span's resource.
    ///   - time: reads a time as text, to nanoseconds since 1970.
    package init(_ span: SpanRecord, resource: [KeyValue], time: (String) -> Int64?) {
        var values: [String: AttributeValue] = [:]
        for attribute in span.attributes where values[attribute.key] == nil { values[attribute.key] = attribute.value }
        func text(_ keys: [String]) -> String? {
            keys.lazy.compactMap { Self.text(values[$0]) }.first
        }
        func resourceText(_ keys: [String]) -> String? {
            keys.lazy.compactMap { key in Self.text(resource.first { $0.key == key }?.value) }.first
        }
        displayName = text(Self.nameKeys)
        environment =
            text(["langfuse.environment"]) ?? text(Self.environmentKeys) ?? resourceText(["langfuse.environment"] + Self.environmentKeys)
        release = text(["langfuse.release", "langfuse.version"]) ?? resourceText(["langfuse.release", "service.version"])
        timeToFirstTokenMilliseconds = Self.timeToFirstToken(values, span, time)
        parameters = Self.members(span.attributes, whole: Self.parameterKeys, prefixes: Self.parameterPrefixes)
        metadata = Self.members(span.attributes, whole: Self.metadataKeys, prefixes: Self.metadataPrefixes)
        statusMessage = text(["langfuse.observation.status_message"])
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

    private static func text(_ value: AttributeValue?) -> String? {
        guard case .string(let text)? = value?.jsonValue.unquoted, !text.isEmpty else { return nil }
        return text
    }

    /// Milliseconds (Vercel), seconds (OpenTelemetry), a time (Langfuse, in quotes as a rule), or the first event of an answer that came in
    /// pieces (OpenInference, Traceloop).
    private static func timeToFirstToken(
        _ values: [String: AttributeValue], _ span: SpanRecord, _ read: (String) -> Int64?
    ) -> Double? {
        let start = Int64(clamping: span.startTimeUnixNano)
        func number(_ key: String) -> Double? {
            let value: Double? =
                switch values[key] {
                case .double(let number)?: number
                case .int(let number)?: Double(number)
                case .string(let text)?: Double(text)
                default: nil
                }
            return value.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        }
        if let time = text(values["langfuse.observation.completion_start_time"]).flatMap(read), time >= start {
            return Double(time - start) / 1e6
        }
        if let seconds = number("gen_ai.response.time_to_first_chunk") { return seconds * 1000 }
        if let milliseconds = number("ai.response.msToFirstChunk") ?? number("ai.stream.msToFirstChunk") { return milliseconds }
        let pieces = span.events.lazy.filter { firstTokenEvents.contains($0.name) && $0.timeUnixNano >= span.startTimeUnixNano }
        return pieces.map(\.timeUnixNano).min().map { Double($0 - span.startTimeUnixNano) / 1e6 }
    }

    /// Members of objects, and attributes below a prefix by the rest of their key. Of a name that occurs twice the first.
    private static func members(_ attributes: [KeyValue], whole: [String], prefixes: [String]) -> [JSONMember] {
        var found: [JSONMember] = [], names = Set<String>()
        func add(_ name: String, _ value: JSONValue) {
            if !value.isNull, names.insert(name).inserted { found.append(JSONMember(key: name, value: value)) }
        }
        for attribute in attributes {
            if whole.contains(attribute.key), case .object(let members) = attribute.value.jsonValue.unquoted {
                for member in members { add(member.key, member.value) }
            } else if let prefix = prefixes.first(where: { attribute.key.utf8.starts(with: $0.utf8) }),
                let name = attribute.key.text(behind: prefix), !name.isEmpty
            {
                // The model is a field of its own.
                if prefix != "gen_ai.request." || name != "model" { add(name, attribute.value.jsonValue.unquoted) }
            }
        }
        return found
    }
}
