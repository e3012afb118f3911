import HTTPServer
import HTTPTesting
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// A WebSocket that says hello, then ends as the query says, or not by itself.
@Suite("WebSocket connections") struct WebSocketConnectionTests {
    private static let routes =
        EchoServer.routes + [
            Route("hear", .get, "/hear", statuses: [101, 400, 426]) { request, context in
                guard WebSocketHandshake.isAsked(in: request.headers) else { return EchoServer.text("no WebSocket") }
                let channel = context.channel
                let closing = request.uri.queryParameters.get("close", as: UInt16.self)
                return try WebSocketHandshake(request.headers, subprotocol: "spandrel.v1").response(
                    ResponseBody { writer in
                        try await writer.write(WebSocketFrames.text(Array("hello".utf8)))
                        if let closing {
                            let closure = WebSocketClosure(WebSocketCloseCode(rawValue: closing), "why")
                            try await channel.triggerUserOutboundEvent(closure).get()
                        } else {
                            try? await channel.closeFuture.get()
                        }
                        try await writer.finish(nil)
                    })
            }
        ]

    @discardableResult
    private func run(
        _ change: (inout ConnectionLimits) -> Void = { _ in }, _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws -> Duration {
        var limits = ConnectionLimits()
        change(&limits)
        return try await LiveServer.run(Self.routes, limits: limits, problem: EchoServer.problem, body).stopping
    }

    private func open(_ server: LiveServer, _ path: String = "/hear", headers: [(String, String)] = []) async throws -> TestWebSocket {
        let socket = try await TestWebSocket.open(port: server.port, path, headers: headers)
        #expect(socket.handshake.status == 101)
        #expect(try await socket.receive()?.text == "hello")
        return socket
    }

    @Test("the handshake is answered as RFC 6455's example is, and names no subprotocol but the one that is spoken")
    func handshake() async throws {
        try await run { server in
            let plain = try await self.open(server)
            #expect(plain.handshake.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(plain.handshake.headers["sec-websocket-protocol"] == nil)
            #expect(plain.handshake.headers["upgrade"] == "websocket" && plain.handshake.headers["connection"] == "Upgrade")
            let offering = try await self.open(server, headers: [("Sec-WebSocket-Protocol", "secret.abc, spandrel.v1")])
            #expect(offering.handshake.headers["sec-websocket-protocol"] == "spandrel.v1")
            for socket in [plain, offering] { socket.close() }
        }
    }

    @Test("a handshake that is none is answered, and another path answers as ever")
    func refusedHandshakes() async throws {
        try await run { server in
            let cases: [(path: String, headers: [(String, String)], without: Set<String>, status: Int)] = [
                ("/hear", [("Sec-WebSocket-Version", "8")], ["Sec-WebSocket-Version"], 426),
                ("/hear", [], ["Sec-WebSocket-Key"], 400),
                ("/hear", [("Sec-WebSocket-Key", "short")], ["Sec-WebSocket-Key"], 400),
                ("/hear", [("Sec-WebSocket-Protocol", "chat")], [], 400),
                ("/nowhere", [], [], 404),
                // A request for a WebSocket says so twice.
                ("/hear", [], ["Connection"], 200),
                ("/hear", [("Content-Length", "0")], [], 101),
            ]
            for one in cases {
                let socket = try await TestWebSocket.open(port: server.port, one.path, headers: one.headers, without: one.without)
                #expect(socket.handshake.status == one.status, "\(one)")
                socket.close()
            }
        }
    }

    @Test("pings are answered, messages whole and in fragments are taken, and frames sent with the request are read")
    func frames() async throws {
        try await run { server in
            let socket = try await TestWebSocket.open(port: server.port, "/hear", early: TestWebSocket.frame(9, [7]))
            var opcodes: [UInt8] = []
            for _ in 0..<2 { opcodes.append(try await socket.receive()?.opcode ?? 0) }
            #expect(opcodes.sorted() == [1, 10])
            try await socket.send(TestWebSocket.frame(1, [UInt8](repeating: 0x61, count: 1 << 20)))
            try await socket.send(TestWebSocket.frame(1, Array("é".utf8.prefix(1)), isFinal: false))
            try await socket.send(TestWebSocket.frame(9, Array("mid".utf8)))
            let pong = try await socket.receive()
            #expect(pong?.opcode == 10 && pong?.text == "mid")
            try await socket.send(TestWebSocket.frame(0, Array("é".utf8.suffix(1))))
            try await socket.send(TestWebSocket.frame(8, [3, 232]))
            #expect(try await socket.receive()?.closeCode == 1000)
            #expect(try await socket.receive() == nil)
            socket.close()
        }
    }

    @Test("what breaks the rules ends with its code, and the client hears it")
    func faults() async throws {
        let faults: [([UInt8], Int)] = [
            (TestWebSocket.frame(1, Array("bare".utf8), isMasked: false), 1002),
            (TestWebSocket.frame(1, [0x61], reserved: 4), 1002), (TestWebSocket.frame(5), 1002),
            (TestWebSocket.frame(9, [1], isFinal: false), 1002), (TestWebSocket.frame(9, [UInt8](repeating: 1, count: 126)), 1002),
            (TestWebSocket.frame(2, [1]), 1003), (TestWebSocket.frame(1, [0xff, 0xfe]), 1007),
            (TestWebSocket.frame(1, [0xc3], isFinal: false) + TestWebSocket.frame(0, [0x28]), 1007),
            (TestWebSocket.frame(1, [UInt8](repeating: 0x61, count: 1 << 20 | 1)), 1009),
        ]
        try await run { server in
            for (bytes, code) in faults {
                let socket = try await self.open(server)
                try await socket.send(bytes)
                #expect(try await socket.receive()?.closeCode == code, "\(bytes.prefix(4))")
                #expect(try await socket.receive() == nil)
                socket.close()
            }
        }
    }

    @Test("the handler's close reaches the client with its reason; the connection ends with the client's echo, or without it in time")
    func closedByServer() async throws {
        try await run({ $0.webSocketCloseTimeout = .milliseconds(200) }) { server in
            for echoes in [true, false] {
                let socket = try await self.open(server, "/hear?close=1008")
                let close = try await socket.receive()
                #expect(close?.closeCode == 1008 && close?.closeReason == "why")
                if echoes { try await socket.send(TestWebSocket.frame(8, close?.payload ?? [])) }
                #expect(try await socket.receive() == nil)
                socket.close()
            }
        }
    }

    @Test("a client that answers no ping is cut off, one that does stays")
    func pings() async throws {
        try await run({ $0.webSocketPingInterval = .milliseconds(100) }) { server in
            let silent = try await self.open(server)
            #expect(try await silent.receive()?.opcode == 9)
            #expect(try await silent.receive() == nil)
            silent.close()
        }
        // Long enough for a busy machine to answer in.
        try await run({ $0.webSocketPingInterval = .seconds(2) }) { server in
            let answering = try await self.open(server)
            for _ in 0..<2 {
                #expect(try await answering.receive()?.opcode == 9)
                try await answering.send(TestWebSocket.frame(10))
            }
            answering.close()
        }
    }

    @Test("a server that stops tells its WebSockets 1012 and does not wait for those that say nothing")
    func drain() async throws {
        let stopping = try await run({
            $0.webSocketDrainGrace = .milliseconds(10)
            $0.webSocketCloseTimeout = .milliseconds(300)
        }) { server in
            let socket = try await self.open(server), mute = try await self.open(server)
            await server.beginStopping()
            #expect(try await socket.receive()?.closeCode == 1012)
            try await socket.send(TestWebSocket.frame(8, [3, 244]))
            #expect(try await socket.receive() == nil)
            #expect(try await mute.receive()?.closeCode == 1012)
            socket.close()
        }
        #expect(stopping < .seconds(5))
    }

    @Test("a close that waits for a client's echo when the server stops waits no longer for it")
    func drainAfterClose() async throws {
        let stopping = try await run({
            $0.webSocketDrainGrace = .milliseconds(10)
            $0.webSocketCloseTimeout = .seconds(1)
        }) { server in
            let mute = try await self.open(server, "/hear?close=1008")
            #expect(try await mute.receive()?.closeCode == 1008)
            await server.beginStopping()
            #expect(try await mute.receive() == nil)
            mute.close()
        }
        #expect(stopping < .seconds(5))
    }

    @Test("a client that leaves without a word, and one that only stops sending, hold nothing back")
    func abandoned() async throws {
        try await run { server in
            let gone = try await self.open(server)
            gone.close()
            let half = try await self.open(server)
            half.endSending()
            #expect(try await half.receive() == nil)
            half.close()
        }
    }
}
