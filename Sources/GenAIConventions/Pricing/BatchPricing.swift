/// The costs of a whole batch by a price book.

import TraceModel

extension PriceBook {
    /// Fills `costs` for every span that was not billed, has a model and any token count, and for which a price is known; the others
    /// stay as the mapping left them (billed, or absent). The response's model is asked first, then the request's.
    ///
    /// Agents and chains get no cost: what usage they carry repeats the calls below them, and every sum over a
    /// trace would count it twice. Nor do spans that repeat a call for which another span of the batch counts
    /// (`RepeatedCalls`); where the two come in different batches, reads of whole traces leave the repeat out.
    ///
    /// - Parameter keepsRepeat: whether a span that repeats a call has a cost all the same: one that came in another request has.
    package func price(_ fields: inout LLMFields, batch: SpanBatch, keepsRepeat: (Int) -> Bool = { _ in false }) {
        var cache = ResolvedModels()
        var calls = BatchCalls()
        // Details are in the order of their spans.
        var nextDetails = 0
        for span in 0..<batch.spanCount {
            while nextDetails < fields.usageDetails.count, fields.usageDetails[nextDetails].span < span { nextDetails += 1 }
            let isBilled = !fields.costs[span].isNaN
            if !isBilled {
                let hasDetails = nextDetails < fields.usageDetails.count && fields.usageDetails[nextDetails].span == span
                let details = hasDetails ? fields.usageDetails[nextDetails] : nil
                if let cost = computed(span, fields, details, batch, &cache) { fields.costs[span] = cost }
            }
            if RepeatedCalls.isCall(fields.kinds[span]) { calls.add(span, isBilled: isBilled, fields, batch) }
        }
        for span in calls.repeats() where !keepsRepeat(span) { fields.costs[span] = .nan }
    }

    @inline(__always)
    private func computed(
        _ span: Int, _ fields: borrowing LLMFields, _ details: UsageDetails?, _ batch: borrowing SpanBatch, _ cache: inout ResolvedModels
    ) -> Double? {
        let input = fields.inputTokens[span], output = fields.outputTokens[span], cacheRead = fields.cacheReadTokens[span]
        let cacheWrite = fields.cacheWriteTokens[span], reasoning = fields.reasoningTokens[span]
        // An absent count is -1: the sign bit survives only when all of them are absent.
        guard input & output & cacheRead & cacheWrite & reasoning >= 0, !fields.kinds[span].isContainer else { return nil }
        let provider = fields.providers[span], start = batch.startTimesUnixNano[span]
        let price =
            cache.price(provider: provider, model: fields.responseModels[span], at: start, in: batch, book: self)
            ?? cache.price(provider: provider, model: fields.requestModels[span], at: start, in: batch, book: self)
        return price.map {
            cost(
                at: $0,
                of: TokenUsage(
                    input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite, reasoning: reasoning, details: details))
        }
    }
}

/// The calls of a batch, for finding those that repeat another one's cost.
private struct BatchCalls {
    private var spans: [Int] = []
    private var calls: [ModelCall] = []
    /// Without a cost.
    private var silent: [ModelCall] = []
    /// Neither a response id nor a parent: nothing can repeat anything.
    private var mayRepeat = false

    mutating func add(_ span: Int, isBilled: Bool, _ fields: borrowing LLMFields, _ batch: borrowing SpanBatch) {
        let response = fields.responseIDs[span], trace = batch.traceIDs[span], parent = batch.parentSpanIDs[span]
        var call = ModelCall(
            group: trace.high &* 31 &+ trace.low, kind: fields.kinds[span], spanID: batch.spanIDs[span], parentSpanID: parent,
            responseHash: 0, startTimeUnixNano: batch.startTimesUnixNano[span], endTimeUnixNano: batch.endTimesUnixNano[span])
        guard !fields.costs[span].isNaN else {
            silent.append(call)
            return
        }
        if response.count > 0 { call.responseHash = ModelCall.hash(batch.bytes.span.extracting(response.indices)) }
        call.isBilled = isBilled
        mayRepeat = mayRepeat || response.count > 0 || !parent.isZero
        spans.append(span)
        calls.append(call)
    }

    func repeats() -> [Int] {
        guard mayRepeat, calls.count > 1 else { return [] }
        return zip(spans, RepeatedCalls.find(calls, silent: silent)).compactMap { $1 ? $0 : nil }
    }
}

/// The prices of the models of one batch: a batch has few models and many calls. Direct-mapped by a hash of the names'
/// bytes; a collision only costs the look-up again.
private struct ResolvedModels {
    private static let slotCount = 64

    private struct Entry {
        var provider = ByteRange.none
        var model = ByteRange.none
        /// Nil for no price; good for starts within `validity`.
        var price: PriceBook.Place?
        var validity: ClosedRange<UInt64> = 0...0
    }

    private var entries = [Entry](repeating: Entry(), count: slotCount)

    mutating func price(
        provider: ByteRange, model: ByteRange, at unixNano: UInt64, in batch: SpanBatch, book: PriceBook
    ) -> PriceBook.Place? {
        guard model.count > 0, model.count <= GenAILimits.maximumModelNameLength else { return nil }
        let provider = provider.count > GenAILimits.maximumModelNameLength ? .none : provider
        let bytes = batch.bytes.span
        let modelText = bytes.extracting(model.indices), providerText = bytes.extracting(provider.indices)
        let slot = Self.slot(modelText, providerLength: provider.count)
        let known = entries[slot]
        if known.model.count == model.count, known.provider.count == provider.count, known.validity.contains(unixNano),
            Self.equal(bytes.extracting(known.model.indices), modelText),
            Self.equal(bytes.extracting(known.provider.indices), providerText)
        {
            return known.price
        }
        let found = book.place(provider: batch.text(provider), model: batch.text(model), at: unixNano)
        entries[slot] = Entry(provider: provider, model: model, price: found.price, validity: found.validity)
        return found.price
    }

    /// By the lengths and four bytes of the model, which is not empty; a sender who makes models collide only slows its
    /// own request.
    private static func slot(_ model: borrowing Span<UInt8>, providerLength: Int) -> Int {
        let last = model.count - 1
        let sample =
            UInt64(model[0]) | UInt64(model[last]) &<< 8 | UInt64(model[last / 2]) &<< 16 | UInt64(model[last / 4]) &<< 24
            | UInt64(model.count &* 31 &+ providerLength) &<< 32
        return Int(truncatingIfNeeded: (sample &* 0x9E37_79B9_7F4A_7C15) >> 58) & (slotCount - 1)
    }

    private static func equal(_ a: borrowing Span<UInt8>, _ b: borrowing Span<UInt8>) -> Bool {
        for place in 0..<a.count where a[place] != b[place] { return false }
        return true
    }
}
