/// Problems as people see them: a page that says what happened and what to do, in place of a problem document. The API's paths answer
/// documents, whoever asks; so do parts of pages, which modules fetch.

import Access
import HTTPServer
import HTTPTypes
import Hummingbird

struct ProblemPages: Sendable {
    private let renderer: PageRenderer

    init(_ renderer: PageRenderer) { self.renderer = renderer }

    /// nil where the document is the answer.
    func response(_ problem: Problem, _ request: Request, _ context: ServerRequestContext) -> Response? {
        guard Self.isForPeople(request) else { return nil }
        var response = Response.page(renderer.page("error", in: .bare, Self.context(problem, context.requestID)), problem.status)
        if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
        if !problem.allowedMethods.isEmpty { response.headers[.allow] = problem.allowedMethods.joined(separator: ", ") }
        return response
    }

    /// A browser that goes somewhere names HTML; a program, and a page's own module, does not.
    static func isForPeople(_ request: Request) -> Bool {
        let path = request.uri.path
        let isOfPrograms = ["/api/", "/v1/", "/assets/", "/health/", "/metrics", "/openapi.json"].contains { path.hasPrefix($0) }
        guard !isOfPrograms || path == OpenIDConnectConfiguration.callbackPath else { return false }
        return request.headers[values: .accept].contains { $0.contains("text/html") }
    }

    static func context(_ problem: Problem, _ requestID: HTTPServer.RequestID) -> PageContext {
        .make { context in
            context.set("title", title(problem))
            context.set("status", String(problem.status.code))
            context.set("heading", title(problem))
            context.set("detail", detail(problem))
            context.set("back_url", "/")
            context.set("back_text", "To the start page")
            context.set("can_retry", problem.status.code >= 500 || problem.status == .tooManyRequests)
            context.set("has_request_id", problem.status.code >= 500)
            context.set("request_id", problem.status.code >= 500 ? requestID.text : "")
            context.set("has_shell", false)
        }
    }

    private static func title(_ problem: Problem) -> String {
        switch problem.status {
        case .notFound: "Not found"
        case .forbidden: "Not allowed"
        case .unauthorized: "Not signed in"
        case .badRequest, .unprocessableContent: "This address cannot be read"
        case .methodNotAllowed: "Not a page"
        case .tooManyRequests: "Too many requests"
        case .serviceUnavailable, .gatewayTimeout: "Not available now"
        default: problem.status.code >= 500 ? "Something failed" : problem.status.reasonPhrase
        }
    }

    private static func detail(_ problem: Problem) -> String {
        // What the API tells programs of paths says nothing to people.
        if problem.status == .notFound, problem.detail.contains("/openapi.json") { return "There is nothing at this address." }
        return Sentence.text(problem.detail)
    }
}
