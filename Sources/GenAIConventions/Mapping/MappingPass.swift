import TraceModel

/// One application of the mapping to a batch: a table from the batch's keys to rules, then one pass over the attributes.
///
/// Per batch: every distinct key is looked up once. Per attribute: one load from that table, and nothing more when the
/// key has no rule. Per span: the rank of the best rule seen so far for each field decides whether a value is read.
struct MappingPass {
    var fields: LLMFields
    private let mapping: AttributeMapping
    /// First rule by key index; 0 is none.
    private var firstRules: [UInt16]
    private let hasMappedKeys: Bool
    private var values = ValueReader()

    // The span at hand
    private var best: InlineArray<32, UInt8> = InlineArray(repeating: .max)
    /// Which parts of a reported cost were there, by `CompiledRule.part`.
    private var partsSeen: UInt16 = 0
    private var parts = CostParts()
    private var usage = UsageNormalization.Evidence()
    private var details = UsageDetails(span: 0)
    private var hasDetails = false
    /// What names a tool where nothing better does, and the rank of its rule.
    private var toolText = ByteRange.none
    private var toolTextRank = UInt8.max
    /// Where `_OTHER` lies in this batch, once it was appended.
    private var otherError = ByteRange.none
    /// Kept for the span mapped last, where somebody asks.
    var explains = false
    private(set) var winners: InlineArray<32, UInt8> = InlineArray(repeating: .max)
    private(set) var winningParts: UInt16 = 0
    private(set) var winningCost = CostParts()
    private(set) var totals: [MappingExplanation.Total] = []

    init(mapping: AttributeMapping, batch: SpanBatch) {
        self.mapping = mapping
        fields = LLMFields(spanCount: batch.spanCount)
        let text = batch.bytes.span
        var rules = [UInt16](repeating: 0, count: batch.keys.count)
        var mapped = false
        for (index, key) in batch.keys.enumerated() {
            let rule = mapping.firstRule(forKey: text.extracting(key.indices))
            rules[index] = rule
            mapped = mapped || rule != 0
        }
        firstRules = rules
        hasMappedKeys = mapped
    }

    mutating func run(over batch: inout SpanBatch, count: Int? = nil) {
        for span in 0..<(count ?? batch.spanCount) {
            var touched = false
            if hasMappedKeys {
                for position in Int(batch.attributeStarts[span])..<Int(batch.attributeStarts[span + 1]) {
                    let attribute = batch.attributes[position]
                    var index = firstRules[Int(attribute.keyIndex)]
                    touched = touched || index != 0
                    while index != 0 {
                        let place = mapping.places[Int(index)]
                        if place.rank < best[Int(place.field)] {
                            apply(mapping.compiledRules[Int(index)], to: attribute, ofSpan: span, in: &batch)
                        }
                        index = place.next
                    }
                }
            }
            if batch.statusCodes[span] == ErrorLevels.statusCodeError {
                for rule in mapping.errorEventRules where rule.rank < best[Int(rule.field.rawValue)] {
                    if let attribute = lastAttribute(of: rule, ofSpan: span, in: batch), let text = values.text(attribute, &batch) {
                        setText(text, rule.field, span)
                        best[Int(rule.field.rawValue)] = rule.rank
                        touched = true
                    }
                }
            }
            if touched { finish(span, &batch) }
            fields.tagStarts[span + 1] = UInt32(fields.tags.count)
        }
    }

    private mutating func finish(_ span: Int, _ batch: inout SpanBatch) {
        if fields.kinds[span] == .tool, fields.toolNames[span].isNone { nameTool(span, batch) }
        if toolTextRank != .max {
            toolText = .none
            toolTextRank = .max
        }
        let cache = max(0, fields.cacheReadTokens[span]) + max(0, fields.cacheWriteTokens[span])
        let reasoning = max(0, fields.reasoningTokens[span])
        if cache > 0 || reasoning > 0 {
            let input = fields.inputTokens[span], output = fields.outputTokens[span]
            let decision = UsageNormalization.decide(input: input, output: output, cache: cache, reasoning: reasoning, usage) {
                let model = fields.responseModels[span].isNone ? fields.requestModels[span] : fields.responseModels[span]
                let bytes = batch.bytes.span
                return ProviderUsage.rule(
                    provider: bytes.extracting(fields.providers[span].indices), model: bytes.extracting(model.indices))
            }
            if let reason = decision.cacheLeftOut {
                fields.inputTokens[span] = input + cache
                if explains { totals.append(MappingExplanation.Total(field: .inputTokens, sent: input, added: cache, reason: reason)) }
            }
            if let reason = decision.reasoningLeftOut {
                fields.outputTokens[span] = output + reasoning
                if explains {
                    totals.append(MappingExplanation.Total(field: .outputTokens, sent: output, added: reasoning, reason: reason))
                }
            }
        }
        if partsSeen != 0, best[Int(LLMField.reportedCost.rawValue)] == .max, parts.total.isFinite {
            fields.reportedCosts[span] = parts.total
        }
        if hasDetails {
            details.span = span
            fields.usageDetails.append(details)
            details = UsageDetails(span: 0)
            hasDetails = false
        }
        if explains {
            winners = best
            winningParts = partsSeen
            winningCost = parts
        }
        best = InlineArray(repeating: .max)
        if partsSeen != 0 {
            partsSeen = 0
            parts = CostParts()
        }
        usage = UsageNormalization.Evidence()
    }

    private mutating func nameTool(_ span: Int, _ batch: SpanBatch) {
        if toolTextRank != .max {
            fields.toolNames[span] = toolText
            best[Int(LLMField.toolName.rawValue)] = toolTextRank
        } else if let rank = mapping.spanNameRank, batch.names[span].count > 0 {
            fields.toolNames[span] = batch.names[span]
            best[Int(LLMField.toolName.rawValue)] = rank
        }
    }

    /// Reads one value; when it is usable, it fills the field and the rule's rank is the one to beat.
    private mutating func apply(_ rule: CompiledRule, to given: SpanBatch.Attribute, ofSpan span: Int, in batch: inout SpanBatch) {
        var attribute = given
        if rule.path != 0 {
            guard let member = MemberReader.member(mapping.paths[Int(rule.path)], of: given, &batch) else { return }
            attribute = member
        } else if rule.unquotes {
            attribute = MemberReader.unquoted(given, &batch)
        }
        switch rule.reading {
        case .text:
            guard let text = values.text(attribute, &batch) else { return }
            setText(text, rule.field, span)
        case .toolText:
            guard rule.rank < toolTextRank, let text = values.text(attribute, &batch) else { return }
            toolText = text
            toolTextRank = rule.rank
            // No rank is taken before the span's kind is known.
            return
        case .errorLevel:
            guard values.isErrorLevel(attribute, batch) else { return }
            if otherError.isNone { otherError = batch.append("_OTHER".utf8) }
            setText(otherError, rule.field, span)
        case .providerAndAPI:
            guard let name = values.providerName(attribute, &batch, dropsAPI: true) else { return }
            setText(name, rule.field, span)
        case .provider:
            guard let name = values.providerName(attribute, &batch) else { return }
            setText(name, rule.field, span)
        case .kind(let vocabulary):
            guard attribute.type == .string,
                let kind = vocabulary.kind(named: batch.bytes.span.extracting(attribute.range.indices))
            else { return }
            fields.kinds[span] = kind
        case .presence(let kind):
            guard ValueReader.isPresent(attribute) else { return }
            fields.kinds[span] = kind
        case .reference:
            guard ValueReader.isPresent(attribute) else { return }
            if rule.field == .input {
                fields.inputKeys[span] = attribute.keyIndex
            } else if rule.field == .output {
                fields.outputKeys[span] = attribute.keyIndex
            }
        case .count:
            guard let count = values.count(attribute, batch) else { return }
            setCount(count, rule, span)
        case .amount:
            guard let amount = values.amount(attribute, batch) else { return }
            fields.reportedCosts[span] = amount
        case .amountMembers:
            guard let sum = MemberReader.sum(of: attribute, values, batch) else { return }
            fields.reportedCosts[span] = sum
        case .amountPart(let part):
            guard partsSeen & rule.part == 0, let amount = values.amount(attribute, batch) else { return }
            parts.add(amount, part)
            partsSeen |= rule.part
            // No rank is taken: the other parts come on top, and any better rule counts instead of their sum.
            return
        case .serviceTier:
            guard attribute.type == .string,
                let name = ServiceTierNames.table.value(of: batch.bytes.span.extracting(attribute.range.indices))
            else { return }
            details.serviceTier = ServiceTierNames.names[Int(name)].tier
            hasDetails = true
        case .tags:
            let worse = Int(fields.tagStarts[span])..<fields.tags.count
            guard values.appendTags(of: attribute, &batch, to: &fields.tags) else { return }
            fields.tags.removeSubrange(worse)
        }
        best[Int(rule.field.rawValue)] = rule.rank
    }

    private mutating func setText(_ text: ByteRange, _ field: LLMField, _ span: Int) {
        switch field {
        case .provider: fields.providers[span] = text
        case .requestModel: fields.requestModels[span] = text
        case .responseModel: fields.responseModels[span] = text
        case .sessionID: fields.sessionIDs[span] = text
        case .userID: fields.userIDs[span] = text
        case .promptName: fields.promptNames[span] = text
        case .promptVersion: fields.promptVersions[span] = text
        case .toolName: fields.toolNames[span] = text
        case .errorType: fields.errorTypes[span] = text
        case .responseID: fields.responseIDs[span] = text
        case .kind, .input, .output, .inputTokens, .outputTokens, .cacheReadTokens, .cacheWriteTokens, .reasoningTokens, .reportedTotal,
            .passedOnInput, .passedOnOutput, .providerInput, .cacheWrite1hTokens, .audioInputTokens, .audioCacheReadTokens,
            .audioOutputTokens, .imageInputTokens, .imageCacheReadTokens, .imageOutputTokens, .serviceTier, .reportedCost, .tags:
            break
        }
    }

    private mutating func setCount(_ count: Int64, _ rule: CompiledRule, _ span: Int) {
        switch rule.field {
        case .inputTokens:
            fields.inputTokens[span] = count
            usage.inputIncludesCache = rule.inclusion
            usage.inputDialect = rule.dialect
        case .outputTokens:
            fields.outputTokens[span] = count
            usage.outputIncludesReasoning = rule.inclusion
            usage.outputDialect = rule.dialect
        case .cacheReadTokens:
            fields.cacheReadTokens[span] = count
            usage.cacheReadDetail = rule.inclusion
            usage.cacheReadDialect = rule.dialect
        case .cacheWriteTokens:
            fields.cacheWriteTokens[span] = count
            usage.cacheWriteDetail = rule.inclusion
            usage.cacheWriteDialect = rule.dialect
        case .reasoningTokens:
            fields.reasoningTokens[span] = count
            usage.reasoningDetail = rule.inclusion
            usage.reasoningDialect = rule.dialect
        case .reportedTotal: usage.reportedTotal = count
        case .passedOnInput: usage.passedOnInput = count
        case .passedOnOutput: usage.passedOnOutput = count
        case .providerInput: usage.providerInput = count
        case .cacheWrite1hTokens: setDetail(\.cacheWrite1h, count)
        case .audioInputTokens: setDetail(\.audioInput, count)
        case .audioCacheReadTokens: setDetail(\.audioCacheRead, count)
        case .audioOutputTokens: setDetail(\.audioOutput, count)
        case .imageInputTokens: setDetail(\.imageInput, count)
        case .imageCacheReadTokens: setDetail(\.imageCacheRead, count)
        case .imageOutputTokens: setDetail(\.imageOutput, count)
        case .kind, .provider, .requestModel, .responseModel, .input, .output, .reportedCost, .sessionID, .userID, .promptName,
            .promptVersion, .toolName, .errorType, .responseID, .serviceTier, .tags:
            break
        }
    }

    private mutating func setDetail(_ field: WritableKeyPath<UsageDetails, Int64>, _ count: Int64) {
        details[keyPath: field] = count
        hasDetails = true
    }

    private func lastAttribute(of rule: ErrorEventRule, ofSpan span: Int, in batch: SpanBatch) -> SpanBatch.Attribute? {
        for position in (Int(batch.eventStarts[span])..<Int(batch.eventStarts[span + 1])).reversed() {
            let event = batch.events[position]
            guard batch.equals(event.name, rule.name) else { continue }
            let start = Int(event.attributeStart)
            for attribute in batch.nestedAttributes[start..<start + Int(event.attributeCount)]
            where batch.equals(batch.keys[Int(attribute.keyIndex)], rule.key) {
                return attribute
            }
        }
        return nil
    }
}

extension SpanBatch {
    /// Whether a range holds exactly these bytes.
    func equals(_ range: ByteRange, _ text: [UInt8]) -> Bool {
        guard range.count == text.count, !range.isNone else { return false }
        let content = bytes.span.extracting(range.indices)
        for place in 0..<text.count where content[place] != text[place] { return false }
        return true
    }
}
