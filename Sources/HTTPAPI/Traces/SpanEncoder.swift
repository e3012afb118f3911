/// One span as JSON, with everything that was sent of it: attributes, events, links, resource, scope, and the messages that its input and
/// output are. Values over a limit are named instead, with their length and beginning, and fetched where somebody wants to read them.

import ByteCoding
import GenAIConventions
import OTLP
import TraceModel
import TraceQuery

struct SpanEncoder {
    private struct Reference {
        var name: SpanPayloadName
        var mediaType: String
        var byteCount: Int
        var preview: String
    }

    private var writer = JSONWriter(reserving: 16 << 10)
    private var references: [Reference] = []
    /// Bytes of values that may still stand in the answer.
    private var remaining = APILimits.maximumSpanValuesByteCount

    static func encode(_ span: SpanRecord) throws(OTLPError) -> [UInt8] {
        var encoder = SpanEncoder()
        try encoder.write(span)
        return encoder.writer.bytes
    }

    private mutating func write(_ span: SpanRecord) throws(OTLPError) {
        let resource = try span.resource.encoded.map { bytes throws(OTLPError) in try ResourceDecoder.decode(bytes) } ?? DecodedResource()
        let scope = try span.scope.encoded.map { bytes throws(OTLPError) in try ScopeDecoder.decode(bytes) } ?? DecodedScope()
        var service: String?
        if case .string(let name)? = resource.attributes.first(where: { $0.key == "service.name" })?.value { service = name }
        writer.beginObject()
        writer.member("trace_id", span.traceID.hex)
        writer.member("span_id", span.spanID.hex)
        writer.member("parent_span_id", span.parentSpanID.isZero ? nil : span.parentSpanID.hex)
        writer.spanMembers(span, service: service)
        writer.llmMembers(span.llm)
        write(SpanDetails(span, resource: resource.attributes) { TimeText.unixNano($0) })
        write(SpanMessages(span))
        write(span.attributes, span.droppedAttributesCount) { .attribute($0) }
        writer.key("events")
        writer.beginArray()
        for (index, event) in span.events.enumerated() {
            writer.beginObject()
            writer.member("name", event.name)
            writer.member("time", unixNano: Int64(clamping: event.timeUnixNano))
            write(event.attributes, event.droppedAttributesCount) { .event(index, $0) }
            writer.endObject()
        }
        writer.endArray()
        writer.member("dropped_events_count", span.droppedEventsCount)
        writer.key("links")
        writer.beginArray()
        for (index, link) in span.links.enumerated() {
            writer.beginObject()
            writer.member("trace_id", link.traceID.hex)
            writer.member("span_id", link.spanID.hex)
            writer.member("trace_state", link.traceState.isEmpty ? nil : link.traceState)
            writer.member("flags", link.flags)
            write(link.attributes, link.droppedAttributesCount) { .link(index, $0) }
            writer.endObject()
        }
        writer.endArray()
        writer.member("dropped_links_count", span.droppedLinksCount)
        writer.key("resource")
        writer.beginObject()
        write(resource.attributes, resource.droppedAttributesCount) { .resource($0) }
        writer.member("schema_url", span.resource.schemaURL.isEmpty ? nil : span.resource.schemaURL)
        writer.endObject()
        writer.key("scope")
        writer.beginObject()
        writer.member("name", scope.name)
        writer.member("version", scope.version.isEmpty ? nil : scope.version)
        write(scope.attributes, scope.droppedAttributesCount) { .scope($0) }
        writer.member("schema_url", span.scope.schemaURL.isEmpty ? nil : span.scope.schemaURL)
        writer.endObject()
        writeReferences()
        writer.endObject()
    }

    /// Attributes as one object, without those that are only named; of a key that occurs twice, every value.
    private mutating func write(_ attributes: [KeyValue], _ dropped: UInt32, name: (String) -> SpanPayloadName) {
        writer.key("attributes")
        writer.beginObject()
        for attribute in attributes {
            let payload = SpanPayload(attribute.value)
            guard standsHere(payload, name(attribute.key)) else { continue }
            writer.key(attribute.key)
            writer.attribute(attribute.value)
        }
        writer.endObject()
        writer.member("dropped_attributes_count", dropped)
    }

    /// Parameters and metadata stand among the attributes too; long ones only there.
    private mutating func write(_ details: SpanDetails) {
        writer.member("display_name", details.displayName)
        writer.member("environment", details.environment)
        writer.member("release", details.release)
        writer.member("time_to_first_token_ms", details.timeToFirstTokenMilliseconds)
        writer.member("level_message", details.statusMessage)
        writer.member("error_message", details.errorMessage)
        writer.member("tool_call_id", details.toolCallID)
        writer.member("tool_parameters", details.toolParameters.flatMap { Self.isShort($0) ? $0 : nil } ?? .null)
        writer.member(
            "prompt_template", details.promptTemplate.flatMap { $0.utf8.count <= APILimits.maximumSpanValueByteCount ? $0 : nil })
        for (name, members) in [
            ("parameters", details.parameters), ("metadata", details.metadata), ("prompt_variables", details.promptVariables),
        ] {
            writer.key(name)
            writer.beginObject()
            for member in members where Self.isShort(member.value) {
                writer.member(member.key, member.value)
            }
            writer.endObject()
        }
    }

    private static func isShort(_ value: JSONValue) -> Bool { value.bytes.count <= APILimits.shortSpanValueByteCount }

    private mutating func write(_ messages: SpanMessages) {
        for (name, list) in [("input_messages", messages.input), ("output_messages", messages.output)] {
            writer.key(name)
            writer.beginArray()
            for (index, message) in list.enumerated() {
                writer.beginObject()
                writer.member("role", message.role)
                writer.member("finish_reason", message.finishReason)
                writer.key("parts")
                writer.beginArray()
                for (place, part) in message.parts.enumerated() {
                    write(part, .message(isInput: name == "input_messages", message: index, part: place))
                }
                writer.endArray()
                writer.endObject()
            }
            writer.endArray()
        }
        writer.member("omitted_message_count", messages.omittedCount)
    }

    private mutating func write(_ part: SpanMessage.Part, _ name: SpanPayloadName) {
        let isHere = standsHere(SpanPayload(part), name)
        var type = "", id: String?, tool: String?, text: String?, value: JSONValue?
        switch part {
        case .text(let content): (type, text) = ("text", content)
        case .reasoning(let content): (type, text) = ("reasoning", content)
        case .toolCall(let call, let function, let arguments): (type, id, tool, value) = ("tool_call", call, function, arguments)
        case .toolResult(let call, let function, let result): (type, id, tool, value) = ("tool_result", call, function, result)
        case .media(let content): (type, value) = ("media", content)
        case .other(let content): (type, value) = ("other", content)
        }
        writer.beginObject()
        writer.member("type", type)
        writer.member("tool_call_id", id)
        writer.member("tool_name", tool)
        writer.member("text", isHere ? text : nil)
        writer.member("value", isHere ? value ?? .null : .null)
        writer.member("payload", isHere ? nil : name.text)
        writer.endObject()
    }

    /// Whether the value stands in the answer; one that does not is named in `payloads`.
    private mutating func standsHere(_ payload: SpanPayload, _ name: SpanPayloadName) -> Bool {
        let byteCount = payload.bytes.count
        if byteCount <= APILimits.shortSpanValueByteCount
            || (byteCount <= APILimits.maximumSpanValueByteCount && byteCount <= remaining)
        {
            remaining -= byteCount
            return true
        }
        let isText = payload.mediaType != "application/octet-stream"
        let preview = isText ? Self.beginning(of: payload.bytes) : ""
        references.append(Reference(name: name, mediaType: payload.mediaType, byteCount: byteCount, preview: preview))
        return false
    }

    /// The first bytes of a text, without half a character at the end.
    private static func beginning(of text: [UInt8]) -> String {
        var end = min(text.count, APILimits.spanValuePreviewByteCount)
        while end > 0, end < text.count, text[end] & 0xc0 == 0x80 { end -= 1 }
        return String(decoding: text[..<end], as: UTF8.self)
    }

    private mutating func writeReferences() {
        writer.key("payloads")
        writer.beginArray()
        for reference in references {
            writer.beginObject()
            writer.member("name", reference.name.text)
            writer.member("media_type", reference.mediaType)
            writer.member("byte_count", reference.byteCount)
            writer.member("preview", reference.preview)
            writer.endObject()
        }
        writer.endArray()
    }
}
