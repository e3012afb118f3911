import SpanStore

/// Spans of one replay that are tried as one request: of one owner and one format, in the order they came in.
struct ReplayRun {
    var spans: [KeptSpan] = []
    private(set) var byteCount = 0

    mutating func append(_ span: KeptSpan) {
        spans.append(span)
        byteCount += span.span.source.count
    }

    /// Whether a span can go with those that are there.
    func takes(_ span: KeptSpan) -> Bool {
        guard let first = spans.first else { return true }
        return first.span.codec == span.span.codec && first.span.origin?.owner == span.span.origin?.owner
            && spans.count < ReplayLimits.maximumSpanCount && byteCount + span.span.source.count <= ReplayLimits.maximumByteCount
    }

    static func runs(of spans: [KeptSpan]) -> [ReplayRun] {
        var runs: [ReplayRun] = []
        for span in spans {
            if runs.last?.takes(span) != true { runs.append(ReplayRun()) }
            runs[runs.count - 1].append(span)
        }
        return runs
    }
}
