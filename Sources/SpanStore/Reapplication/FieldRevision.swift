import GenAIConventions
import TraceModel

/// What is to be worked out anew of stored spans, and by what: a newer mapping, or newer prices.
///
/// The mapping fills every mapped field from the attributes as they were sent, and prices what it filled; prices alone change nothing but
/// `cost`, of the fields as they are stored. What was billed stays the cost either way.
package struct FieldRevision: Sendable {
    /// The raw values are stored in jobs and never change.
    package enum Subject: String, Sendable, CaseIterable {
        case mapping
        case prices
    }

    package let subject: Subject
    package let mapping: AttributeMapping
    /// The book of the project.
    package let prices: PriceBook

    package init(_ subject: Subject, prices: PriceBook, mapping: AttributeMapping = .current) {
        self.subject = subject
        self.prices = prices
        self.mapping = mapping
    }

    var priceVersion: UInt64 { UInt64(max(0, prices.version)) }

    /// The fields whose attributes are read; nil for all.
    var readFields: Set<LLMField>? { subject == .mapping ? nil : AttributeMapping.fieldsBesideColumns }

    /// Whether a segment's fields are of an older version.
    func isDue(_ segment: SegmentDescriptor) -> Bool {
        switch subject {
        case .mapping: segment.mappingVersion < mapping.version
        case .prices: segment.priceVersion < priceVersion
        }
    }

    /// What a segment's versions are once it is applied.
    func versions(of segment: SegmentDescriptor) -> (mapping: UInt16, prices: UInt64) {
        (
            subject == .mapping ? max(mapping.version, segment.mappingVersion) : segment.mappingVersion,
            max(priceVersion, segment.priceVersion)
        )
    }

    /// The fields of a batch's spans as they become. The status of a span that failed by its level is set in the batch, as at ingest.
    ///
    /// A span that had no cost and repeats the call of another one in the batch has none either way; one that came in a request of its own
    /// and had one keeps one, as everything that adds up traces leaves it out.
    func fields(of batch: inout SpanBatch, stored: [SpanRecord.LLM]) -> [SpanRecord.LLM] {
        var fields = mapping.apply(to: &batch)
        if subject == .prices { Self.restore(stored, in: &fields, &batch) }
        if batch.record == .span { prices.price(&fields, batch: batch) { stored[$0].cost != nil } }
        switch subject {
        case .mapping: return batch.traceIDs.indices.map { SpanRecord.LLM(fields, span: $0, of: batch) }
        case .prices:
            return stored.indices.map { span in
                var llm = stored[span]
                llm.cost = fields.costs[span].isNaN ? nil : fields.costs[span]
                return llm
            }
        }
    }

    /// Puts back what prices go by, as it is stored.
    private static func restore(_ stored: [SpanRecord.LLM], in fields: inout LLMFields, _ batch: inout SpanBatch) {
        func text(_ text: String?) -> TraceModel.ByteRange { text.map { batch.append($0.utf8) } ?? .none }
        for (span, llm) in stored.enumerated() {
            fields.kinds[span] = llm.kind
            fields.providers[span] = text(llm.provider)
            fields.requestModels[span] = text(llm.requestModel)
            fields.responseModels[span] = text(llm.responseModel)
            fields.inputTokens[span] = llm.inputTokens ?? -1
            fields.outputTokens[span] = llm.outputTokens ?? -1
            fields.cacheReadTokens[span] = llm.cacheReadTokens ?? -1
            fields.cacheWriteTokens[span] = llm.cacheWriteTokens ?? -1
            fields.reasoningTokens[span] = llm.reasoningTokens ?? -1
            fields.reportedCosts[span] = llm.reportedCost ?? .nan
            fields.costs[span] = llm.billedCost ?? .nan
        }
    }
}

extension SpanRecord.LLM {
    /// The fields of one span of a batch.
    package init(_ fields: borrowing LLMFields, span: Int, of batch: borrowing SpanBatch) {
        self.init()
        kind = fields.kinds[span]
        for field in LLMTextField.allCases {
            let range = field.column(of: fields)[span]
            if !range.isNone { field.set(batch.text(range), in: &self) }
        }
        for field in LLMNumberField.allCases {
            if let bits = field.bits(of: fields, span) { field.set(bits: bits, in: &self) }
        }
        func key(_ index: UInt32) -> String? { index == .max ? nil : batch.text(batch.keys[Int(index)]) }
        inputKey = key(fields.inputKeys[span])
        outputKey = key(fields.outputKeys[span])
        tags = fields.tags[Int(fields.tagStarts[span])..<Int(fields.tagStarts[span + 1])].map { batch.text($0) }
    }
}
