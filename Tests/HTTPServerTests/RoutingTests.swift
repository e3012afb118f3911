import ByteCoding
import HTTPServer
import HTTPTesting
import Testing

@Suite("Routes and problems")
struct RoutingTests {
    private func problem(_ answer: HTTPAnswer) throws -> JSONValue {
        #expect(answer.headers["content-type"] == "application/problem+json")
        let problem = try JSONValue.parse(answer.body)
        #expect(problem["status"]?.integerValue == Int64(answer.status))
        #expect(problem["request_id"]?.stringValue == answer.headers["x-request-id"])
        #expect(problem["type"]?.stringValue?.hasPrefix("urn:spandrel:problem:") == true)
        #expect(problem["detail"]?.stringValue?.isEmpty == false)
        #expect(problem["errors"]?.arrayValue != nil)
        return problem
    }

    @Test("an unknown path is a 404, a known one with another method a 405 that names the right ones")
    func unknown() async throws {
        try await EchoServer.run { server in
            let missing = try await server.send("GET", "/nowhere")
            #expect(missing.status == 404)
            _ = try problem(missing)
            let wrong = try await server.send("DELETE", "/items/7")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"] == "GET")
            _ = try problem(wrong)
        }
    }

    @Test("HEAD is answered as GET without a body")
    func head() async throws {
        try await EchoServer.run { server in
            let answer = try await server.send("HEAD", "/hello")
            #expect(answer.status == 200)
            #expect(answer.headers["content-length"] == "5")
        }
    }

    @Test("a sane request id is taken over, another one replaced")
    func requestID() async throws {
        try await EchoServer.run { server in
            #expect(try await server.send("GET", "/hello", headers: [("x-request-id", "abc-1.2:3")]).headers["x-request-id"] == "abc-1.2:3")
            for id in ["", "a b", "\"quoted\"", String(repeating: "x", count: 129)] {
                let answer = try await server.send("GET", "/hello", headers: [("x-request-id", id)])
                #expect(answer.headers["x-request-id"]?.count == 36)
            }
        }
    }

    @Test("a defect is a 500 that tells nothing of its cause")
    func defect() async throws {
        try await EchoServer.run { server in
            let answer = try await server.send("GET", "/fail")
            #expect(answer.status == 500)
            #expect(try problem(answer)["detail"]?.stringValue == "defect")
        }
    }

    @Test("requests are counted by route and status, never by path")
    func metrics() async throws {
        let metrics = HTTPMetrics()
        try await LiveServer.run(EchoServer.routes, metrics: metrics, problem: EchoServer.problem) { server in
            for id in 0..<3 { _ = try await server.send("GET", "/items/\(id)") }
            _ = try await server.send("PROPFIND", "/nowhere/\(1)")
            _ = try await server.send("POST", "/refuse")
        }
        let counts = metrics.series.map {
            "\($0.key.method) \($0.key.route) \($0.key.status) \($0.value.count) \($0.value.buckets.reduce(0, +))"
        }
        #expect(counts == ["GET /items/{id} 200 3 3", "POST /refuse 403 1 1", "other none 404 1 1"])
        #expect(metrics.inProgressCount == 0)
    }
}
