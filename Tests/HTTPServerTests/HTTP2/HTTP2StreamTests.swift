import HTTPServer
import HTTPTesting
import Hummingbird
import NIOCore
import Synchronization
import Testing

/// What a client of HTTP/2 may cost that sends, reads or goes as it likes.
@Suite("A stream of HTTP/2", .timeLimit(.minutes(2)))
struct HTTP2StreamTests {
    /// Opened once by the test; handlers wait for it.
    private final class Gate: Sendable {
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

        func open() {
            let waiters = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting ?? []
            }
            for waiter in waiters { waiter.resume() }
        }

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = waiting.withLock { waiting in
                    waiting?.append(continuation)
                    return waiting == nil
                }
                if isOpen { continuation.resume() }
            }
        }
    }

    private static func run(
        _ routes: [Route] = EchoServer.routes, _ change: (inout ConnectionLimits) -> Void = { _ in },
        _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws {
        var limits = ConnectionLimits()
        change(&limits)
        try await LiveServer.run(routes, limits: limits, clearText: .http2, problem: EchoServer.problem, body)
    }

    @Test("takes little of a body that nobody has asked for, and much of one that is read")
    func unreadBodies() async throws {
        let gate = Gate(), byteCount = 3 << 19
        let hold = Route("hold", .post, "/hold", statuses: [200]) { request, context in
            await gate.wait()
            let body = try await context.readBody(of: request, maximumByteCount: byteCount)
            return EchoServer.text(String(body.count))
        }
        try await Self.run([hold], { $0.bodyGrace = .minutes(5) }) { server in
            let client = try await FrameConnection(server, window: 65_535), streams = [1, 3, 5, 7]
            var sent = Dictionary(uniqueKeysWithValues: streams.map { ($0, 0) })
            for stream in streams { try await client.request("POST", "/hold", stream: stream, ends: false) }
            // Until the server gives no more credit, however often it is asked.
            var quietRounds = 0
            while quietRounds < 20 {
                let before = sent.values.reduce(0, +)
                for stream in streams { sent[stream, default: 0] += try await client.fill(stream) }
                try await client.settle()
                quietRounds = sent.values.reduce(0, +) == before ? quietRounds + 1 : 0
            }
            for stream in streams { #expect((64 << 10...160 << 10).contains(sent[stream] ?? 0), "stream \(stream)") }
            gate.open()
            var widest = 0
            while sent.values.contains(where: { $0 < byteCount }) {
                var moved = 0
                for stream in streams {
                    let count = try await client.fill(stream, maximumByteCount: byteCount - sent[stream, default: 0])
                    sent[stream, default: 0] += count
                    moved += count
                }
                if moved == 0 { _ = try await client.next() }
                widest = max(widest, client.windows.values.max() ?? 0)
            }
            for stream in streams { try await client.endBody(stream) }
            #expect(widest > 256 << 10, "bodies that are read are not held up by the line")
            var answers: [Int: String] = [:]
            while answers.count < streams.count {
                let frame = try await client.next()
                if frame.type == FrameConnection.data, !frame.payload.isEmpty {
                    answers[frame.stream, default: ""] += String(decoding: frame.payload, as: UTF8.self)
                }
            }
            #expect(answers == Dictionary(uniqueKeysWithValues: streams.map { ($0, String(byteCount)) }))
            client.close()
        }
    }

    @Test("whose body says its length in a prefix is read apart from it, and refused by it before the rest is there")
    func prefixedBody() async throws {
        let announced = Mutex<[Int]>([])
        let prefix = RequestBodyPrefix(byteCount: 2) { $0.count == 2 ? Int($0[0]) << 8 | Int($0[1]) : nil }
        let framed = Route("framed", .post, "/framed", statuses: [200]) { request, context in
            let (prefix, content) = try await context.readBody(of: request, behind: prefix, maximumByteCount: 1_002) { count in
                announced.withLock { $0.append(count) }
            }
            return EchoServer.text("\(prefix) \(content)")
        }
        try await Self.run([framed]) { server in
            let client = try await FrameConnection(server, window: 65_535)
            let bodies: [(frames: [[UInt8]], ends: Bool, answer: String)] = [
                ([[0, 3, 7, 8, 9]], true, "[0, 3] [7, 8, 9]"), ([[0], [], [2], [5], [6]], true, "[0, 2] [5, 6]"), ([[0]], true, "[0] []"),
                ([], true, "[] []"), ([[0, 1, 5, 6]], true, "[0, 1] [5, 6]"), ([[3, 232], [1]], true, "[3, 232] [1]"),
                ([[3, 233], [1]], true, "[3, 233] [1]"), ([[3, 233], [UInt8](repeating: 1, count: 1_001)], false, "too large"),
            ]
            for (index, body) in bodies.enumerated() {
                let stream = 2 * index + 1
                try await client.request("POST", "/framed", stream: stream, ends: false)
                for frame in body.frames { try await client.send(FrameConnection.data, stream: stream, frame) }
                if body.ends { try await client.endBody(stream) }
                var answer = ""
                while !answer.contains(body.answer) {
                    let frame = try await client.next()
                    try #require(frame.type != FrameConnection.reset, "\(body.frames): \(answer)")
                    guard frame.stream == stream, frame.type == FrameConnection.data else { continue }
                    answer += String(decoding: frame.payload, as: UTF8.self)
                }
            }
            #expect(announced.withLock { $0 } == [5, 4, 3, 1_002])
            client.close()
        }
    }

    @Test("whose answer nobody reads is given up, when it is written whole, too")
    func unreadAnswer() async throws {
        try await Self.run(EchoServer.routes, { $0.writeStall = .milliseconds(300) }) { server in
            let client = try await FrameConnection(server, window: 0)
            try await client.request("GET", "/hello", stream: 1, ends: true)
            var types: [UInt8] = []
            while types.last != FrameConnection.reset {
                let frame = try await client.next()
                if frame.stream == 1 { types.append(frame.type) }
            }
            #expect(types == [FrameConnection.headers, FrameConnection.reset])
            client.close()
        }
    }

    @Test("of a reader that is slow and moves is not cut, however large the buffer; one that stops is")
    func slowReader() async throws {
        let large = Route("large", .get, "/large", statuses: [200]) { _, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 1, count: 1 << 20)))
        }
        try await Self.run([large], { $0.writeStall = .seconds(3) }) { server in
            let client = try await FrameConnection(server, window: 0)
            try await client.request("GET", "/large", stream: 1, ends: true)
            let start = ContinuousClock.now
            var received = 0
            // For longer than a stall may last, and less than a frame in all.
            while ContinuousClock.now - start < .milliseconds(4_500) {
                try await client.giveCredit(100, stream: 1)
                let goal = received + 100
                while received < goal {
                    let frame = try await client.next()
                    try #require(frame.type != FrameConnection.reset, "after \(received) bytes")
                    if frame.type == FrameConnection.data { received += frame.payload.count }
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(received < 16 << 10)
            while try await client.next().type != FrameConnection.reset {}
            client.close()
        }
    }

    @Test(
        "that is reset, or whose connection ends, ends the work on its answer where that is of no use to others", arguments: [true, false])
    func clientGone(resets: Bool) async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self), (ended, end) = AsyncStream.makeStream(of: Void.self)
        let work = Route("work", .get, "/work", statuses: [200], endsWithClient: true) { _, _ in
            begin.yield()
            let gate = Gate()
            await withTaskCancellationHandler {
                await gate.wait()
            } onCancel: {
                gate.open()
            }
            end.yield()
            throw CancellationError()
        }
        try await Self.run([work]) { server in
            let client = try await FrameConnection(server, window: 65_535)
            try await client.request("GET", "/work", stream: 1, ends: true)
            var begins = begun.makeAsyncIterator(), ends = ended.makeAsyncIterator()
            await begins.next()
            if resets { try await client.send(FrameConnection.reset, stream: 1, [0, 0, 0, 8]) } else { client.close() }
            await ends.next()
            client.close()
        }
    }
}
