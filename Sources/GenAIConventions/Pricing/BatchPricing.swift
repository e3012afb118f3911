import TraceModel

extension PriceBook {
    /// Fills `costs` for every span that has a model and any token count, and for which a price is known; the others
    /// stay as they are (absent). The response's model is asked first, then the request's.
    ///
    /// Agents and chains get no computed cost: what usage they carry repeats the calls below them, and every sum over a
    /// trace would count it twice.
    package func price(_ fields: inout LLMFields, batch: SpanBatch) {
        var cache = ResolvedModels()
        for span in 0..<batch.spanCount {
            let usage = UsageColumns(fields, span)
            guard usage.isPresent, fields.kinds[span] != .agent, fields.kinds[span] != .chain else { continue }
            for model in [fields.responseModels[span], fields.requestModels[span]] where model.count > 0 {
                let slot = cache.slot(provider: fields.providers[span], model: model, in: batch, book: self)
                if let price = price(among: cache.candidates(slot), at: batch.startTimesUnixNano[span]) {
                    fields.costs[span] = price.cost(of: usage.usage)
                    break
                }
            }
        }
    }
}

/// A span's counts out of the columns.
private struct UsageColumns {
    var usage: TokenUsage
    var isPresent: Bool

    init(_ fields: LLMFields, _ span: Int) {
        let input = fields.inputTokens[span], output = fields.outputTokens[span], cacheRead = fields.cacheReadTokens[span]
        let cacheWrite = fields.cacheWriteTokens[span], reasoning = fields.reasoningTokens[span]
        // An absent count is -1: any count is present unless all sign bits are set.
        isPresent = input & output & cacheRead & cacheWrite & reasoning >= 0
        usage = TokenUsage(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite, reasoning: reasoning)
    }
}

/// The price series of the models of one batch: a batch has few models and many calls. Direct-mapped by a hash of the
/// names' bytes; a collision only costs the look-up again.
private struct ResolvedModels {
    private static let slotCount = 64

    private struct Entry {
        var provider = ByteRange.none
        var model = ByteRange.none
        var candidates: [Int] = []
    }

    private var entries = [Entry](repeating: Entry(), count: slotCount)

    func candidates(_ slot: Int) -> [Int] { entries[slot].candidates }

    /// The slot that holds a pair, resolved now if it was not there.
    mutating func slot(provider: ByteRange, model: ByteRange, in batch: SpanBatch, book: PriceBook) -> Int {
        let bytes = batch.bytes.span
        let modelText = bytes.extracting(model.indices), providerText = bytes.extracting(provider.indices)
        guard modelText.count <= GenAILimits.maximumModelNameLength else { return remember(Entry(), at: Self.slotCount - 1) }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for place in 0..<modelText.count { hash = (hash ^ UInt64(modelText[place])) &* 0x100_0000_01B3 }
        if providerText.count <= GenAILimits.maximumModelNameLength {
            for place in 0..<providerText.count { hash = (hash ^ UInt64(providerText[place])) &* 0x100_0000_01B3 }
        }
        let slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (Self.slotCount - 1)
        let known = entries[slot]
        if known.model.count == model.count, known.provider.count == provider.count,
            Self.equal(bytes.extracting(known.model.indices), modelText),
            Self.equal(bytes.extracting(known.provider.indices), providerText)
        {
            return slot
        }
        let candidates = book.candidates(
            provider: provider.count > GenAILimits.maximumModelNameLength ? nil : batch.text(provider), model: batch.text(model))
        return remember(Entry(provider: provider, model: model, candidates: candidates), at: slot)
    }

    private mutating func remember(_ entry: Entry, at slot: Int) -> Int {
        entries[slot] = entry
        return slot
    }

    private static func equal(_ a: borrowing Span<UInt8>, _ b: borrowing Span<UInt8>) -> Bool {
        for place in 0..<a.count where a[place] != b[place] { return false }
        return true
    }
}
