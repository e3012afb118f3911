/// Every limit of drafts of test cases, with its reason.
package enum DraftLimits {
    /// Traces and entries of a request: each is a call of a model, made one after the other.
    package static let maximumSourceCount = 50
    /// Drafts of a request: a person reads each.
    package static let maximumDraftCount = 100
    package static let defaultDraftCount = 10
    /// Cases that one call is asked for: an answer has to hold them.
    package static let maximumCallDraftCount = 10
    /// US dollars of a request.
    package static let defaultSpendingCap = 1.0
    package static let maximumSpendingCap: Double = 1_000_000
    /// Bytes of an instruction: a few paragraphs.
    package static let maximumInstructionByteCount = 4_000
    /// Bytes of texts that a model is shown of a trace or an entry: some 10,000 tokens.
    package static let excerptByteCount = 40 << 10
    /// Messages of a trace that a model is shown: the first, which set the scene, and the last.
    package static let excerptMessageCount = 40
    package static let excerptOpeningMessageCount = 4
    /// Bytes of an answer that are looked at, and its tokens.
    package static let maximumAnswerByteCount = 1 << 20
    package static let answerTokenCount = 8_192
    /// Bytes of the words with which a model says why a case is worth having.
    package static let maximumReasonByteCount = 500
    /// Tries at a key that nothing else has: `key`, `key-2`, `key-3`.
    package static let keySuffixCount = 100
    /// Attempts at a request before it fails; each may be the next source's.
    package static let maximumAttemptCount = 8
}
