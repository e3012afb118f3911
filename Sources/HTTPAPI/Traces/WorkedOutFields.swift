/// The fields of a span that are no columns: worked out of stored fields and attributes whenever it is read, with where each comes from.

import ByteCoding
import GenAIConventions
import OTLP
import TraceModel
import TraceQuery

struct WorkedOutField: Sendable {
    var name: String
    /// Null where there is none, and where it is long: the span's own answer has it then.
    var value: JSONValue
    /// Attributes and fields it is made of.
    var sources: [String]
    var rule: String?

    static func all(of span: SpanRecord) throws(OTLPError) -> [WorkedOutField] {
        let resource = try span.resource.encoded.map { bytes throws(OTLPError) in try ResourceDecoder.decode(bytes) } ?? DecodedResource()
        let details = SpanDetails(span, resource: resource.attributes) { TimeText.unixNano($0) }
        return figures(of: span)
            + SpanDetails.Member.allCases.map { member in
                WorkedOutField(
                    name: member.rawValue, value: short(value(member, details)), sources: details.origins[member] ?? [],
                    rule: nil)
            }
    }

    private static func figures(of span: SpanRecord) -> [WorkedOutField] {
        let llm = span.llm, status = span.status?.code ?? 0
        func field(_ name: String, _ value: JSONValue?, _ sources: [(String, Bool)], _ rule: String) -> WorkedOutField {
            WorkedOutField(name: name, value: value ?? .null, sources: sources.filter(\.1).map(\.0), rule: rule)
        }
        let total = llm.inputTokens == nil && llm.outputTokens == nil ? nil : (llm.inputTokens ?? 0) &+ (llm.outputTokens ?? 0)
        let level = ErrorLevels.levelKeys.first { key in span.attributes.contains { $0.key == key } }
        return [
            field(
                "status", .string(SpanWords.status(status)), [(level ?? "", level != nil)],
                "as it was sent; a span that was sent without one has failed where its level says so, from when it was stored"),
            field(
                "model", llm.model.map(JSONValue.string),
                [
                    ("response_model", llm.responseModel != nil), ("request_model", llm.responseModel == nil && llm.requestModel != nil),
                ], "the response's, else the request's"),
            field(
                "total_tokens", total.map(JSONValue.integer),
                [("input_tokens", llm.inputTokens != nil), ("output_tokens", llm.outputTokens != nil)], "their sum"),
            field(
                "input_uncached_tokens", llm.inputUncachedTokens.map(JSONValue.integer),
                [
                    ("input_tokens", llm.inputTokens != nil), ("cache_read_tokens", llm.cacheReadTokens != nil),
                    ("cache_write_tokens", llm.cacheWriteTokens != nil),
                ], "the first less the others, at least 0"),
            field(
                "output_visible_tokens", llm.outputVisibleTokens.map(JSONValue.integer),
                [("output_tokens", llm.outputTokens != nil), ("reasoning_tokens", llm.reasoningTokens != nil)],
                "the first less the other, at least 0"),
        ]
    }

    private static func value(_ member: SpanDetails.Member, _ details: SpanDetails) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func object(_ members: [JSONMember]) -> JSONValue {
            members.isEmpty ? .null : .object(members.filter { $0.value.bytes.count <= APILimits.shortSpanValueByteCount })
        }
        return switch member {
        case .displayName: text(details.displayName)
        case .environment: text(details.environment)
        case .release: text(details.release)
        case .timeToFirstToken: details.timeToFirstTokenMilliseconds.map(JSONValue.double) ?? .null
        case .levelMessage: text(details.statusMessage)
        case .errorMessage: text(details.errorMessage)
        case .promptTemplate: text(details.promptTemplate)
        case .promptVariables: object(details.promptVariables)
        case .toolCallID: text(details.toolCallID)
        case .toolParameters: details.toolParameters ?? .null
        case .parameters: object(details.parameters)
        case .metadata: object(details.metadata)
        }
    }

    private static func short(_ value: JSONValue) -> JSONValue {
        value.bytes.count <= APILimits.maximumExplainedValueByteCount ? value : .null
    }
}
