/// What the sender of a request was told, kept so that a repeated request hears the same.
package struct StoredReply: Hashable, Sendable {
    package var rejectedSpanCount: Int
    package var errorMessage: String

    package init(rejectedSpanCount: Int = 0, errorMessage: String = "") {
        self.rejectedSpanCount = rejectedSpanCount
        self.errorMessage = errorMessage
    }
}
