/// The text/event-stream format (WHATWG HTML, "Server-sent events"), as a pure value: bytes in, events out, wherever the pieces
/// were cut.

package struct ServerSentEvent: Sendable, Hashable {
    /// `message` when the stream named none.
    package var name: String
    package var data: String
    /// The last id the stream has set, by this event or an earlier one.
    package var lastEventID: String

    package init(name: String = "message", data: String, lastEventID: String = "") {
        self.name = name
        self.data = data
        self.lastEventID = lastEventID
    }
}

package struct ServerSentEventParser: Sendable {
    private let maximumByteCount: Int
    private var line: [UInt8] = []
    private var isAtStart = true
    /// The last byte was a CR: an LF now belongs to the same line end.
    private var followsReturn = false
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var lastEventID = ""
    /// How long the server asks to wait before connecting again.
    package private(set) var retryMilliseconds: Int?

    package init() { self.init(maximumByteCount: CurlLimits.eventByteCount) }

    /// - Parameter maximumByteCount: of one event's data and of one line.
    package init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    /// The events that `bytes` complete. What is incomplete at the end of the stream is not an event.
    ///
    /// Errors: `tooLarge`.
    package mutating func parse(_ bytes: some Sequence<UInt8>) throws(CurlError) -> [ServerSentEvent] { try parse(Array(bytes)) }

    /// Not generic: generic code is not specialized for other modules, and a model's words come in thousands of small events.
    package mutating func parse(_ bytes: [UInt8]) throws(CurlError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var position = 0
        while position < bytes.count {
            let isSecondHalf = followsReturn && bytes[position] == 0x0a
            followsReturn = false
            if isSecondHalf {
                position += 1
                continue
            }
            var end = position
            while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
            guard line.count + end - position <= maximumByteCount else { throw tooLarge }
            line += bytes[position..<end]
            guard end < bytes.count else { break }
            followsReturn = bytes[end] == 0x0d
            position = end + 1
            if let event = try endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() throws(CurlError) -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var content = line[...]
        if isAtStart, content.starts(with: [0xef, 0xbb, 0xbf]) { content = content.dropFirst(3) }
        isAtStart = false
        guard !content.isEmpty else { return endEvent() }
        // A line that begins with a colon is a comment: its name is empty.
        let colon = content.firstIndex(of: UInt8(ascii: ":"))
        let field = String(decoding: content[..<(colon ?? content.endIndex)], as: UTF8.self)
        var value = colon.map { content[($0 + 1)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }
        switch field {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data":
            guard data.count + value.count < maximumByteCount else { throw tooLarge }
            if hasData { data.append(0x0a) }
            hasData = true
            data += value
        case "id":
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        case "retry":
            if !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }) {
                retryMilliseconds = Int(String(decoding: value, as: UTF8.self))
            }
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            name = ""
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self), lastEventID: lastEventID)
    }

    private var tooLarge: CurlError {
        CurlError(.tooLarge, "an event of the stream is longer than \(maximumByteCount) bytes")
    }
}
