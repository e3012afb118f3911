import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import PostgresTesting
import SpanStore
import Testing
import TraceModel

/// What comes in, over a whole server.
@Suite("Routes of arrivals")
struct ArrivalRouteTests {
    private struct Server {
        let installation: TestInstallation
        let live: LiveServer
        let key: String
        let ingest: String

        func open(_ query: String = "", as key: String? = nil) async throws -> TestWebSocket {
            try await TestWebSocket.open(
                port: live.port, "/api/v1/events" + query, headers: [("Authorization", "Bearer \(key ?? self.key)")])
        }

        func export(_ numbers: [UInt8], name: String = "span") async throws {
            let answer = try await live.send(
                "POST", "/v1/traces", headers: [("authorization", "Bearer \(ingest)"), ("content-type", "application/json")],
                body: Array(OTLPBodies.json(numbers, name: name).utf8))
            #expect(answer.status == 200)
        }
    }

    private func run(
        _ change: (inout EventLimits) -> Void = { _ in }, _ body: @Sendable (Server) async throws -> Void
    ) async throws {
        var limits = EventLimits()
        limits.countersPauseNanoseconds = 1_000_000
        change(&limits)
        try await TestInstallation.run(eventLimits: limits) { installation, live in
            try await body(
                Server(
                    installation: installation, live: live, key: try await installation.key([.read]),
                    ingest: try await installation.key([.ingest])))
        }
    }

    /// Messages until one says that so many spans came in; its data.
    private func data(_ socket: TestWebSocket, spanCount: Int64) async throws -> JSONValue {
        while let frame = try await socket.message(), frame.opcode == 1 {
            let message = try JSONValue.parse(frame.payload)
            #expect(message["v"]?.integerValue == 1 && message["project_id"]?.stringValue != nil)
            if message["data"]?["span_count"]?.integerValue == spanCount { return message["data"] ?? .null }
        }
        Issue.record("the stream ended before \(spanCount) spans")
        return .null
    }

    @Test("a WebSocket says hello, then how many spans came in for its filter, and of which traces, sealed in between or not")
    func webSocket() async throws {
        try await run { server in
            try await server.export([1])
            let all = try await server.open(), some = try await server.open("?topic=traces&filter[name]=wanted")
            for socket in [all, some] {
                let hello = try JSONValue.parse(try #require(try await socket.message()).payload)
                #expect(hello["type"]?.stringValue == "hello" && hello["data"]?["span_count"]?.integerValue == 0)
            }
            try await server.export([2, 3], name: "other")
            let first = try await self.data(all, spanCount: 2)
            #expect(first["trace_count"]?.integerValue == 1 && first["is_complete"]?.boolValue == true)
            #expect(first["newest_trace_ids"] == .array([.string("0102030405060708090a0b0c0d0e0f10")]))
            _ = try await server.installation.store.seal()
            try await server.export([4, 5, 6], name: "wanted")
            #expect(try await self.data(all, spanCount: 5)["trace_count"]?.integerValue == 1)
            #expect(try await self.data(some, spanCount: 3)["trace_count"]?.integerValue == 1)
            all.close()
            some.close()
        }
    }

    @Test("a list and the stream say how far they reach: what came between both is behind the list's position and up to the greeting's")
    func positions() async throws {
        try await run { server in
            func listed() async throws -> Int64 {
                let answer = try await server.live.send("GET", "/api/v1/traces", headers: [("authorization", "Bearer \(server.key)")])
                return try #require(try JSONValue.parse(answer.body)["arrival_position"]?.integerValue)
            }
            func greeting(_ socket: TestWebSocket) async throws -> Int64 {
                let hello = try JSONValue.parse(try #require(try await socket.message()).payload)
                #expect(hello["type"]?.stringValue == "hello")
                return try #require(hello["data"]?["arrival_position"]?.integerValue)
            }
            #expect(try await listed() == 0)
            try await server.export([1])
            let first = try await listed()
            #expect(first > 0)
            let socket = try await server.open()
            #expect(try await greeting(socket) == first)
            try await server.export([2])
            let second = try await listed()
            #expect(second > first)
            #expect(try await self.data(socket, spanCount: 1)["arrival_position"]?.integerValue == second)
            // Nobody's stream was open for this filter: its greeting alone tells that something came since the first list.
            let late = try await server.open("?filter[name]=nothing")
            #expect(try await greeting(late) == second)
            _ = try await server.installation.store.seal()
            #expect(try await listed() == second)
            let window = try await server.live.send(
                "GET", "/api/v1/traces/0102030405060708090a0b0c0d0e0f10/spans", headers: [("authorization", "Bearer \(server.key)")])
            #expect(try JSONValue.parse(window.body)["arrival_position"]?.integerValue == second)
            socket.close()
            late.close()
        }
    }

    @Test("server-sent events have the same; without a wish for a stream there is none")
    func serverSentEvents() async throws {
        try await run { server in
            let raw = try await RawConnection.open(port: server.live.port)
            try await raw.send(
                Array(
                    "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.key)\r\nAccept: text/event-stream\r\n\r\n"
                        .utf8))
            var text = ""
            func read(until mark: String) async throws {
                while !text.contains(mark) {
                    let bytes = try await raw.receive()
                    try #require(!bytes.isEmpty, "the stream ended before \(mark): \(text)")
                    text += String(decoding: bytes, as: UTF8.self)
                }
            }
            try await read(until: "event: hello")
            try await server.export([1, 2])
            try await read(until: #""span_count":2"#)
            #expect(text.lowercased().contains("content-type: text/event-stream") && text.contains("event: traces.arrived"))
            raw.close()
            let answer = try await server.live.send("GET", "/api/v1/events", headers: [("authorization", "Bearer \(server.key)")])
            #expect(answer.status == 400 && answer.text.contains("not-a-stream"))
        }
    }

    @Test("another project's spans tell a follower nothing")
    func otherProject() async throws {
        try await run { server in
            let other = try await server.installation.makeProject("Other")
            let socket = try await server.open("", as: try await server.installation.key([.read], of: other))
            _ = try await socket.message()
            try await server.export([1, 2, 3])
            let answer = try await server.live.send(
                "POST", "/v1/traces",
                headers: [
                    ("authorization", "Bearer \(try await server.installation.key([.ingest], of: other))"),
                    ("content-type", "application/json"),
                ], body: Array(OTLPBodies.json([9]).utf8))
            #expect(answer.status == 200)
            let frame = try #require(try await socket.message())
            #expect(try JSONValue.parse(frame.payload)["data"]?["span_count"]?.integerValue == 1)
            socket.close()
        }
    }

    @Test("filters that cannot be read, unknown topics and too many filters are refused; a filter followed twice is one")
    func refusals() async throws {
        try await run({ $0.maximumArrivalFilterCount = 2 }) { server in
            for query in ["?filter[name][_nonsense]=1", "?topic=logs", "?after=3"] {
                let socket = try await server.open(query)
                #expect(socket.handshake.status == 400, "\(query)")
            }
            let first = try await server.open("?filter[name]=a"), second = try await server.open("?filter[name]=b")
            let again = try await server.open("?filter[name]=a")
            #expect([first, second, again].allSatisfy { $0.handshake.status == 101 })
            let refused = try await server.open("?filter[name]=c")
            #expect(refused.handshake.status == 503 && refused.handshake.headers["retry-after"] != nil)
            first.close()
            again.close()
            try await eventually("the place is free again") {
                let socket = try await server.open("?filter[name]=c")
                socket.close()
                return socket.handshake.status == 101
            }
            second.close()
        }
    }
}
