/// A WebSocket client whose every byte a test chooses.

package final class TestWebSocket {
    package struct Frame: Equatable, Sendable {
        package var opcode: UInt8
        package var payload: [UInt8]

        package var text: String { String(decoding: payload, as: UTF8.self) }
        /// Of a close frame.
        package var closeCode: Int? { opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
        package var closeReason: String { String(decoding: payload.dropFirst(2), as: UTF8.self) }
    }

    private let raw: RawConnection
    private var buffer: [UInt8]
    package let handshake: HTTPAnswer

    /// What every handshake needs, with the key of RFC 6455's example.
    package static let handshakeHeaders = [
        ("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    /// Asks for a WebSocket; `handshake` has the answer, whatever it is. `early`: sent together with the request.
    package static func open(
        port: Int, _ path: String, headers: [(String, String)] = [], without left: Set<String> = [], early: [UInt8] = []
    ) async throws -> TestWebSocket {
        let raw = try await RawConnection.open(port: port)
        var head = "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\n"
        for (name, value) in handshakeHeaders.filter({ !left.contains($0.0) }) + headers { head += "\(name): \(value)\r\n" }
        try await raw.send(Array((head + "\r\n").utf8) + early)
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while bytes.firstRange(of: end) == nil {
            let more = try await raw.receive()
            guard !more.isEmpty else { throw TestConnection.Closed() }
            bytes += more
        }
        let range = bytes.firstRange(of: end) ?? 0..<0
        var answer = HTTPAnswer(status: 0, headers: [:], body: [])
        let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        answer.status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            answer.headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingPrefix(" ").description : ""
        }
        var rest = Array(bytes[range.upperBound...])
        if answer.status != 101 {
            let length = answer.headers["content-length"].flatMap { Int($0) } ?? 0
            while rest.count < length {
                let more = try await raw.receive()
                guard !more.isEmpty else { throw TestConnection.Closed() }
                rest += more
            }
            answer.body = Array(rest.prefix(length))
            rest.removeFirst(min(length, rest.count))
        }
        return TestWebSocket(raw, answer, rest)
    }

    private init(_ raw: RawConnection, _ handshake: HTTPAnswer, _ buffer: [UInt8]) {
        self.raw = raw
        self.handshake = handshake
        self.buffer = buffer
    }

    /// A frame as a client sends it; masked unless told otherwise.
    package static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true, reserved: UInt8 = 0, isMasked: Bool = true
    ) -> [UInt8] {
        var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ...125: bytes.append(mask | UInt8(payload.count))
        case ...0xffff: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default: bytes += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        return bytes + key + payload.enumerated().map { $0.element ^ key[$0.offset & 3] }
    }

    @discardableResult
    package func send(_ bytes: [UInt8]) async throws -> Bool { try await raw.send(bytes) }

    @discardableResult
    package func send(text: String) async throws -> Bool { try await send(Self.frame(1, Array(text.utf8))) }

    /// The next frame; nil at the end of the stream.
    package func receive() async throws -> Frame? {
        while true {
            if let frame = take() { return frame }
            let bytes = try await raw.receive()
            guard !bytes.isEmpty else { return nil }
            buffer += bytes
        }
    }

    /// The next text message, or the close frame.
    package func message() async throws -> Frame? {
        while let frame = try await receive() { if frame.opcode == 1 || frame.opcode == 8 { return frame } }
        return nil
    }

    /// Frames of servers are whole and not masked.
    private func take() -> Frame? {
        guard buffer.count >= 2 else { return nil }
        var length = Int(buffer[1] & 0x7f), start = 2
        if length == 126 {
            guard buffer.count >= 4 else { return nil }
            length = Int(buffer[2]) << 8 | Int(buffer[3])
            start = 4
        } else if length == 127 {
            guard buffer.count >= 10 else { return nil }
            length = buffer[2..<10].reduce(0) { $0 << 8 | Int($1) }
            start = 10
        }
        guard buffer.count >= start + length else { return nil }
        let frame = Frame(opcode: buffer[0] & 0x0f, payload: Array(buffer[start..<start + length]))
        buffer.removeFirst(start + length)
        return frame
    }

    package func endSending() { raw.endSending() }
    package func close() { raw.close() }
}
