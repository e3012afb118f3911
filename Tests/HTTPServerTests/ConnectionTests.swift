import HTTPServer
import HTTPTesting
import HTTPTypes
import NIOCore
import Testing

@Suite("A connection")
struct ConnectionTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

    private static func post(_ body: String, _ headers: String = "", path: String = "/echo") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("is kept for the next request")
    func keepAlive() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            for round in 0..<3 {
                try await connection.send(Self.post("round \(round)"))
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(answer.text == "round \(round)")
                #expect(answer.headers["connection"] == nil)
            }
            connection.close()
        }
    }

    @Test("answers pipelined requests in their order, also when the client has closed its side")
    func pipelining() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send(Self.get + Self.post("two") + Self.get + Self.post("four"))
            connection.endSending()
            for expected in ["hello", "two", "hello", "four"] { #expect(try await connection.answer().text == expected) }
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("is answered when the client has closed its side after its request")
    func halfClosed() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send(Self.post("half"))
            connection.endSending()
            let answer = try await connection.answer()
            #expect(answer.text == "half")
            #expect(answer.headers["connection"] == "close")
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("a handler that waits hears that the client has closed its side, before its wait or in it; pipelined requests are no end")
    func inputEnd() async throws {
        let (heard, hearing) = AsyncStream.makeStream(of: Void.self), waiting = AsyncStream.makeStream(of: Void.self)
        let routes =
            [
                Route("wait", .get, "/wait", statuses: [200]) { _, context in
                    let (ends, end) = AsyncStream.makeStream(of: Void.self)
                    try await context.channel.triggerUserOutboundEvent(InputEndWatch { end.finish() }).get()
                    waiting.continuation.yield()
                    for await _ in ends {}
                    hearing.yield()
                    return EchoServer.text("gone")
                }
            ] + EchoServer.routes
        _ = try await LiveServer.run(routes, problem: EchoServer.problem) { server in
            var waits = waiting.stream.makeAsyncIterator(), hears = heard.makeAsyncIterator()
            let connection = try await server.connect()
            try await connection.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            await waits.next()
            connection.endSending()
            await hears.next()
            #expect(try await connection.answer().text == "gone")
            connection.close()
            // Both at once, with another request behind: the one that waits is answered when the other's side ends as well.
            let other = try await server.connect()
            try await other.send(Self.get + "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            other.endSending()
            #expect(try await other.answer().text == "hello")
            await waits.next()
            await hears.next()
            #expect(try await other.answer().text == "gone")
            other.close()
        }
    }

    @Test("that its client closes ends the work on the answer where that is of no use to others", arguments: [true, false])
    func clientGone(halfway: Bool) async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self), (ended, end) = AsyncStream.makeStream(of: Void.self)
        let work = Route("work", .get, "/work", statuses: [200], endsWithClient: true) { _, _ in
            begin.yield()
            let (waits, wait) = AsyncStream.makeStream(of: Void.self)
            await withTaskCancellationHandler {
                for await _ in waits {}
            } onCancel: {
                wait.finish()
            }
            end.yield()
            throw CancellationError()
        }
        _ = try await LiveServer.run([work] + EchoServer.routes, problem: EchoServer.problem) { server in
            var begins = begun.makeAsyncIterator(), ends = ended.makeAsyncIterator()
            let connection = try await server.connect()
            try await connection.send(Self.get)
            #expect(try await connection.answer().text == "hello")
            try await connection.send("GET /work HTTP/1.1\r\nHost: x\r\n\r\n")
            await begins.next()
            if halfway { connection.endSending() } else { connection.close() }
            await ends.next()
            if halfway { #expect(try await connection.answer().status == 499) }
            connection.close()
        }
    }

    @Test("that is half-closed within a body is told 400")
    func halfClosedWithinBody() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            connection.endSending()
            #expect(try await connection.answer().status == 400)
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("that is closed without a request is let go")
    func silentHalfClose() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            connection.endSending()
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("ends after a request that offers an upgrade, first or later, with or without a body")
    func upgrade() async throws {
        let offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
        try await EchoServer.run { server in
            for (first, request, text) in [
                ("", "GET /hello HTTP/1.1\r\nHost: x\r\n\(offer)\r\n", "hello"), (Self.get, Self.post("later", offer), "later"),
                (Self.get, "GET /hello HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n", "hello"),
            ] {
                let connection = try await server.connect()
                if !first.isEmpty {
                    try await connection.send(first)
                    #expect(try await connection.answer().status == 200)
                }
                try await connection.send(request)
                let answer = try await connection.answer()
                #expect(answer.text == text)
                #expect(answer.headers["connection"] == "close")
                #expect(try await connection.isAtEnd())
                connection.close()
            }
        }
    }

    @Test("gets 100 Continue when its body is wanted, and no upload when it is not")
    func expectContinue() async throws {
        try await EchoServer.run { server in
            var connection = try await server.connect()
            for body in ["first", "second"] {
                try await connection.send(
                    "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
                #expect(try await connection.answer().status == 100)
                try await connection.send(body)
                #expect(try await connection.answer().text == body)
            }
            try await connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
            #expect(try await connection.answer().status == 413)
            connection.close()
            connection = try await server.connect()
            try await connection.send("POST /refuse HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
            let answer = try await connection.answer()
            #expect(answer.status == 403)
            #expect(answer.headers["connection"] == "close")
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("shows its refusal to a client that sends 65 MiB before it reads", arguments: ["/echo", "/refuse", "/nowhere"])
    func earlyRefusal(path: String) async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(65 << 20)\r\n\r\n")
            let piece = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<65 { try await connection.send(piece) }
            let answer = try await connection.answer()
            #expect(answer.status == ["/echo": 413, "/refuse": 403, "/nowhere": 404][path])
            #expect(answer.headers["connection"] == "close")
            connection.close()
        }
    }

    @Test("is refused a chunked body as soon as it is too large")
    func chunkedTooLarge() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let piece = Array("80000\r\n".utf8) + [UInt8](repeating: 0x20, count: 0x80000) + Array("\r\n".utf8)
            for _ in 0..<4 { try await connection.send(piece) }
            #expect(try await connection.answer().status == 413)
            connection.close()
        }
    }

    @Test("that sends nothing, or its head byte by byte, is closed in time", arguments: ["", "GET /hello HTTP/1.1\r\nHost: "])
    func slowHead(start: String) async throws {
        try await EchoServer.run {
            $0.headTimeout = .milliseconds(200)
        } _: { server in
            let connection = try await server.connect()
            if !start.isEmpty { try await connection.send(start) }
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("that stops in its body is told 408, one that is slow but honest is not")
    func slowBody() async throws {
        try await EchoServer.run {
            $0.bodyGrace = .seconds(2)
        } _: { server in
            var connection = try await server.connect()
            try await connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            #expect(try await connection.answer().status == 408)
            #expect(try await connection.isAtEnd())
            connection.close()
            connection = try await server.connect()
            try await connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
            for byte in "0123456789".utf8 { try await connection.send([byte]) }
            #expect(try await connection.answer().text == "0123456789")
            connection.close()
        }
    }

    @Test(
        "that speaks no HTTP/1.1 is told what is wrong and closed",
        arguments: [
            ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 1 << 20))\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "X: y\r\n", count: 1000))\r\n", 431),
        ])
    func malformed(request: String, status: Int) async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send(request)
            let answer = try await connection.answer()
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers["x-request-id"]?.count == 36)
            #expect(answer.headers["connection"] == "close")
            connection.close()
        }
    }

    @Test("with chunks that are none is told 400")
    func badChunk() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            #expect(try await connection.answer().status == 400)
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("of HTTP/1.0 is answered and closed")
    func oldVersion() async throws {
        try await EchoServer.run { server in
            let connection = try await server.connect()
            try await connection.send("GET /hello HTTP/1.0\r\n\r\n")
            #expect(try await connection.answer().text == "hello")
            #expect(try await connection.isAtEnd())
            connection.close()
        }
    }

    @Test("that is silent, half-closed or kept alive does not hold up a stop")
    func stopping() async throws {
        let duration = try await EchoServer.run { server in
            let kept = try await server.connect()
            try await kept.send(Self.get)
            #expect(try await kept.answer().status == 200)
            let silent = try await server.connect()
            let partial = try await server.connect()
            try await partial.send("GET /hel")
            let half = try await server.connect()
            half.endSending()
            await server.beginStopping()
            #expect(try await kept.isAtEnd())
            for connection in [kept, silent, partial, half] { connection.close() }
        }
        #expect(duration < .seconds(20))
    }

    @Test("with a request in progress is answered before a stop, and cut when it takes too long")
    func draining() async throws {
        let duration = try await EchoServer.run {
            // Time enough for a client on a busy machine.
            $0.drain = .seconds(2)
        } _: { server in
            let honest = try await server.connect()
            try await honest.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
            let stuck = try await server.connect()
            try await stuck.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            #expect(try await stuck.answer().status == 100)
            await server.beginStopping()
            try await honest.send("cd")
            let answer = try await honest.answer()
            #expect(answer.text == "abcd")
            honest.close()
            #expect(try await stuck.isAtEnd())
            stuck.close()
        }
        #expect(duration < .seconds(20))
    }
}
