/// Leaving spans out of a batch.

extension SpanBatch {
    /// Keeps the spans for which `isKept` is true; what they refer to (attributes, events, links, bytes) keeps its place, so only
    /// the per-span columns are rebuilt.
    package mutating func keepSpans(_ isKept: (Int) -> Bool) {
        let kept = (0..<spanCount).filter(isKept)
        guard kept.count < spanCount else { return }
        var filtered = self
        filtered.traceIDs = kept.map { traceIDs[$0] }
        filtered.spanIDs = kept.map { spanIDs[$0] }
        filtered.parentSpanIDs = kept.map { parentSpanIDs[$0] }
        filtered.startTimesUnixNano = kept.map { startTimesUnixNano[$0] }
        filtered.endTimesUnixNano = kept.map { endTimesUnixNano[$0] }
        filtered.names = kept.map { names[$0] }
        filtered.traceStates = kept.map { traceStates[$0] }
        filtered.kinds = kept.map { kinds[$0] }
        filtered.flags = kept.map { flags[$0] }
        filtered.statusCodes = kept.map { statusCodes[$0] }
        filtered.statusMessages = kept.map { statusMessages[$0] }
        filtered.hasStatus = kept.map { hasStatus[$0] }
        filtered.droppedAttributesCounts = kept.map { droppedAttributesCounts[$0] }
        filtered.droppedEventsCounts = kept.map { droppedEventsCounts[$0] }
        filtered.droppedLinksCounts = kept.map { droppedLinksCounts[$0] }
        filtered.resourceIndexes = kept.map { resourceIndexes[$0] }
        filtered.scopeIndexes = kept.map { scopeIndexes[$0] }
        (filtered.attributes, filtered.attributeStarts) = Self.keep(kept, of: attributes, starts: attributeStarts)
        (filtered.events, filtered.eventStarts) = Self.keep(kept, of: events, starts: eventStarts)
        (filtered.links, filtered.linkStarts) = Self.keep(kept, of: links, starts: linkStarts)
        self = filtered
    }

    private static func keep<Element>(_ kept: [Int], of list: [Element], starts: [UInt32]) -> ([Element], [UInt32]) {
        var elements: [Element] = []
        var newStarts: [UInt32] = [0]
        for span in kept {
            elements += list[Int(starts[span])..<Int(starts[span + 1])]
            newStarts.append(UInt32(elements.count))
        }
        return (elements, newStarts)
    }
}
