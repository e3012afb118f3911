import HTTPTesting

/// Frames of HTTP/2 on a connection in the clear: a client that leaves unread what it likes.
final class FrameConnection {
    struct Closed: Error {}

    struct Frame {
        var type: UInt8
        var flags: UInt8
        var stream: Int
        var payload: [UInt8]
    }

    static let data: UInt8 = 0, headers: UInt8 = 1, reset: UInt8 = 3, settings: UInt8 = 4, ping: UInt8 = 6, windowUpdate: UInt8 = 8

    private let connection: TestConnection
    private var buffer: [UInt8] = []
    /// What may be sent on a stream before more credit comes.
    private(set) var windows: [Int: Int] = [:]
    private var serversInitialWindow = 65_535

    /// - Parameter window: what the server may send on each stream before it is given credit.
    init(_ server: LiveServer, window: Int) async throws {
        connection = try await server.connect()
        try await connection.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        try await send(Self.settings, stream: 0, [0, 4] + Self.bytes(window))
        // The connection's own window is wide open.
        try await send(Self.windowUpdate, stream: 0, Self.bytes(1 << 30))
        // What the server may take is known before anything is sent.
        while try await next().type != Self.settings {}
    }

    func close() { connection.close() }

    func send(_ type: UInt8, flags: UInt8 = 0, stream: Int, _ payload: [UInt8]) async throws {
        let length = payload.count
        let head: [UInt8] = [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
        try await connection.send(head + Self.bytes(stream) + payload)
    }

    /// A head, and with `ends` the whole of a request.
    func request(_ method: String, _ path: String, stream: Int, ends: Bool) async throws {
        let fields = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "localhost")]
        // Literals without Huffman's code, never indexed.
        let block = fields.flatMap { name, value in
            [UInt8(0x10), UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
        }
        windows[stream] = serversInitialWindow
        try await send(Self.headers, flags: ends ? 5 : 4, stream: stream, block)
    }

    /// As much of a body as the window takes, in frames of 16 KiB. Answers how much.
    func fill(_ stream: Int, maximumByteCount: Int = .max) async throws -> Int {
        var sent = 0
        while let window = windows[stream], window > 0, sent < maximumByteCount {
            let count = min(window, 16 << 10, maximumByteCount - sent)
            windows[stream] = window - count
            sent += count
            try await send(Self.data, stream: stream, [UInt8](repeating: 7, count: count))
        }
        return sent
    }

    func endBody(_ stream: Int) async throws { try await send(Self.data, flags: 1, stream: stream, []) }

    func giveCredit(_ byteCount: Int, stream: Int) async throws { try await send(Self.windowUpdate, stream: stream, Self.bytes(byteCount)) }

    /// Returns when the server has taken in everything that was sent so far.
    func settle() async throws {
        try await send(Self.ping, stream: 0, [1, 2, 3, 4, 5, 6, 7, 8])
        while true {
            let frame = try await next()
            if frame.type == Self.ping, frame.flags & 1 != 0 { return }
        }
    }

    /// The next frame. Credit is entered, settings are acknowledged.
    func next() async throws -> Frame {
        while buffer.count < 9 { try await receive() }
        let length = Int(buffer[0]) << 16 | Int(buffer[1]) << 8 | Int(buffer[2])
        while buffer.count < 9 + length { try await receive() }
        let frame = Frame(type: buffer[3], flags: buffer[4], stream: Self.number(buffer[5..<9]), payload: Array(buffer[9..<9 + length]))
        buffer.removeFirst(9 + length)
        switch frame.type {
        case Self.settings where frame.flags & 1 == 0:
            for start in stride(from: 0, to: frame.payload.count, by: 6) where frame.payload[start..<start + 2].elementsEqual([0, 4]) {
                serversInitialWindow = Self.number(frame.payload[start + 2..<start + 6])
            }
            try await send(Self.settings, flags: 1, stream: 0, [])
        case Self.windowUpdate: windows[frame.stream]? += Self.number(frame.payload[...])
        default: break
        }
        return frame
    }

    private func receive() async throws {
        let bytes = try await connection.receive()
        guard !bytes.isEmpty else { throw Closed() }
        buffer += bytes
    }

    private static func bytes(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
