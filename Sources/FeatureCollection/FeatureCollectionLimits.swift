/// Every limit of this target, with its reason.
package enum FeatureCollectionLimits {
    /// Bytes of what a user said: embedding models take 2,000 tokens and more, and what somebody wants is said in the first of them.
    package static let maximumTextByteCount = 4_000
    /// Levels of an input's JSON that are looked into for the user's words.
    static let maximumDepth = 6
    /// Traces of a window of which a sample is taken: of a window with more, the newest ones.
    static let maximumWindowTraceCount = 100_000
    /// Traces whose inputs are read at a time: they are in memory as a whole, and up to so many are looked up without a scan.
    static let inputBatchCount = 50
    /// Spans of those that are looked at for the one that has what the user said.
    static let maximumSpanCount = 10_000
    /// Calls of a trace whose events are looked into, where no span has an input of its own: each is read whole.
    static let eventSpanCount = 2
    /// Analyses begun at one look.
    static let analysisCount = 4
    /// Milliseconds that reading a page of a window may take: nobody waits for it.
    static let queryMilliseconds = 60_000
}
