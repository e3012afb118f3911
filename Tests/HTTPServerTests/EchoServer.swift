import HTTPServer
import HTTPTesting
import HTTPTypes
import Hummingbird
import NIOCore

/// Routes that are enough to look at a connection: one without a body, one that reads it, one that refuses it unread.
enum EchoServer {
    static let maximumBodyByteCount = 1 << 20

    static let routes = [
        Route("hello", .get, "/hello", statuses: [200]) { _, _ in text("hello") },
        Route("echo", .post, "/echo", statuses: [200]) { request, context in
            let body = try await context.readBody(of: request, maximumByteCount: maximumBodyByteCount)
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
        },
        Route("refuse", .post, "/refuse", statuses: [403]) { _, _ in throw Problem(.forbidden, "not for you") },
        Route("fail", .get, "/fail", statuses: [500]) { _, _ in throw Failure() },
        Route("item", .get, "/items/{id}", statuses: [200]) { _, context in text(context.parameters.get("id") ?? "") },
    ]

    struct Failure: Error {}

    static func text(_ text: String) -> Response { Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text))) }

    static let problem: @Sendable (any Error) -> Problem = { error in
        switch error {
        case let problem as Problem: problem
        case RequestBodyError.tooLarge: Problem(.contentTooLarge, "too large")
        case RequestBodyError.timeout: Problem(.requestTimeout, "too slow")
        case RequestBodyError.malformed: Problem(.badRequest, "malformed")
        default: Problem(.internalServerError, "defect")
        }
    }

    @discardableResult
    static func run(
        _ change: (inout ConnectionLimits) -> Void = { _ in }, _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws -> Duration {
        var limits = ConnectionLimits()
        change(&limits)
        return try await LiveServer.run(routes, limits: limits, problem: problem, body).stopping
    }
}
