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

    /// - Parameter resource: attributes of the span's resource.
    package init(_ span: SpanRecord, resource: [KeyValue]) {
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
        timeToFirstTokenMilliseconds = Self.timeToFirstToken(values, start: span.startTimeUnixNano)
        parameters = Self.members(span.attributes, whole: Self.parameterKeys, prefixes: Self.parameterPrefixes)
        metadata = Self.members(span.attributes, whole: Self.metadataKeys, prefixes: Self.metadataPrefixes)
        statusMessage = text(["langfuse.observation.status_message"])
    }

    package static let nameKeys = ["logfire.msg", "ai.telemetry.functionId", "traceloop.entity.name"]
    package static let environmentKeys = ["deployment.environment.name", "deployment.environment"]
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

    /// Milliseconds (Vercel), seconds (OpenTelemetry), or a time (Langfuse, in quotes as a rule).
    private static func timeToFirstToken(_ values: [String: AttributeValue], start: UInt64) -> Double? {
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
        if let time = text(values["langfuse.observation.completion_start_time"]).flatMap(Self.unixNano), time >= start {
            return Double(time - start) / 1e6
        }
        if let seconds = number("gen_ai.response.time_to_first_chunk") { return seconds * 1000 }
        return number("ai.response.msToFirstChunk") ?? number("ai.stream.msToFirstChunk")
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
            } else if let prefix = prefixes.first(where: { attribute.key.hasPrefix($0) }), attribute.key.utf8.count > prefix.utf8.count {
                let name = String(attribute.key.dropFirst(prefix.count))
                // The model is a field of its own.
                if prefix != "gen_ai.request." || name != "model" { add(name, attribute.value.jsonValue.unquoted) }
            }
        }
        return found
    }

    /// `2026-11-20T10:00:00.123Z`, also with an offset. Nil for anything else.
    static func unixNano(_ text: String) -> UInt64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            return bytes[range].reduce(into: Int64?(0)) { value, byte in
                value = value.flatMap { byte &- 48 < 10 ? $0 * 10 + Int64(byte - 48) : nil }
            }
        }
        guard bytes.count >= 19, bytes[4] == 45, bytes[7] == 45, bytes[10] == 84 || bytes[10] == 32, bytes[13] == 58, bytes[16] == 58,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1970...2200).contains(year), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var position = 19, fraction: Int64 = 0, scale: Int64 = 1_000_000_000
        if position < bytes.count, bytes[position] == 46 {
            position += 1
            while position < bytes.count, bytes[position] &- 48 < 10 {
                if scale > 1 {
                    scale /= 10
                    fraction += Int64(bytes[position] - 48) * scale
                }
                position += 1
            }
        }
        var offset: Int64 = 0
        if position < bytes.count, bytes[position] == 43 || bytes[position] == 45 {
            guard let hours = number(position + 1..<position + 3), let minutes = number(position + 4..<position + 6) else { return nil }
            offset = (hours * 60 + minutes) * 60 * (bytes[position] == 43 ? 1 : -1)
        }
        // Days since 1970 by the civil calendar: years begin in March.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400, yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return seconds < 0 ? nil : UInt64(seconds) * 1_000_000_000 + UInt64(fraction)
    }
}
