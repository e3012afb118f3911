import TraceModel

/// Which of a project's refused spans are meant; without limits all of them.
package struct RejectedSpanSelection: Sendable {
    package var reason: String?
    package var ids: Set<KeptSpan.ID>?

    package init(reason: String? = nil, ids: Set<KeptSpan.ID>? = nil) {
        self.reason = reason
        self.ids = ids
    }

    /// Whether it is everything, whatever that is.
    package var isEverything: Bool { reason == nil && ids == nil }

    /// Whether a replay of the selection takes a span in. One that was meant for another project has to be named, by its reason or its id:
    /// it will be stored in this one.
    package func takes(_ kept: KeptSpan) -> Bool {
        !isEverything || kept.span.reason != SpanRejection.Reason.projectNotChoosable.rawValue
    }

    package func contains(_ kept: KeptSpan) -> Bool {
        (reason.map { $0 == kept.span.reason } ?? true) && (ids?.contains(kept.id) ?? true)
    }
}
