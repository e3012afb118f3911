import TraceModel

/// The rejections of a batch in one sentence, for `partial_success.error_message`: how many, why, and what would help.
///
///     3 spans rejected: 2 trace_id_length (a trace id has 16 bytes), 1 value_too_large (...)
package struct RejectionSummary: Sendable {
    package let rejectedSpanCount: Int
    /// Reasons that occurred, the most frequent first.
    package let counts: [(reason: SpanRejection.Reason, spanCount: Int)]
    private let receivedSpanCount: Int

    package init(of batch: SpanBatch) {
        self.init(batch.rejections, receivedSpanCount: batch.receivedSpanCount)
    }

    package init(_ rejections: [SpanRejection], receivedSpanCount: Int) {
        var countByReason: [SpanRejection.Reason: Int] = [:]
        for rejection in rejections { countByReason[rejection.reason, default: 0] += 1 }
        rejectedSpanCount = rejections.count
        counts = countByReason.map { (reason: $0.key, spanCount: $0.value) }
            .sorted { ($1.spanCount, $0.reason.rawValue) < ($0.spanCount, $1.reason.rawValue) }
        self.receivedSpanCount = receivedSpanCount
    }

    /// Empty when nothing was rejected. At most a few hundred bytes: one clause for each of the reasons there are.
    package var errorMessage: String {
        guard rejectedSpanCount > 0 else { return "" }
        let clauses = counts.map { "\($0.spanCount) \($0.reason.rawValue) (\($0.reason.explanation))" }
        let noun = rejectedSpanCount == 1 ? "span" : "spans"
        return "\(rejectedSpanCount) \(noun) rejected: " + clauses.joined(separator: ", ") + hint
    }

    /// Logs and metrics share the outer field numbers with spans: sent to the traces endpoint they look like spans without ids.
    private var hint: String {
        let looksLikeAnotherSignal: Set<SpanRejection.Reason> = [.malformed, .traceIDLength]
        guard rejectedSpanCount == receivedSpanCount, counts.allSatisfy({ looksLikeAnotherSignal.contains($0.reason) }) else { return "" }
        return ". If these are logs or metrics, send them to /v1/logs or /v1/metrics"
    }
}

extension SpanRejection.Reason {
    /// What the rule is, in a few words.
    package var explanation: String {
        let limits = OTLPLimits()
        switch self {
        case .traceIDLength: return "a trace id has 16 bytes"
        case .traceIDZero: return "a trace id must not be all zeros"
        case .spanIDLength: return "a span id has 8 bytes"
        case .spanIDZero: return "a span id must not be all zeros"
        case .parentSpanIDLength: return "a parent span id has 8 bytes or none"
        case .linkIDLength: return "a link has a trace id of 16 bytes and a span id of 8"
        case .timeOutOfRange: return "times are nanoseconds since 1970 below 2^63"
        case .tooManyAttributes:
            return "at most \(limits.maximumAttributeCount) attributes on a span, event, link, resource or scope, "
                + "and \(limits.maximumEventCount) events or links on a span"
        case .keyTooLong: return "an attribute key has at most \(limits.maximumKeyByteCount) bytes"
        case .valueTooLarge: return "a value has at most \(limits.maximumValueByteCount >> 20) MiB"
        case .projectNotChoosable: return "the resource names a project that the key may not send to"
        case .nestingTooDeep: return "values nest at most \(limits.maximumNestingDepth) deep"
        case .malformed:
            return "not a valid OTLP span: a field is truncated or of the wrong type, or attributes are no list of key and value"
        }
    }
}
