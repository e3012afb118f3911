import CurlClient
import LoopbackTesting
import Testing

@Suite("Server-sent events", .timeLimit(.minutes(1)))
struct ServerSentEventParserTests {
    private static let cases: [(stream: String, events: [ServerSentEvent])] = [
        ("data: a\n\n", [ServerSentEvent(data: "a")]),
        ("\u{feff}data: a\n\ndata: \u{feff}b\n\n", [ServerSentEvent(data: "a"), ServerSentEvent(data: "\u{feff}b")]),
        ("data: one\ndata: two\ndata\ndata:\n\n", [ServerSentEvent(data: "one\ntwo\n\n")]),
        (
            "event: delta\r\ndata:{\"text\":\"grüße \u{1F600}\"}\r\n\r\n",
            [ServerSentEvent(name: "delta", data: "{\"text\":\"grüße \u{1F600}\"}")]
        ),
        ("data: a\r\rdata:  b\r\r", [ServerSentEvent(data: "a"), ServerSentEvent(data: " b")]),
        (": comment\n\n\n:\nevent: nothing\n\ndata: a\n\n", [ServerSentEvent(data: "a")]),
        (
            "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0y\ndata: d\n\n",
            [
                ServerSentEvent(data: "a", lastEventID: "7"), ServerSentEvent(data: "b", lastEventID: "7"), ServerSentEvent(data: "c"),
                ServerSentEvent(data: "d"),
            ]
        ),
        ("retry: 10x\nunknown: y\nDATA: no\n data: no\ndata: a\n\n", [ServerSentEvent(data: "a")]),
        ("data\n\n", [ServerSentEvent(data: "")]),
        ("data: incomplete\n", []),
        ("data: a:b\n\ndata: last", [ServerSentEvent(data: "a:b")]),
    ]

    @Test("are the same wherever the stream is cut in two", arguments: cases.indices)
    func split(index: Int) throws {
        let (stream, events) = Self.cases[index]
        let bytes = Array(stream.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser()
            let first = try parser.parse(bytes[..<cut])
            #expect(try first + parser.parse(bytes[cut...]) == events, "cut at \(cut)")
        }
        var parser = ServerSentEventParser()
        var single: [ServerSentEvent] = []
        for byte in bytes { single += try parser.parse([byte]) }
        #expect(single == events)
    }

    @Test("may say how long to wait before the next connection")
    func retry() throws {
        var parser = ServerSentEventParser()
        _ = try parser.parse("retry: 2500\nretry: -1\nretry:\n".utf8)
        #expect(parser.retryMilliseconds == 2500)
    }

    @Test("are refused over the limit, in one line and in many", arguments: ["data: 0123456789", "data: 01234\ndata: 56789\n"])
    func limit(stream: String) {
        var parser = ServerSentEventParser(maximumByteCount: 10)
        #expect(throws: CurlError.self) { _ = try parser.parse(stream.utf8) }
    }

    @Test("come in as the server sends them, one before the next is sent")
    func live() async throws {
        let seen = Signal()
        try await LoopbackServer.run { peer in
            _ = await peer.request()
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\nda")
            await seen.wait()
            try await peer.send("ta: second\n\ndata: third\n\n")
        } _: { server in
            var texts: [String] = []
            for try await event in try await CurlClient().send(request("GET", server.url)).body.serverSentEvents {
                texts.append(event.data)
                seen.fire()
            }
            #expect(texts == ["first", "second", "third"])
        }
    }
}
