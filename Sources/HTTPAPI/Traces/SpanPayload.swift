/// A long value of a span, fetched apart from it: what it is called, and its bytes.

import ByteCoding
import GenAIConventions
import OTLP
import TraceModel

/// `attributes.KEY`, `resource.KEY`, `scope.KEY`, `events.2.KEY`, `links.0.KEY`, `messages.input.3.1` (the second part of the fourth message).
enum SpanPayloadName: Equatable, Sendable {
    case attribute(String)
    case resource(String)
    case scope(String)
    case event(Int, String)
    case link(Int, String)
    case message(isInput: Bool, message: Int, part: Int)

    init?(_ text: String) {
        guard let (owner, name) = text.splitAtDot else { return nil }
        switch owner {
        case "attributes": self = .attribute(name)
        case "resource": self = .resource(name)
        case "scope": self = .scope(name)
        case "events", "links":
            guard let (number, key) = name.splitAtDot, let index = Int(number), index >= 0 else { return nil }
            self = owner == "events" ? .event(index, key) : .link(index, key)
        case "messages":
            let rest = name.split(separator: ".", omittingEmptySubsequences: false)
            guard rest.count == 3, rest[0] == "input" || rest[0] == "output", let message = Int(rest[1]), let part = Int(rest[2]),
                message >= 0, part >= 0
            else { return nil }
            self = .message(isInput: rest[0] == "input", message: message, part: part)
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .attribute(let key): "attributes.\(key)"
        case .resource(let key): "resource.\(key)"
        case .scope(let key): "scope.\(key)"
        case .event(let index, let key): "events.\(index).\(key)"
        case .link(let index, let key): "links.\(index).\(key)"
        case .message(let isInput, let message, let part): "messages.\(isInput ? "input" : "output").\(message).\(part)"
        }
    }
}

struct SpanPayload: Equatable, Sendable {
    var mediaType: String
    var bytes: [UInt8]

    init(_ value: AttributeValue) {
        switch value {
        case .string(let text): self.init(text: text)
        case .bytes(let bytes): self.init(mediaType: "application/octet-stream", bytes: bytes)
        default:
            var writer = JSONWriter()
            writer.attribute(value)
            self.init(mediaType: "application/json", bytes: writer.bytes)
        }
    }

    init(_ part: SpanMessage.Part) {
        switch part {
        case .text(let text), .reasoning(let text): self.init(text: text)
        case .toolCall(_, _, let value), .toolResult(_, _, let value), .media(let value), .other(let value):
            if let text = value.stringValue { self.init(text: text) } else { self.init(mediaType: "application/json", bytes: value.bytes) }
        }
    }

    private init(text: String) { self.init(mediaType: "text/plain; charset=utf-8", bytes: Array(text.utf8)) }

    private init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }

    /// Nil when the span has nothing of the name. Of a key that occurs twice, the first.
    static func find(_ name: SpanPayloadName, in span: SpanRecord) throws(OTLPError) -> SpanPayload? {
        func value(_ key: String, _ attributes: [KeyValue]) -> SpanPayload? {
            attributes.first { $0.key == key }.map { SpanPayload($0.value) }
        }
        switch name {
        case .attribute(let key): return value(key, span.attributes)
        case .resource(let key):
            guard let bytes = span.resource.encoded else { return nil }
            return value(key, try ResourceDecoder.decode(bytes).attributes)
        case .scope(let key):
            guard let bytes = span.scope.encoded else { return nil }
            return value(key, try ScopeDecoder.decode(bytes).attributes)
        case .event(let index, let key): return index < span.events.count ? value(key, span.events[index].attributes) : nil
        case .link(let index, let key): return index < span.links.count ? value(key, span.links[index].attributes) : nil
        case .message(let isInput, let message, let part):
            let messages = SpanMessages(span), list = isInput ? messages.input : messages.output
            guard message < list.count, part < list[message].parts.count else { return nil }
            return SpanPayload(list[message].parts[part])
        }
    }
}
