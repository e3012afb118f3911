/// Why the fields of a span are what they are: the mapping and the prices of today over the attributes as they are stored, beside what was
/// stored when the span came in. Nothing of it is kept: a pure function of the span, and of what its trace says of the call it reports.

import ByteCoding
import GenAIConventions
import OTLP
import TraceModel

struct SpanExplanation {
    private let span: SpanRecord
    private let mapped: SpanRecord.LLM
    private let mapping: MappingExplanation
    private let cost: CostExplanation
    private let said: SpanMessages
    private let workedOut: [WorkedOutField]
    /// Nil where the trace has more spans than are looked at together.
    private let calls: SpanCalls?

    init(_ span: SpanRecord, prices: PriceBook, calls: SpanCalls?) throws(OTLPError) {
        self.span = span
        self.calls = calls
        said = SpanMessages(span)
        workedOut = try WorkedOutField.all(of: span)
        var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode([span]), limits: .unlimited)
        mapping = AttributeMapping.current.explain(&batch)
        mapped = SpanRecord.LLM(mapping.fields, batch)
        cost = prices.explain(mapped, details: mapping.fields.usageDetails.first, at: span.startTimeUnixNano)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("trace_id", span.traceID.hex)
        writer.member("span_id", span.spanID.hex)
        writer.member("mapping_version", Int(AttributeMapping.current.version))
        writer.key("fields")
        writer.beginArray()
        let values = Self.values(span.llm), current = Self.values(mapped)
        for field in LLMField.allCases where field.isStored { write(field, values[field] ?? .null, current[field] ?? .null, to: &writer) }
        writer.endArray()
        writer.key("worked_out")
        writer.beginArray()
        for field in workedOut { write(field, to: &writer) }
        writer.endArray()
        writeCost(to: &writer)
        writer.key("repeats")
        if let counting = calls?.counting { write(counting, to: &writer) } else { writer.null() }
        writer.key("repeated_by")
        writer.beginArray()
        for call in calls?.repeats ?? [] { write(call, to: &writer) }
        writer.endArray()
        writer.member("is_running", PendingSpans.isPending(span.attributes))
        writer.endObject()
        return writer.bytes
    }

    private func write(_ field: WorkedOutField, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("field", field.name)
        writer.member("value", field.value)
        writer.key("sources")
        writer.beginArray()
        for source in field.sources { writer.string(source) }
        writer.endArray()
        writer.member("rule", field.rule)
        writer.endObject()
    }

    private func write(_ span: SpanCalls.Named, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("span_id", span.spanID.hex)
        writer.member("name", span.name)
        writer.endObject()
    }

    private func write(_ field: LLMField, _ stored: JSONValue, _ current: JSONValue, to writer: inout JSONWriter) {
        let origin = mapping.origins.first { $0.field == field }
        writer.beginObject()
        writer.member("field", field.name)
        writer.member("value", stored)
        writer.member("current_value", current)
        writer.key("sources")
        writer.beginArray()
        for rule in origin?.rules ?? [] {
            writer.beginObject()
            writer.member("attribute", origin?.attribute ?? rule.key.attributeKey)
            writer.member("rule", rule.key.description)
            writer.member("read_as", rule.reading.description)
            writer.member("convention", rule.dialect.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.member("position", origin?.position)
        let total = mapping.totals.first { $0.field == field }
        writer.member("sent", total?.sent)
        writer.member("added", total?.added)
        writer.member("reason", total.map { "\($0.added) were added: \($0.reason.rawValue)" } ?? defaultReason(field, origin == nil))
        writer.endObject()
    }

    private func defaultReason(_ field: LLMField, _ hasNoOrigin: Bool) -> String? {
        guard hasNoOrigin else { return nil }
        if field == .input && !said.input.isEmpty || field == .output && !said.output.isEmpty {
            return "no attribute of a rule has it: the messages stand in the span's events, or in attributes for each of their parts"
        }
        return field == .kind ? "no rule knows the span" : "no attribute of a rule has a usable value"
    }

    private func writeCost(to writer: inout JSONWriter) {
        writer.key("cost")
        writer.beginObject()
        writer.member("value", span.llm.cost)
        writer.member("current_value", cost.total)
        writer.member("reported", span.llm.reportedCost)
        writer.member("price_version", cost.priceBookVersion)
        writer.member("model", cost.model)
        writer.member("service_tier", cost.serviceTier.rawValue)
        writer.key("tiers")
        writer.priceTiers(cost.tiers)
        writer.key("price")
        if let price = cost.price {
            writer.price(price)
        } else {
            writer.null()
        }
        writer.key("items")
        writer.beginArray()
        for item in cost.items {
            writer.beginObject()
            writer.member("kind", item.kind.rawValue)
            writer.member("tokens", item.tokens)
            writer.member("per_million", item.perMillion)
            writer.member("is_fallback", item.isFallback)
            writer.member("amount", item.amount)
            writer.endObject()
        }
        writer.endArray()
        writer.member("reason", costReason)
        writer.endObject()
    }

    private var costReason: String? {
        if let absence = cost.absence { return absence.rawValue }
        guard let now = cost.total else { return nil }
        switch span.llm.cost {
        case nil where calls?.counting != nil: return "the span repeats the call of another span, which counts"
        case nil:
            return "the span had no cost when it came in: another span reports the same call, or the mapping or the prices knew less then"
        case let stored? where abs(stored - now) > 1e-12: return "the mapping or the prices were others when the span came in"
        default: return nil
        }
    }

    private static func values(_ llm: SpanRecord.LLM) -> [LLMField: JSONValue] {
        var values: [LLMField: JSONValue] = [.kind: .string(llm.kind.name)]
        func text(_ field: LLMField, _ value: String?) { if let value { values[field] = .string(value) } }
        func count(_ field: LLMField, _ value: Int64?) { if let value { values[field] = .integer(value) } }
        text(.provider, llm.provider)
        text(.requestModel, llm.requestModel)
        text(.responseModel, llm.responseModel)
        text(.input, llm.inputKey)
        text(.output, llm.outputKey)
        count(.inputTokens, llm.inputTokens)
        count(.outputTokens, llm.outputTokens)
        count(.cacheReadTokens, llm.cacheReadTokens)
        count(.cacheWriteTokens, llm.cacheWriteTokens)
        count(.reasoningTokens, llm.reasoningTokens)
        if let cost = llm.reportedCost { values[.reportedCost] = .double(cost) }
        text(.sessionID, llm.sessionID)
        text(.userID, llm.userID)
        text(.promptName, llm.promptName)
        text(.promptVersion, llm.promptVersion)
        text(.toolName, llm.toolName)
        text(.errorType, llm.errorType)
        if !llm.tags.isEmpty { values[.tags] = .array(llm.tags.map(JSONValue.string)) }
        return values
    }
}

extension SpanRecord.LLM {
    /// The first span of a batch, costs excepted.
    init(_ fields: LLMFields, _ batch: SpanBatch) {
        self.init()
        func text(_ ranges: [TraceModel.ByteRange]) -> String? { ranges.first.flatMap { $0.isNone ? nil : batch.text($0) } }
        func count(_ values: [Int64]) -> Int64? { values.first.flatMap { $0 < 0 ? nil : $0 } }
        func key(_ indexes: [UInt32]) -> String? { indexes.first.flatMap { $0 == .max ? nil : batch.text(batch.keys[Int($0)]) } }
        kind = fields.kinds.first ?? .span
        provider = text(fields.providers)
        requestModel = text(fields.requestModels)
        responseModel = text(fields.responseModels)
        inputKey = key(fields.inputKeys)
        outputKey = key(fields.outputKeys)
        inputTokens = count(fields.inputTokens)
        outputTokens = count(fields.outputTokens)
        cacheReadTokens = count(fields.cacheReadTokens)
        cacheWriteTokens = count(fields.cacheWriteTokens)
        reasoningTokens = count(fields.reasoningTokens)
        reportedCost = fields.reportedCosts.first.flatMap { $0.isNaN ? nil : $0 }
        sessionID = text(fields.sessionIDs)
        userID = text(fields.userIDs)
        promptName = text(fields.promptNames)
        promptVersion = text(fields.promptVersions)
        toolName = text(fields.toolNames)
        errorType = text(fields.errorTypes)
        tags = fields.tags.map { batch.text($0) }
    }
}
