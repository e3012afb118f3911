/// What a server does with the frames of a client (RFC 6455, sections 5 to 7), as a pure value: events in, actions out.
///
///     open --we close--> closing --the client's close--> closed
///       \--the client's close (echoed), or silence-----> closed
///       \--a broken rule--> failed: the close is sent, nothing more is understood
///
/// Messages of clients mean nothing here: they are held to the rules and thrown away, so none is ever kept.

struct WebSocketRules: Sendable {
    struct Frame: Sendable {
        var isFinal = true
        var opcode: UInt8
        var hasReservedBits = false
        var isMasked = true
        /// Unmasked.
        var payload: [UInt8] = []
    }

    enum Action: Equatable {
        case pong([UInt8])
        case ping
        /// Send a close frame with this payload and wait for the client's.
        case close([UInt8])
        /// Send a close frame with this payload, then end the connection.
        case closeAndEnd([UInt8])
        /// Send a close frame with this payload, then nothing more; what comes in means nothing.
        case fail([UInt8])
        case end
    }

    enum Phase: Equatable { case open, closing, failed, closed }

    private(set) var phase = Phase.open
    private let maximumMessageByteCount: Int
    /// Of the message that is not yet whole.
    private var message: (text: UTF8Stream?, byteCount: Int)?
    private var awaitsPong = false

    init(maximumMessageByteCount: Int) { self.maximumMessageByteCount = maximumMessageByteCount }

    // MARK: The client

    mutating func received(_ frame: Frame) -> Action? {
        guard phase == .open || phase == .closing else { return nil }
        guard frame.isMasked else { return fail(.protocolError, "frames of clients are masked") }
        guard !frame.hasReservedBits else { return fail(.protocolError, "no extension was agreed on") }
        switch frame.opcode {
        case 0, 1, 2: return phase == .open ? receivedData(frame) : nil
        case 8: return receivedClose(frame.payload)
        case 9: return phase == .open ? .pong(frame.payload) : nil
        case 10:
            awaitsPong = false
            return nil
        default: return fail(.protocolError, "there is no such opcode")
        }
    }

    private mutating func receivedData(_ frame: Frame) -> Action? {
        var current: (text: UTF8Stream?, byteCount: Int)
        switch (frame.opcode, message) {
        case (0, let begun?): current = begun
        case (0, nil): return fail(.protocolError, "there is nothing to continue")
        case (_, .some): return fail(.protocolError, "the message before is not whole")
        case (1, nil): current = (UTF8Stream(), 0)
        default: return fail(.unsupportedData, "messages are text")
        }
        current.byteCount += frame.payload.count
        guard current.byteCount <= maximumMessageByteCount else { return tooBig() }
        if var text = current.text {
            guard text.accept(frame.payload), !frame.isFinal || text.isComplete else { return fail(.invalidPayload, "text is UTF-8") }
            current.text = text
        }
        message = frame.isFinal ? nil : current
        return nil
    }

    private mutating func receivedClose(_ payload: [UInt8]) -> Action? {
        guard phase == .open else {
            phase = .closed
            return .end
        }
        guard payload.count != 1 else { return fail(.protocolError, "a close code has two bytes") }
        if payload.count >= 2 {
            let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
            guard code.isSendable else { return fail(.protocolError, "there is no such close code") }
            var text = UTF8Stream()
            guard text.accept(payload[2...]), text.isComplete else { return fail(.invalidPayload, "text is UTF-8") }
        }
        phase = .closed
        return .closeAndEnd(Array(payload.prefix(2)))
    }

    /// A frame that is too long to be read.
    mutating func tooBig() -> Action? { fail(.messageTooBig, "a message has at most \(maximumMessageByteCount) bytes") }

    /// A frame that breaks the form all frames have.
    mutating func malformed() -> Action? { fail(.protocolError, "control frames are short and whole") }

    private mutating func fail(_ code: WebSocketCloseCode, _ reason: String) -> Action? {
        guard phase == .open || phase == .closing else { return nil }
        defer { phase = .failed }
        return phase == .open ? .fail(WebSocketClosure(code, reason).payload) : .end
    }

    // MARK: The server

    mutating func close(_ closure: WebSocketClosure) -> Action? {
        guard phase == .open else { return nil }
        phase = .closing
        return .close(closure.payload)
    }

    /// Once each ping interval. A client that left the last ping unanswered is gone.
    mutating func pingDue() -> Action? {
        guard phase == .open else { return nil }
        guard !awaitsPong else {
            phase = .closed
            return .end
        }
        awaitsPong = true
        return .ping
    }
}
