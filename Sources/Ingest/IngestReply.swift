/// What a sender is told about an accepted request, in OTLP's terms.

import OTLP

package struct IngestReply: Equatable, Sendable {
    /// Spans (or log records, or data points) that are not stored; the sender must not send them again.
    package var rejectedSpanCount: Int
    /// Why spans were rejected, or a warning when none were; empty when there is nothing to say.
    package var errorMessage: String
    /// The id under which can be asked later what became of the request.
    package var receipt: String?
    /// Whether the request was stored before, and nothing of it now.
    package var isRepetition = false

    package init(rejectedSpanCount: Int = 0, errorMessage: String = "", receipt: String? = nil) {
        self.receipt = receipt
        self.rejectedSpanCount = rejectedSpanCount
        self.errorMessage = errorMessage
    }

    /// Whether OTLP's `partial_success` stays unset.
    package var isFullSuccess: Bool { rejectedSpanCount == 0 && errorMessage.isEmpty }

    init(_ batch: BatchSummary) {
        self.init(
            rejectedCount: batch.rejections.rejectedSpanCount, errorMessage: batch.rejections.errorMessage,
            replacedStringCount: batch.replacedStringCount)
    }

    /// - Parameter replacedStringCount: strings that had to be mended.
    init(rejectedCount: Int, errorMessage: String, replacedStringCount: Int) {
        self.init(rejectedSpanCount: rejectedCount, errorMessage: errorMessage)
        guard replacedStringCount > 0 else { return }
        if !errorMessage.isEmpty { self.errorMessage += ". " }
        self.errorMessage += "\(replacedStringCount) strings were not valid UTF-8: their bad bytes were replaced by U+FFFD"
    }
}
