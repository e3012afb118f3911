import ByteCoding
import SpanStore
import TraceModel

@testable import TraceQuery

/// A span as tests know it: the record, and beside it what a record only has encoded.
struct TestSpan: Sendable {
    var record: SpanRecord
    var resource: [KeyValue] = []
    var scopeName: String?
    var scopeVersion: String?

    init(_ record: SpanRecord) { self.record = record }

    init(trace: UInt64, span: UInt64, parent: UInt64 = 0, name: String = "span", start: Int64 = 0, duration: Int64 = 1) {
        record = SpanRecord(
            traceID: TraceID(high: 7, low: trace), spanID: SpanID(rawValue: span), name: name, startTimeUnixNano: UInt64(start),
            endTimeUnixNano: UInt64(bitPattern: start + duration))
        record.parentSpanID = SpanID(rawValue: parent)
    }

    /// The stored value of a column; nil is null. Ids are answered elsewhere.
    func value(of column: ScanColumn) -> AttributeValue? {
        let llm = record.llm
        switch column {
        case .traceID, .spanID, .parentSpanID: return nil
        case .startTime: return .int(Int64(record.startTimeUnixNano))
        case .duration: return .int(record.durationNano)
        case .name: return .string(record.name)
        case .spanKind: return .int(Int64(record.kind))
        case .traceState: return record.traceState.isEmpty ? nil : .string(record.traceState)
        case .flags: return .int(Int64(record.flags))
        case .statusCode: return .int(Int64(record.status?.code ?? 0))
        case .statusMessage: return (record.status?.message).flatMap { $0.isEmpty ? nil : .string($0) }
        case .scopeName: return scopeName.map(AttributeValue.string)
        case .scopeVersion: return scopeVersion.map(AttributeValue.string)
        case .kind: return .string(llm.kind.name)
        case .provider: return llm.provider.map(AttributeValue.string)
        case .requestModel: return llm.requestModel.map(AttributeValue.string)
        case .responseModel: return llm.responseModel.map(AttributeValue.string)
        case .inputTokens: return llm.inputTokens.map(AttributeValue.int)
        case .outputTokens: return llm.outputTokens.map(AttributeValue.int)
        case .cacheReadTokens: return llm.cacheReadTokens.map(AttributeValue.int)
        case .cacheWriteTokens: return llm.cacheWriteTokens.map(AttributeValue.int)
        case .reasoningTokens: return llm.reasoningTokens.map(AttributeValue.int)
        case .cost: return llm.cost.map(AttributeValue.double)
        case .reportedCost: return llm.reportedCost.map(AttributeValue.double)
        case .sessionID: return llm.sessionID.map(AttributeValue.string)
        case .userID: return llm.userID.map(AttributeValue.string)
        case .promptName: return llm.promptName.map(AttributeValue.string)
        case .promptVersion: return llm.promptVersion.map(AttributeValue.string)
        case .toolName: return llm.toolName.map(AttributeValue.string)
        case .errorType: return llm.errorType.map(AttributeValue.string)
        case .tags: return llm.tags.isEmpty ? nil : .array(llm.tags.map(AttributeValue.string))
        case .input: return llm.inputKey.flatMap { attribute($0, record.attributes) }
        case .output: return llm.outputKey.flatMap { attribute($0, record.attributes) }
        case .attribute(let key): return attribute(key, record.attributes)
        case .resourceAttribute(let key): return attribute(key, resource)
        }
    }

    private func attribute(_ key: String, _ attributes: [KeyValue]) -> AttributeValue? { attributes.first { $0.key == key }?.value }

    /// A text as full-text predicates see it.
    func text(of column: ScanColumn) -> String? {
        switch value(of: column) {
        case .string(let text)?: return text
        case .array(let elements)?: return json(.array(elements))
        case .keyValueList(let members)?: return json(.keyValueList(members))
        default: return nil
        }
    }

    private func json(_ value: AttributeValue) -> String {
        var writer = JSONWriter()
        QueryValue(value).write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
