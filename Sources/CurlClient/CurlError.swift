/// The one error of this target: what kind of failure it was and what is known of it, never with a password, a header or a body.

package struct CurlError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which of a transfer's clocks ran out; see `CurlTimeouts`.
    package enum Clock: String, Sendable, Hashable { case connect, firstByte, idle, total }

    /// What kind of failure it is; callers branch on this, people read `message`.
    package enum Code: Sendable, Hashable {
        /// The name has no address, or the resolver did not answer.
        case resolve
        /// No connection could be made, or it broke.
        case connect
        /// The peer's certificate was not believed, or TLS could not be agreed on.
        case tls
        case timeout(Clock)
        /// The outbound address policy forbids the address or the scheme.
        case addressRefused
        /// The response's head or body is over its limit.
        case tooLarge
        /// The task was cancelled, the body was dropped, or the client was closed.
        case cancelled
        /// What came is not what the protocol allows, a redirect too many included.
        case protocolFault
        /// The request cannot be sent as it is: a malformed URL, a header that would end its line.
        case invalidRequest
        /// The mail server did not accept the sign-in, the sender, a recipient or the message.
        case mailRefused
    }

    package var code: Code
    /// What happened, lower case, without a trailing period.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call can succeed a little later without anybody changing anything.
    package var isTransient: Bool {
        switch code {
        case .resolve, .connect, .timeout: true
        case .tls, .addressRefused, .tooLarge, .cancelled, .protocolFault, .invalidRequest, .mailRefused: false
        }
    }

    package var description: String { message }

    static let cancelled = CurlError(.cancelled, "the request was cancelled")
}
