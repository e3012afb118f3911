import ByteCoding
import GenAIConventions
import TraceModel

/// Builds a `SpanBatch` as a decoder would, from owned values.
struct BatchBuilder {
    var batch = SpanBatch(body: [])
    private var keyIndexes: [String: UInt32] = [:]

    /// A batch of one span.
    static func span(
        _ attributes: [(String, AttributeValue)], status: Int32 = 0, events: [(name: String, attributes: [(String, AttributeValue)])] = []
    ) -> SpanBatch {
        var builder = BatchBuilder()
        builder.add(attributes, status: status, events: events)
        return builder.batch
    }

    mutating func nameLast(_ name: String) { batch.names[batch.spanCount - 1] = text(name) }

    mutating func add(
        _ attributes: [(String, AttributeValue)], startTimeUnixNano: UInt64 = 1_790_000_000_000_000_000, status: Int32 = 0,
        events: [(name: String, attributes: [(String, AttributeValue)])] = []
    ) {
        let number = UInt64(batch.spanCount + 1)
        batch.traceIDs.append(TraceID(high: 1, low: number))
        batch.spanIDs.append(SpanID(rawValue: number))
        batch.parentSpanIDs.append(.none)
        batch.startTimesUnixNano.append(startTimeUnixNano)
        batch.endTimesUnixNano.append(startTimeUnixNano + 1)
        batch.names.append(.empty)
        batch.traceStates.append(.empty)
        batch.kinds.append(1)
        batch.flags.append(0)
        batch.statusCodes.append(status)
        batch.statusMessages.append(.empty)
        batch.hasStatus.append(status != 0)
        batch.droppedAttributesCounts.append(0)
        batch.droppedEventsCounts.append(0)
        batch.droppedLinksCounts.append(0)
        batch.resourceIndexes.append(0)
        batch.scopeIndexes.append(0)
        for (key, value) in attributes { batch.attributes.append(attribute(key, value)) }
        batch.attributeStarts.append(UInt32(batch.attributes.count))
        for event in events {
            let start = batch.nestedAttributes.count
            for (key, value) in event.attributes {
                let made = attribute(key, value)
                batch.nestedAttributes.append(made)
            }
            let name = text(event.name)
            batch.events.append(
                SpanBatch.Event(
                    timeUnixNano: startTimeUnixNano, name: name, attributeStart: UInt32(start),
                    attributeCount: UInt32(event.attributes.count), droppedAttributesCount: 0))
        }
        batch.eventStarts.append(UInt32(batch.events.count))
        batch.linkStarts.append(0)
    }

    private mutating func text(_ text: String) -> ByteRange { body(Array(text.utf8)) }

    private mutating func body(_ bytes: [UInt8]) -> ByteRange {
        let range = batch.append(bytes)
        batch.bodyLength = batch.bytes.count
        return range
    }

    private mutating func attribute(_ key: String, _ value: AttributeValue) -> SpanBatch.Attribute {
        if keyIndexes[key] == nil {
            keyIndexes[key] = UInt32(batch.keys.count)
            let range = text(key)
            batch.keys.append(range)
        }
        let (type, bits): (AttributeType, UInt64) =
            switch value {
            case .string(let string): (.string, text(string).packed)
            case .bool(let bool): (.bool, bool ? 1 : 0)
            case .int(let int): (.int, UInt64(bitPattern: int))
            case .double(let double): (.double, double.bitPattern)
            case .bytes(let bytes): (.bytes, body(bytes).packed)
            case .array(let values): (.array, body(Self.encoded(values)).packed)
            case .keyValueList(let list): (.keyValueList, body(Self.encoded(list)).packed)
            case .empty: (.empty, 0)
            }
        return SpanBatch.Attribute(keyIndex: keyIndexes[key] ?? 0, type: type, bits: bits)
    }

    // The protobuf encoding of `ArrayValue`, `KeyValueList` and `AnyValue` (opentelemetry/proto/common/v1/common.proto).

    static func encoded(_ values: [AttributeValue]) -> [UInt8] {
        var writer = ByteWriter()
        for value in values {
            writer.varint(1 << 3 | 2)
            writer.lengthPrefixed(encoded(value))
        }
        return writer.bytes
    }

    static func encoded(_ list: [KeyValue]) -> [UInt8] {
        var writer = ByteWriter()
        for entry in list {
            var member = ByteWriter()
            member.varint(1 << 3 | 2)
            member.lengthPrefixed(entry.key)
            member.varint(2 << 3 | 2)
            member.lengthPrefixed(encoded(entry.value))
            writer.varint(1 << 3 | 2)
            writer.lengthPrefixed(member.bytes)
        }
        return writer.bytes
    }

    static func encoded(_ value: AttributeValue) -> [UInt8] {
        var writer = ByteWriter()
        func block(_ field: Int, _ bytes: [UInt8]) {
            writer.varint(field << 3 | 2)
            writer.lengthPrefixed(bytes)
        }
        switch value {
        case .string(let string): block(1, Array(string.utf8))
        case .bool(let bool):
            writer.varint(2 << 3)
            writer.varint(bool ? 1 : 0)
        case .int(let int):
            writer.varint(3 << 3)
            writer.varint(UInt64(bitPattern: int))
        case .double(let double):
            writer.varint(4 << 3 | 1)
            writer.integer(double.bitPattern)
        case .array(let values): block(5, encoded(values))
        case .keyValueList(let list): block(6, encoded(list))
        case .bytes(let bytes): block(7, bytes)
        case .empty: break
        }
        return writer.bytes
    }
}

/// The fields of one span as owned values, by their names in queries; absent ones are missing.
func fields(of span: Int = 0, _ fields: LLMFields, _ batch: SpanBatch) -> [String: String] {
    var found: [String: String] = ["kind": fields.kinds[span].name]
    func text(_ name: String, _ range: ByteRange) { if !range.isNone { found[name] = batch.text(range) } }
    func count(_ name: String, _ value: Int64) { if value != -1 { found[name] = String(value) } }
    func key(_ name: String, _ index: UInt32) { if index != .max { found[name] = batch.text(batch.keys[Int(index)]) } }
    text("provider", fields.providers[span])
    text("request_model", fields.requestModels[span])
    text("response_model", fields.responseModels[span])
    key("input", fields.inputKeys[span])
    key("output", fields.outputKeys[span])
    count("input_tokens", fields.inputTokens[span])
    count("output_tokens", fields.outputTokens[span])
    count("cache_read_tokens", fields.cacheReadTokens[span])
    count("cache_write_tokens", fields.cacheWriteTokens[span])
    count("reasoning_tokens", fields.reasoningTokens[span])
    if !fields.reportedCosts[span].isNaN { found["reported_cost"] = String(fields.reportedCosts[span]) }
    if !fields.costs[span].isNaN { found["cost"] = String(fields.costs[span]) }
    text("session_id", fields.sessionIDs[span])
    text("user_id", fields.userIDs[span])
    text("prompt_name", fields.promptNames[span])
    text("prompt_version", fields.promptVersions[span])
    text("tool_name", fields.toolNames[span])
    text("error_type", fields.errorTypes[span])
    text("(response id)", fields.responseIDs[span])
    if let details = fields.usageDetails.first(where: { $0.span == span }) {
        count("(cache writes for 1 h)", details.cacheWrite1h)
        count("(audio input)", details.audioInput)
        count("(audio cache reads)", details.audioCacheRead)
        count("(audio output)", details.audioOutput)
        count("(image input)", details.imageInput)
        count("(image cache reads)", details.imageCacheRead)
        count("(image output)", details.imageOutput)
        if details.serviceTier != .standard { found["(service tier)"] = details.serviceTier.rawValue }
    }
    let tags = fields.tags[Int(fields.tagStarts[span])..<Int(fields.tagStarts[span + 1])]
    if !tags.isEmpty { found["tags"] = tags.map { batch.text($0) }.joined(separator: "|") }
    return found
}

/// Maps one span and gives its fields.
func mapped(
    _ attributes: [(String, AttributeValue)], status: Int32 = 0, events: [(name: String, attributes: [(String, AttributeValue)])] = [],
    mapping: AttributeMapping = .current
) -> [String: String] {
    var batch = BatchBuilder.span(attributes, status: status, events: events)
    let result = mapping.apply(to: &batch)
    return fields(result, batch)
}
