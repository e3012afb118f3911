/// The outermost middleware: gives every request its id, turns what is thrown into a problem document, writes the log line and
/// counts. Never logs a body, a key or a query string; of the path what LoggedPath lets through.

import ByteCoding
import HTTPTypes
import Hummingbird
import IPAddresses
import Logging
import NIOCore
import Synchronization

/// What is found out about a request on its way: whose it is, filled in by whoever checks the credentials, headers its answer has
/// whatever it will be, and what its line in the log says beside.
package final class RequestAccount: Sendable {
    private struct State {
        var projectID: String?
        var headers = HTTPFields()
        var logged: Logger.Metadata = [:]
    }
    private let state = Mutex(State())

    package init() {}
    package var projectID: String? {
        get { state.withLock { $0.projectID } }
        set { state.withLock { $0.projectID = newValue } }
    }

    package var logged: Logger.Metadata {
        get { state.withLock { $0.logged } }
        set { state.withLock { $0.logged = newValue } }
    }

    package var headers: HTTPFields { state.withLock { $0.headers } }

    /// Names that are no tokens are left out.
    package func setHeaders(_ fields: [(name: String, value: String)]) {
        state.withLock { state in
            for field in fields { if let name = HTTPField.Name(field.name) { state.headers[name] = field.value } }
        }
    }
}

package struct RequestLog: RouterMiddleware {
    package typealias Context = ServerRequestContext

    let metrics: HTTPMetrics
    /// What a thrown error means to the client.
    let problem: @Sendable (any Error) -> Problem
    let problemPage: ProblemPage
    /// Nil costs nothing.
    let observer: FinishedRequestObserver?

    package init(
        metrics: HTTPMetrics, observer: FinishedRequestObserver? = nil, problemPage: @escaping ProblemPage = { _, _, _ in nil },
        problem: @escaping @Sendable (any Error) -> Problem
    ) {
        self.metrics = metrics
        self.observer = observer
        self.problemPage = problemPage
        self.problem = problem
    }

    package func handle(
        _ request: Request, context: ServerRequestContext, next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        if let id = request.headers[.requestID].flatMap(RequestID.init(header:)) { context.requestID = id }
        context.logger[metadataKey: "request_id"] = .string(context.requestID.text)
        metrics.requestStarted()
        var failure: (any Error)?
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            failure = error
            let problem = problem(error)
            let page = await problemPage(problem, request, context)
            response = page ?? Response(problem: problem, requestID: context.requestID)
        }
        response.headers[.requestID] = context.requestID.text
        for field in context.account.headers { response.headers[field.name] = field.value }
        let duration = ContinuousClock.now - start
        let route = context.endpointPath ?? "none"
        metrics.requestEnded(method: request.method.rawValue, route: route, status: response.status.code, duration: duration)
        log(request, response, context, duration, failure)
        if let observer { tell(observer, request, response, context, duration) }
        return response
    }

    private func tell(
        _ observer: FinishedRequestObserver, _ request: Request, _ response: Response, _ context: ServerRequestContext, _ duration: Duration
    ) {
        var finished = FinishedRequest(
            method: request.method.rawValue, status: response.status.code, requestID: context.requestID.text,
            endTimeUnixNano: WallClock.nowUnixNano(), duration: duration)
        finished.isSecure = context.origin.isSecure
        finished.host = context.origin.host ?? request.head.authority
        finished.projectID = context.account.projectID
        finished.traceParent = request.headers[.traceParent]
        finished.traceState = request.headers[.traceState]
        finished.userAgent = request.headers[.userAgent]
        observer.finished(finished, endpoint: context.endpointPath)
    }

    private func log(
        _ request: Request, _ response: Response, _ context: ServerRequestContext, _ duration: Duration, _ failure: (any Error)?
    ) {
        // Health checks and scrapes come every few seconds and say nothing while they succeed.
        let isRoutine = request.uri.path.hasPrefix("/health/") || request.uri.path == "/metrics"
        let level: Logger.Level = response.status.code >= 500 ? .error : isRoutine ? .debug : .info
        guard level >= context.logger.logLevel else { return }
        var metadata: Logger.Metadata = [
            "method": .string(request.method.rawValue), "path": .string(LoggedPath(request.uri.path).text),
            "status": .stringConvertible(response.status.code),
            "duration_ms": .stringConvertible(duration.milliseconds),
        ]
        if let length = request.headers[.contentLength] { metadata["request_bytes"] = .string(length) }
        if let length = response.headers[.contentLength] { metadata["response_bytes"] = .string(length) }
        if let address = context.remoteAddress { metadata["remote_address"] = .string(address.description) }
        if let project = context.account.projectID { metadata["project_id"] = .string(project) }
        metadata.merge(context.account.logged) { own, _ in own }
        // The cause of a 5xx is for the operator; the client gets the problem's own words.
        if let failure, response.status.code >= 500 { metadata["error"] = .string(String(describing: failure)) }
        context.logger.log(level: level, "request", metadata: metadata)
    }
}

extension Duration {
    /// Rounded to microseconds.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 1000
    }

    package var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

extension Response {
    package init(problem: Problem, requestID: RequestID) {
        var headers: HTTPFields = [.contentType: Problem.contentType]
        if let seconds = problem.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if !problem.allowedMethods.isEmpty { headers[.allow] = problem.allowedMethods.joined(separator: ", ") }
        if problem.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        self.init(
            status: problem.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.document(requestID: requestID))))
    }
}

extension HTTPField.Name {
    // Valid tokens, so not nil.
    fileprivate static let traceParent = HTTPField.Name("traceparent")!
    fileprivate static let traceState = HTTPField.Name("tracestate")!
}
