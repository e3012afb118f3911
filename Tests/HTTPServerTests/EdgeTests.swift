import HTTPServer
import HTTPTesting
import HTTPTypes
import Hummingbird
import IPAddresses
import NIOCore
import Testing

/// What stands around every route: headers, origins, addresses, limits.
@Suite("The edge")
struct EdgeTests {
    struct Lists: CrossOriginPolicy {
        func isAllowedBySomeProject(_ origin: String) async -> Bool { ["https://a.example", "https://b.example"].contains(origin) }
        func isAllowed(_ origin: String, byProject project: String) async -> Bool { origin == "https://\(project).example" }
    }

    static let routes =
        EchoServer.routes + [
            Route("address", .get, "/address", statuses: [200]) { _, context in
                EchoServer.text("\(context.remoteAddress?.description ?? "nobody") \(context.origin.isSecure)")
            },
            Route("project", .get, "/project", statuses: [200, 403]) { request, context in
                context.account.projectID = "a"
                try await context.checkOrigin(of: request, project: "a", Lists())
                return EchoServer.text("of a")
            },
            Route("hang", .get, "/hang", statuses: [504]) { _, _ in
                try await Task.sleep(for: .seconds(60))
                return EchoServer.text("late")
            },
        ]

    static func run(
        _ change: (inout EdgeConfiguration) -> Void = { _ in }, metrics: HTTPMetrics = HTTPMetrics(),
        _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws {
        var edge = EdgeConfiguration()
        edge.crossOrigin = Lists()
        change(&edge)
        try await LiveServer.run(routes, edge: edge, metrics: metrics, problem: EchoServer.problem, body)
    }

    @Test("every answer has the security headers; what needed a key is not kept")
    func securityHeaders() async throws {
        try await Self.run { server async throws in
            for path in ["/hello", "/nothing", "/fail"] {
                let answer = try await server.send("GET", path)
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
                #expect(answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'", "\(path)")
                #expect(answer.headers["referrer-policy"] == "no-referrer", "\(path)")
                #expect(answer.headers["strict-transport-security"] == nil && answer.headers["cache-control"] == nil, "\(path)")
            }
            #expect(try await server.send("GET", "/hello", headers: [("authorization", "Bearer x")]).headers["cache-control"] == "no-store")
        }
    }

    @Test("a preflight is answered from all projects' lists, a request by its own project's")
    func origins() async throws {
        try await Self.run { server async throws in
            func preflight(_ origin: String) async throws -> HTTPAnswer {
                try await server.send("OPTIONS", "/echo", headers: [("origin", origin), ("access-control-request-method", "POST")])
            }
            let allowed = try await preflight("https://b.example")
            #expect(allowed.status == 204 && allowed.headers["access-control-allow-origin"] == "https://b.example")
            #expect(allowed.headers["access-control-allow-headers"]?.contains("authorization") == true)
            let refused = try await preflight("https://evil.example")
            #expect(refused.status == 403 && refused.headers["access-control-allow-origin"] == nil)
            let own = try await server.send("GET", "/project", headers: [("origin", "https://a.example")])
            #expect(own.status == 200 && own.headers["access-control-allow-origin"] == "https://a.example")
            #expect(own.headers["access-control-expose-headers"]?.contains("x-request-id") == true && own.headers["vary"] == "origin")
            for name in ["limit", "remaining", "reset", "policy"] {
                #expect(own.headers["access-control-expose-headers"]?.contains("ratelimit-\(name)") == true)
            }
            #expect(try await preflight("https://a.example").headers["vary"] == "origin", "once")
            let other = try await server.send("GET", "/project", headers: [("origin", "https://b.example")])
            #expect(other.status == 403 && other.headers["access-control-allow-origin"] == nil)
            #expect(try await server.send("GET", "/project", headers: [("origin", "http://localhost")]).status == 200)
            #expect(try await server.send("GET", "/project").status == 200)
        }
    }

    @Test("forwarded addresses count from trusted proxies only")
    func forwarded() async throws {
        let headers = [("x-forwarded-for", "203.0.113.5"), ("x-forwarded-proto", "https")]
        try await Self.run { server async throws in
            #expect(try await server.send("GET", "/address", headers: headers).text == "127.0.0.1 false")
        }
        try await Self.run({ $0.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap { $0 } }) { server async throws in
            let answer = try await server.send("GET", "/address", headers: headers)
            #expect(answer.text == "203.0.113.5 true")
            #expect(answer.headers["strict-transport-security"] != nil)
        }
    }

    @Test("with PROXY headers on, the balancer's client is the client, and a connection without one is closed")
    func proxyHeader() async throws {
        try await Self.run({ $0.readsProxyHeader = true }) { server async throws in
            let connection = try await server.connect()
            try await connection.send("PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\nGET /address HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await connection.answer().text == "203.0.113.7 false")
            try await connection.send("GET /address HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await connection.answer().text == "203.0.113.7 false")
            connection.close()
            let pieces = try await server.connect()
            try await pieces.send("PROXY TCP6 2001:db8::1")
            try await pieces.send(" ::1 1 2\r\n")
            try await pieces.send("GET /address HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await pieces.answer().text == "2001:db8::1 false")
            pieces.close()
            let without = try await server.connect()
            try await without.send("GET /address HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await without.isAtEnd())
        }
    }

    @Test("a handler that takes too long is answered 504")
    func timeout() async throws {
        try await Self.run({ $0.handlerTimeout = .milliseconds(100) }) { server async throws in
            #expect(try await server.send("GET", "/hang").status == 504)
            #expect(try await server.send("GET", "/hello").status == 200)
        }
    }

    @Test("connections over the limit are closed and counted, and room comes back")
    func connectionLimit() async throws {
        let metrics = HTTPMetrics()
        try await Self.run({ $0.limits.maximumConnectionCount = 2 }, metrics: metrics) { server async throws in
            let first = try await server.connect()
            let second = try await server.connect()
            for connection in [first, second] {
                try await connection.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.answer().status == 200)
            }
            let third = try await server.connect()
            #expect(try await third.isAtEnd())
            #expect(metrics.refusedConnectionCount == 1 && metrics.openConnectionCount == 2)
            try await second.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try await second.answer().status == 200)
            #expect(try await second.isAtEnd())
            second.close()
            #expect(try await server.send("GET", "/hello").status == 200)
            first.close()
        }
    }

    @Test("what is refused before any route is counted and has its headers")
    func refusals() async throws {
        let metrics = HTTPMetrics()
        try await Self.run(metrics: metrics) { server async throws in
            let malformed = try await server.connect()
            try await malformed.send("nonsense\r\n\r\n")
            let answer = try await malformed.answer()
            #expect(answer.status == 400 && answer.headers["x-request-id"] != nil && answer.headers["x-content-type-options"] == "nosniff")
            let large = try await server.connect()
            try await large.send("GET / HTTP/1.1\r\nHost: x\r\nx-long: \(String(repeating: "a", count: 40_000))\r\n\r\n")
            #expect(try await large.answer().status == 431)
            #expect(Set(metrics.series.filter { $0.key.route == "none" }.map(\.key.status)) == [400, 431])
        }
    }
}
