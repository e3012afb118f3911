import TraceModel

/// A body or a stored message that cannot be decoded at all. A single bad span is no error: it is a `SpanRejection`.
package struct OTLPError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The bytes are no protobuf message of the expected type.
        case malformedProtobuf = "malformed_protobuf"
        /// The text is not JSON, or its outer levels are no OTLP request.
        case malformedJSON = "malformed_json"
        /// More bytes or spans than one request may hold.
        case tooLarge = "too_large"
    }

    package let code: Code
    /// What is wrong and what to do about it, for the sender.
    package let message: String
    /// Where in the body, when known.
    package let byteOffset: Int?

    package init(_ code: Code, _ message: String, byteOffset: Int? = nil) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
    }

    package var description: String { byteOffset.map { "\(message) (at byte \($0))" } ?? message }
}

/// Why decoding gave up on a message; inside a span it becomes the span's rejection. Thrown on hot paths: one byte, no allocation.
struct SpanFault: Error {
    let reason: SpanRejection.Reason

    init(_ reason: SpanRejection.Reason) { self.reason = reason }

    static var malformed: SpanFault { SpanFault(.malformed) }
}
