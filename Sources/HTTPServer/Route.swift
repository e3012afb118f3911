/// One endpoint as the server registers it. The table of all routes is what the OpenAPI document is held against.

import HTTPTypes
import Hummingbird
import NIOCore

package struct Route: Sendable {
    package typealias Handler = @Sendable (Request, ServerRequestContext) async throws -> Response

    /// OpenAPI's `operationId`; the handler's function has the same name.
    package let operationID: String
    package let method: HTTPRequest.Method
    /// With OpenAPI's placeholders: `/api/v1/traces/{trace_id}`.
    package let path: String
    /// Who may, by the name that the OpenAPI document's `x-permission` has for it.
    package let access: String
    /// Names of the query parameters it reads.
    package let queryParameters: [String]
    /// Every status it may answer.
    package let statuses: [Int]
    /// Whether the handler is cancelled when its client has gone, or has closed its side, before the answer: for what only reads. What
    /// changes something is finished.
    package let endsWithClient: Bool
    package let handler: Handler

    package init(
        _ operationID: String, _ method: HTTPRequest.Method, _ path: String, access: String = "public", queryParameters: [String] = [],
        statuses: [Int], endsWithClient: Bool = false,
        handler: @escaping Handler
    ) {
        self.operationID = operationID
        self.method = method
        self.path = path
        self.access = access
        self.queryParameters = queryParameters
        self.statuses = statuses
        self.endsWithClient = endsWithClient
        self.handler = handler
    }
}

/// A problem as people see it, for a request of theirs.
package typealias ProblemPage = @Sendable (Problem, Request, ServerRequestContext) async -> Response?

/// Builds the router of all routes; unknown paths are 404 and known paths with another method 405, each a problem document.
///
/// - Parameters:
///   - requestFinished: told of every request once it is answered, on the request's task.
///   - problemPage: the page that people get in place of a problem document; nil where the document is the answer.
package func makeRouter(
    routes: [Route], metrics: HTTPMetrics, edge: EdgeConfiguration = EdgeConfiguration(),
    requestFinished: (@Sendable (FinishedRequest) -> Void)? = nil,
    problemPage: @escaping ProblemPage = { _, _, _ in nil },
    problem: @escaping @Sendable (any Error) -> Problem
) -> Router<ServerRequestContext> {
    let router = Router(context: ServerRequestContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: EdgeMiddleware(configuration: edge))
    let observer = requestFinished.map { FinishedRequestObserver(routes: routes, $0) }
    router.add(middleware: RequestLog(metrics: metrics, observer: observer, problemPage: problemPage, problem: problem))
    router.add(middleware: PreflightMiddleware(policy: edge.crossOrigin))
    router.add(middleware: UnknownRoute(routes: routes))
    for route in routes {
        let handler =
            edge.handlerTimeout.map {
                HandlerTimeout.wrap(route.handler, limit: $0, endsWithClient: route.endsWithClient)
            } ?? route.handler
        router.on(RouterPath(route.path), method: route.method, use: handler)
    }
    return router
}

/// Turns the router's "not found" into a problem that says what is there.
private struct UnknownRoute: RouterMiddleware {
    typealias Context = ServerRequestContext

    let methods: [(segments: [Substring], method: String)]

    init(routes: [Route]) { methods = routes.map { (Self.segments($0.path), $0.method.rawValue) } }

    func handle(
        _ request: Request, context: ServerRequestContext, next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard context.endpointPath == nil else { return try await next(request, context) }
        let path = Self.segments(request.uri.path)
        let allowed = methods.filter { Self.matches(path, $0.segments) }.map(\.method)
        context.coreContext.endpointPath.value = "none"
        guard allowed.isEmpty else {
            throw Problem(
                .methodNotAllowed, "\(request.uri.path) answers \(allowed.sorted().joined(separator: ", "))",
                allowedMethods: allowed.sorted())
        }
        throw Problem(.notFound, "there is nothing at this path; /openapi.json lists what is, and OTLP exporters send to /v1/traces")
    }

    private static func segments(_ path: String) -> [Substring] { path.split(separator: "/") }

    private static func matches(_ path: [Substring], _ template: [Substring]) -> Bool {
        path.count == template.count && zip(path, template).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
    }
}
