/// What is kept for one reason: how much, since when, from whom.
package struct RejectedSpanGroup: Hashable, Sendable {
    package var spanCount = 0
    /// Of them, those that a replay can try.
    package var replayableSpanCount = 0
    /// Receive times of the kept ones.
    package var firstUnixNano: UInt64 = .max
    package var lastUnixNano: UInt64 = 0
    /// Spans by what their exporter calls itself. Under "" those of exporters that do not say, and of more than are counted apart.
    package var spanCountByExporter: [String: Int] = [:]
    /// The youngest span, for a sample.
    package var lastID: KeptSpan.ID = 0

    mutating func add(_ kept: KeptSpan) {
        spanCount += 1
        if kept.span.isReplayable { replayableSpanCount += 1 }
        firstUnixNano = min(firstUnixNano, kept.span.receivedUnixNano)
        lastUnixNano = max(lastUnixNano, kept.span.receivedUnixNano)
        lastID = max(lastID, kept.id)
        let exporter = kept.span.exporter ?? ""
        let isCounted =
            spanCountByExporter[exporter] != nil || spanCountByExporter.count < QuarantineLimits.maximumCountedExporterCount
        spanCountByExporter[isCounted ? exporter : "", default: 0] += 1
    }

    func merged(with other: RejectedSpanGroup) -> RejectedSpanGroup {
        var merged = self
        merged.spanCount += other.spanCount
        merged.replayableSpanCount += other.replayableSpanCount
        merged.firstUnixNano = min(firstUnixNano, other.firstUnixNano)
        merged.lastUnixNano = max(lastUnixNano, other.lastUnixNano)
        merged.spanCountByExporter.merge(other.spanCountByExporter, uniquingKeysWith: +)
        merged.lastID = max(lastID, other.lastID)
        return merged
    }
}
