/// Which traces of a window are looked at when there are more than may be, and which of a trace's spans has what the user said: pure.

import TraceModel

enum WindowSample {
    /// At most `count` elements at even distances, in their order: of every hour of a window its share.
    static func even<Element>(_ elements: [Element], count: Int) -> [Element] {
        guard count > 0 else { return [] }
        guard elements.count > count else { return elements }
        return (0..<count).map { elements[$0 * elements.count / count] }
    }
}

/// A span that has an input.
struct InputSpan: Sendable, Equatable {
    var traceID: TraceID
    var spanID: SpanID
    var isRoot: Bool
    var startUnixNano: Int64
    var kind: LLMKind

    /// What was given to the application as a whole comes before what it made of that for its models; what tools and retrievers are given
    /// is nobody's words.
    private var rank: Int? {
        switch kind {
        case .tool, .embedding, .retriever, .reranker, .guardrail, .evaluator, .event: nil
        case .span, .agent, .chain, .llm, .prompt: isRoot ? 0 : kind == .agent ? 1 : kind == .chain ? 2 : kind == .llm ? 3 : 4
        }
    }

    /// The span of each trace to look into first, and the others that may do in its place, in that order.
    static func candidates(of spans: [InputSpan]) -> [TraceID: [SpanID]] {
        Dictionary(grouping: spans.filter { $0.rank != nil }, by: \.traceID).mapValues { spans in
            spans.sorted { ($0.rank ?? 0, $0.startUnixNano, $0.spanID.rawValue) < ($1.rank ?? 0, $1.startUnixNano, $1.spanID.rawValue) }
                .map(\.spanID)
        }
    }
}
