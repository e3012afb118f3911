/// Why a request was not taken: what happened, what the sender can do, and the cause.
package struct IngestError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Too much is in flight; the same request may succeed in a moment.
        case overloaded
        /// The store cannot take it now (log full, disk fault, closing); the same request may succeed later.
        case unavailable
        /// Larger than a request may be, as sent or decompressed.
        case tooLarge = "too_large"
        /// The compressed stream is damaged or cut short.
        case malformedCompression = "malformed_compression"
        /// No OTLP request.
        case malformedBody = "malformed_body"
        /// The content encoding is none this server reads.
        case unsupportedEncoding = "unsupported_encoding"
        /// The project has stored as much as its settings allow.
        case quotaReached = "quota_reached"
        /// Something that must not be done twice at once is under way.
        case conflict
        /// The store failed in a way that trying again will not cure.
        case failed
    }

    package let code: Code
    package let message: String
    /// Set where trying again makes sense.
    package let retryAfterSeconds: Int?
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, retryAfterSeconds: Int? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
        self.cause = cause
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
