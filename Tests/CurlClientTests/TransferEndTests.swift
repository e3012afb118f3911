import CurlClient
import LoopbackTesting
import Testing

@Suite("A transfer", .timeLimit(.minutes(1)))
struct TransferEndTests {
    let client = CurlClient()

    /// Sends `start` after the request, tells that it did, and then that the client has closed.
    private func silentServer(
        _ start: String, _ body: @Sendable (LoopbackServer, _ started: Signal, _ closed: Signal) async throws -> Void
    ) async throws {
        let started = Signal(), closed = Signal()
        try await LoopbackServer.run { peer in
            // The script ends when the client has closed, however far it got.
            defer { closed.fire() }
            _ = await peer.request()
            if !start.isEmpty { try await peer.send(start) }
            started.fire()
            await peer.waitUntilClosed()
            closed.fire()
        } _: {
            try await body($0, started, closed)
        }
    }

    @Test("closes its connection when the task that waits for the head is cancelled")
    func cancelledBeforeHead() async throws {
        try await silentServer("") { server, started, closed in
            let task = Task { await code { _ = try await client.send(request("GET", server.url)) } }
            await started.wait()
            task.cancel()
            #expect(await task.value == .cancelled)
            await closed.wait()
        }
    }

    @Test("closes its connection when the task that reads the body is cancelled")
    func cancelledInBody() async throws {
        try await silentServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") { server, _, closed in
            let reading = Signal()
            let task = Task {
                await code {
                    for try await _ in try await client.send(request("GET", server.url)).body { reading.fire() }
                }
            }
            await reading.wait()
            task.cancel()
            #expect(await task.value == .cancelled)
            await closed.wait()
        }
    }

    @Test("closes its connection when the reader leaves the loop, or drops the response unread")
    func dropped() async throws {
        try await silentServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") { server, _, closed in
            let response = try await client.send(request("GET", server.url))
            for try await piece in response.body {
                #expect(piece == Array("abc".utf8))
                break
            }
            await closed.wait()
            #expect(response.status == 200)
        }
        try await silentServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") { server, _, closed in
            _ = try await client.send(request("GET", server.url))
            await closed.wait()
        }
    }

    @Test("does not begin in a cancelled task or a closed client")
    func neverBegun() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await code { _ = try await client.send(request("GET", "http://127.0.0.1:1/")) }
        }
        #expect(await task.value == .cancelled)
        let closed = CurlClient()
        closed.close()
        #expect(await code { _ = try await closed.send(request("GET", "http://127.0.0.1:1/")) } == .cancelled)
    }

    @Test("ends when its client is closed")
    func closedClient() async throws {
        try await silentServer("") { server, started, closed in
            let own = CurlClient()
            let task = Task { await code { _ = try await own.send(request("GET", server.url)) } }
            await started.wait()
            own.close()
            #expect(await task.value == .cancelled)
            await closed.wait()
        }
    }

    @Test("gives up when no TLS comes about in time")
    func connectTimeout() async throws {
        try await LoopbackServer.run { peer in
            await peer.waitUntilClosed()
        } _: { server in
            let timeouts = CurlTimeouts(connect: .milliseconds(50), firstByte: nil, idle: nil, total: nil)
            let late = try request("GET", "https://127.0.0.1:\(server.port)/", timeouts: timeouts)
            #expect(await code { _ = try await client.send(late) } == .timeout(.connect))
        }
    }

    @Test(
        "gives up when its time has run out, and closes the connection",
        arguments: [
            ("", CurlTimeouts(connect: nil, firstByte: .milliseconds(50), idle: nil, total: nil), CurlError.Clock.firstByte),
            ("", CurlTimeouts(connect: nil, firstByte: nil, idle: nil, total: .milliseconds(50)), .total),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                CurlTimeouts(connect: nil, firstByte: nil, idle: .milliseconds(50), total: nil), .idle
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                CurlTimeouts(connect: nil, firstByte: nil, idle: nil, total: .milliseconds(50)), .total
            ),
        ])
    func timeouts(start: String, timeouts: CurlTimeouts, clock: CurlError.Clock) async throws {
        try await silentServer(start) { server, _, closed in
            let late = try request("GET", server.url, timeouts: timeouts)
            #expect(await code { _ = try await client.send(late, maximumByteCount: 100) } == .timeout(clock))
            await closed.wait()
        }
    }

    @Test("refuses a body over the limit, by its length before it comes and by its bytes when it does", arguments: [true, false])
    func bodyLimit(isAnnounced: Bool) async throws {
        let body = String(repeating: "x", count: 1001)
        let start = "HTTP/1.1 200 OK\r\n" + (isAnnounced ? "Content-Length: 1000000\r\n\r\n" : "\r\n" + body)
        try await silentServer(start) { server, _, closed in
            #expect(await code { _ = try await client.send(request("GET", server.url), maximumByteCount: 1000) } == .tooLarge)
            await closed.wait()
        }
        try await silentServer("HTTP/1.1 200 OK\r\n\r\n" + body) { server, _, closed in
            var limited = try request("GET", server.url)
            limited.maximumBodyByteCount = 1000
            let streamed = limited
            let refusal = await code {
                for try await _ in try await client.send(streamed).body {}
            }
            #expect(refusal == .tooLarge)
            await closed.wait()
        }
    }

    @Test("takes a body of exactly the limit")
    func exactLimit() async throws {
        try await LoopbackServer.run { peer in
            try await peer.answerAll { _ in ("200 OK", "", String(repeating: "x", count: 1000)) }
        } _: { server in
            let response = try await client.send(request("GET", server.url), maximumByteCount: 1000)
            #expect(response.body.count == 1000)
        }
    }

    @Test("refuses a head over the limit", arguments: [1, 1000])
    func headLimit(fieldCount: Int) async throws {
        let fields = String(repeating: "X: \(String(repeating: "y", count: 100_000 / fieldCount))\r\n", count: fieldCount)
        try await silentServer("HTTP/1.1 200 OK\r\n\(fields)Content-Length: 0\r\n\r\n") { server, _, closed in
            #expect(await code { _ = try await client.send(request("GET", server.url)) } == .tooLarge)
            await closed.wait()
        }
    }

    @Test("makes its peer wait while its reader is busy, and loses nothing")
    func backPressure() async throws {
        let pieceCount = 1024
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        let sent = Counter()
        try await LoopbackServer.run { peer in
            guard let request = await peer.request() else { return }
            if request.line.hasPrefix("GET /quick") {
                try await peer.answer("200 OK", "quick")
                try await peer.answerAll { _ in ("200 OK", "", "quick") }
            }
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(pieceCount * piece.count)\r\n\r\n")
            for _ in 0..<pieceCount {
                try await peer.send(piece)
                sent.increment(by: piece.count)
            }
        } _: { server in
            let response = try await client.send(request("GET", server.url + "/long"))
            // Other transfers of the same loop go on meanwhile: time enough for 64 MiB if nothing held them back.
            for _ in 0..<300 { _ = try await client.send(request("GET", server.url + "/quick"), maximumByteCount: 100) }
            // What two sockets' buffers take in, and the client's 256 KiB.
            #expect(sent.value < 32 << 20)
            var byteCount = 0, largest = 0
            for try await part in response.body {
                byteCount += part.count
                largest = max(largest, part.count)
            }
            #expect(byteCount == pieceCount * piece.count)
            #expect(largest <= (256 << 10) + (16 << 10))
        }
    }

    @Test("does not fall silent while it is its reader that is slow")
    func pausedClock() async throws {
        let byteCount = 8 << 20
        try await LoopbackServer.run { peer in
            while await peer.request() != nil {
                try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(byteCount)\r\n\r\n")
                try await peer.send([UInt8](repeating: 0x61, count: byteCount))
            }
        } _: { server in
            let slow = try await client.send(
                request("GET", server.url, timeouts: CurlTimeouts(connect: nil, firstByte: nil, idle: .seconds(1), total: nil)))
            // Another transfer that runs into the same limit shows that it has passed.
            try await silentServer("") { silent, _, _ in
                let late = try request(
                    "GET", silent.url, timeouts: CurlTimeouts(connect: nil, firstByte: .milliseconds(1500), idle: nil, total: nil))
                #expect(await code { _ = try await client.send(late) } == .timeout(.firstByte))
            }
            #expect(try await slow.body.collect(maximumByteCount: byteCount).count == byteCount)
        }
    }
}
