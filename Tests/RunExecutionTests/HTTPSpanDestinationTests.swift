import CurlClient
import LoopbackTesting
import Metastore
import PostgresTesting
import Synchronization
import Testing
import TraceModel

@testable import RunExecution

@Suite("Sending spans to the server")
struct HTTPSpanDestinationTests {
    @Test("a request carries the token, the project and the spans as they are")
    func request() async throws {
        let seen = Shared<LoopbackPeer.Request?>(nil), project = ProjectID(high: 1, low: 2)
        let result = try await LoopbackServer.run { peer in
            while let request = await peer.request() {
                seen.change { $0 = request }
                try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        } _: { server in
            let destination = try HTTPSpanDestination(
                server: server.url, token: "spdw_secret", client: CurlClient(), logger: TestServer.logger)
            return await destination.deliver([1, 2, 3], project: project)
        }
        #expect(result == .delivered)
        let request = try #require(seen.value)
        #expect(request.line.hasPrefix("POST /v1/traces "))
        #expect(request.headers["authorization"] == "Bearer spdw_secret" && request.headers["spandrel-project-id"] == project.uuid)
        #expect(request.body == [1, 2, 3])
    }

    @Test("spans wait for a server that is away, busy or does not know the credential; what it has judged is given up")
    func statuses() async throws {
        func kind(_ status: Int) -> String {
            switch SpanDeliveryResult(status: status) {
            case .delivered: "delivered"
            case .later: "later"
            case .unreachable: "unreachable"
            case .refused: "refused"
            }
        }
        for (status, expected) in [
            (200, "delivered"), (401, "later"), (408, "later"), (429, "later"), (500, "later"), (502, "later"), (503, "later"),
            (504, "later"), (302, "later"), (400, "refused"), (403, "refused"), (404, "refused"), (413, "refused"), (415, "refused"),
        ] { #expect(kind(status) == expected, "\(status)") }
        let nobody = try HTTPSpanDestination(
            server: "http://127.0.0.1:1", token: "spdw_secret", client: CurlClient(), logger: TestServer.logger)
        guard case .unreachable = await nobody.deliver([1], project: .make()) else {
            Issue.record("a server that is not there judges nothing")
            return
        }
    }
}
