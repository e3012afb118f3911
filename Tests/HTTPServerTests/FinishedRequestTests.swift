import HTTPServer
import HTTPTesting
import Synchronization
import Testing

@Suite("Whoever watches requests")
struct FinishedRequestTests {
    /// What was told, in the order of the requests: each has ended before the next is sent.
    private final class Seen: Sendable {
        private let state = Mutex<[FinishedRequest]>([])
        var requests: [FinishedRequest] { state.withLock { $0 } }
        func add(_ request: FinishedRequest) { state.withLock { $0.append(request) } }
    }

    @Test("is told of each with its route, its answer and where its trace comes from")
    func told() async throws {
        let seen = Seen()
        try await LiveServer.run(EchoServer.routes, requestFinished: { seen.add($0) }, problem: EchoServer.problem) { server in
            _ = try await server.send(
                "GET", "/items/7?secret=1",
                headers: [("traceparent", "00-a-b-01"), ("tracestate", "v=1"), ("user-agent", "tester"), ("x-request-id", "id-7")])
            _ = try await server.send("HEAD", "/hello")
            _ = try await server.send("GET", "/fail")
            _ = try await server.send("GET", "/nowhere/secret")
            _ = try await server.send("DELETE", "/items/7")
        }
        let requests = seen.requests
        #expect(requests.map(\.operationID) == ["item", "hello", "fail", nil, nil])
        #expect(requests.map(\.route) == ["/items/{id}", "/hello", "/fail", nil, nil])
        #expect(requests.map(\.method) == ["GET", "HEAD", "GET", "GET", "DELETE"])
        #expect(requests.map(\.status) == [200, 200, 500, 404, 405])
        let first = try #require(requests.first)
        #expect(first.traceParent == "00-a-b-01" && first.traceState == "v=1" && first.userAgent == "tester")
        #expect(first.requestID == "id-7" && first.host == "localhost" && !first.isSecure)
        #expect(first.duration >= .zero && first.endTimeUnixNano > 0)
        #expect(requests.allSatisfy { !"\($0)".contains("secret") })
    }
}
