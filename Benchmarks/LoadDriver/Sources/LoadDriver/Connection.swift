// One keep-alive connection: sends a request piece by piece as the socket takes it, then reads the reply. Never blocks;
// the loop calls `advance` when the socket is ready for what the connection waits for.
import Glibc

struct Connection {
    enum Step {
        case idle
        case sending
        case receiving
    }

    struct Reply {
        var status: Int
        /// Seconds; nil when the server named none.
        var retryAfter: Int?
    }

    private(set) var descriptor: Int32
    private(set) var step = Step.idle
    private(set) var bodyIndex = 0
    private(set) var sentAt: UInt64 = 0
    private var head: [UInt8] = []
    private var body = UnsafeRawBufferPointer(start: nil, count: 0)
    private var sentByteCount = 0
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.system("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw Failure.system("connect to port \(port)") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw Failure.system("fcntl") }
    }

    mutating func start(head: [UInt8], body: Body, index: Int, at now: UInt64) {
        self.head = head
        self.body = body.bytes
        bodyIndex = index
        sentAt = now
        sentByteCount = 0
        received.removeAll(keepingCapacity: true)
        step = .sending
    }

    /// Sends or receives what the socket allows. Answers the reply once it is whole.
    mutating func advance() throws -> Reply? {
        switch step {
        case .idle: return nil
        case .sending:
            try send()
            return nil
        case .receiving: return try receive()
        }
    }

    private mutating func send() throws {
        while sentByteCount < head.count + body.count {
            let written: Int
            if sentByteCount < head.count {
                written = head.withUnsafeBytes { head in
                    let offset = sentByteCount
                    return Glibc.send(
                        descriptor, head.baseAddress! + offset, head.count - offset, Int32(MSG_NOSIGNAL | MSG_MORE))
                }
            } else {
                let offset = sentByteCount - head.count
                written = Glibc.send(descriptor, body.baseAddress! + offset, body.count - offset, Int32(MSG_NOSIGNAL))
            }
            if written < 0 {
                if errno == EAGAIN || errno == EINTR { return }
                throw Failure.system("send")
            }
            sentByteCount += written
        }
        step = .receiving
    }

    private mutating func receive() throws -> Reply? {
        let count = withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 16) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { received.append(contentsOf: buffer.prefix(count)) }
            return count
        }
        if count < 0 {
            if errno == EAGAIN || errno == EINTR { return nil }
            throw Failure.system("recv")
        }
        guard count > 0 else { throw Failure(message: "the server closed the connection") }
        guard let end = headEnd() else { return nil }
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { throw Failure(message: "not HTTP: \(lines[0])") }
        var contentLength = 0
        var retryAfter: Int?
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon].lowercased() {
            case "content-length": contentLength = Int(value) ?? 0
            case "retry-after": retryAfter = Int(value)
            case "transfer-encoding": throw Failure(message: "a reply of unknown length")
            default: break
            }
        }
        guard received.count >= end + 4 + contentLength else { return nil }
        step = .idle
        return Reply(status: status, retryAfter: retryAfter)
    }

    /// Where the empty line begins that ends the reply's head.
    private func headEnd() -> Int? {
        guard received.count >= 4 else { return nil }
        return (0...received.count - 4).first {
            received[$0] == 13 && received[$0 + 1] == 10 && received[$0 + 2] == 13 && received[$0 + 3] == 10
        }
    }
}
