/// What a replay of refused spans came to. Every span that was selected when it began is in one of the counts.
package struct ReplayReport: Sendable, Equatable {
    /// Stored now, and out of the quarantine.
    package var storedSpanCount = 0
    /// Out of the quarantine because the very span is stored already: its sender, or an earlier replay, was there first.
    package var alreadyStoredSpanCount = 0
    /// Refused again; they stay, with their newest reason.
    package var refusedSpanCount = 0
    /// Not tried: cut, of an owner that was not kept, or of a version that kept none.
    package var unreplayableSpanCount = 0
    /// Not tried because the replay ended early; another one goes on.
    package var remainingSpanCount = 0
    /// Why it ended early; nil when everything was tried.
    package var stopReason: String?

    var isEmpty: Bool { storedSpanCount + alreadyStoredSpanCount + refusedSpanCount == 0 }
}
