/// What a call's tokens were beside the counts that have columns: kept with a batch as long as it takes to price it. Most spans have none.
package struct UsageDetails: Hashable, Sendable {
    /// Place of the span in its batch.
    package var span: Int
    /// Of the cache writes, those kept for an hour. Like every count here -1 when absent.
    package var cacheWrite1h: Int64 = -1
    /// Of the input, cached audio included.
    package var audioInput: Int64 = -1
    /// Of the cache reads.
    package var audioCacheRead: Int64 = -1
    /// Of the output.
    package var audioOutput: Int64 = -1
    package var imageInput: Int64 = -1
    package var imageCacheRead: Int64 = -1
    package var imageOutput: Int64 = -1
    package var serviceTier = ServiceTier.standard

    package init(span: Int) { self.span = span }
}

/// How fast, and at which price, a provider served a call.
package enum ServiceTier: String, Sendable, CaseIterable {
    case standard, batch, flex, priority
}
