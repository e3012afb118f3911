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
    /// In "metadata only" mode the longest text, bytes or list that is kept: the store's own border between a value and a payload.
    package static let maximumMetadataValueByteCount = 1 << 10
    /// Distinct keys of a request whose fate is remembered; a sender with more pays for trying the rules again.
    package static let maximumRememberedKeyCount = 4096
    /// Bytes of a pasted span that the preview takes: the longest span the quarantine keeps.
    package static let maximumPreviewByteCount = 1 << 20
    /// Hex digits of a digest: 128 bits, so that different values do not meet.
    package static let digestDigitCount = 32
}
