/// What the redaction rules of a project may hold and cost, and why.
package enum RedactionLimits {
    /// Rules on keys of one project. Each distinct key of a request is tried against all of them once.
    package static let maximumKeyRuleCount = 128
    /// Bytes of a glob: what a key may have.
    package static let maximumGlobByteCount = 256
    /// Regular expressions of one project: each is another pass over every text.
    package static let maximumCustomPatternCount = 16
    /// Bytes of a rule's name and of the text it puts in place of a match.
    package static let maximumNameByteCount = 64
    /// Bytes of the rules as JSON: all of the above at their limits, and far more than a form writes.
    package static let maximumDocumentByteCount = 256 << 10
    /// Steps a regular expression may take on one text, beside `stepCountPerByte` times its length: some milliseconds. A text on
    /// which it needs more is masked whole.
    package static let baseStepCount = 1 << 20
    package static let stepCountPerByte = 32
    /// Steps beyond `stepCountPerByte` that all texts of a request may take together: some 0.1 s. Later ones have only the others.
    package static let requestStepCount = 1 << 24
    /// In "metadata only" mode the longest text, bytes or list that is kept: the store's own border between a value and a payload.
    package static let maximumMetadataValueByteCount = 1 << 10
    /// Distinct keys of a request whose fate is remembered; a sender with more pays for trying the rules again.
    package static let maximumRememberedKeyCount = 4096
    /// Characters of a score's texts once they are masked, as a mask may be longer than what it hides: those of their columns.
    package static let maximumScoreNameCharacterCount = 100
    package static let maximumScoreLabelCharacterCount = 200
    package static let maximumScoreReasonCharacterCount = 20_000
    /// Bytes of a pasted span that the preview takes: what somebody pastes to try rules on, and no way to use up a server.
    package static let maximumPreviewByteCount = 64 << 10
    /// Previews that may wait for their turn; more are told to come again.
    package static let maximumWaitingPreviewCount = 8
    /// Bodies longer than this are redacted on threads of their own, and all of projects with regular expressions: at 200 MB/s a
    /// shorter one keeps a thread of Swift's pool for less than a third of a millisecond.
    package static let maximumByteCountInPlace = 64 << 10
    /// Hex digits of a digest: 128 bits, so that different values do not meet.
    package static let digestDigitCount = 32
}
