import HTTPServer
import HTTPTypes
import Hummingbird
import Logging

@main
struct Spandrel {
    static func main() async throws {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .info, format: .json) }
        let routes = [
            Route("getLiveness", .get, "/health/live", statuses: [200]) { _, _ in Response(status: .ok, body: .init(byteBuffer: .init(string: "{}"))) },
            Route("echo", .post, "/echo", statuses: [200]) { r, c in
                let b = try await c.readBody(of: r, maximumByteCount: 1 << 20)
                return Response(status: .ok, body: .init(byteBuffer: .init(string: "\(b.count)\n"))) },
        ]
        let router = makeRouter(routes: routes, metrics: HTTPMetrics()) { error in
            if let p = error as? Problem { return p }
            if case RequestBodyError.tooLarge = error { return Problem(.contentTooLarge, "too large") }
            return Problem(.badRequest, "\(error)") }
        var limits = ConnectionLimits(); limits.bodyGrace = .seconds(3)
        let app = Application(router: router, server: .init { [limits] in HTTPServerChannel(responder: $0, limits: limits) }, configuration: .init(address: .hostname("127.0.0.1", port: 4999)))
        try await app.runService()
    }
}
