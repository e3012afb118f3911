/// Why a WebSocket ends (RFC 6455, section 7.4), and the message with which a handler ends one.

package struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Nothing more is to come.
    package static let normal = WebSocketCloseCode(rawValue: 1000)
    package static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// A kind of message that has no meaning here.
    package static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// Text that is no UTF-8.
    package static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    /// The client may not go on.
    package static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    package static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    package static let internalError = WebSocketCloseCode(rawValue: 1011)
    package static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    package static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

    /// Whether a peer may send it: registered, or of the ranges for libraries and applications.
    var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// Sent down the pipeline (`triggerUserOutboundEvent`) after the last frame of a WebSocket.
package struct WebSocketClosure: Sendable, Hashable {
    /// Bytes of a reason: a control frame holds 125, two of them the code.
    package static let maximumReasonByteCount = 123

    package let code: WebSocketCloseCode
    /// For the client; UTF-8 of `maximumReasonByteCount` at most, what is longer is cut.
    package let reason: String

    package init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// A close frame's payload.
    var payload: [UInt8] {
        var text = reason
        while text.utf8.count > Self.maximumReasonByteCount { text.removeLast() }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)] + text.utf8
    }
}
