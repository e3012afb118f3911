/// Problems as people see them: a page that says what happened and what to do, in place of a problem document. The API's paths answer
/// documents, whoever asks; so do parts of pages, which modules fetch.

import Access
import HTTPAPI
import HTTPServer
import HTTPTypes
import Hummingbird

struct ProblemPages: Sendable {
    let responder: APIResponder
    let renderer: PageRenderer

    /// nil where the document is the answer.
    func response(_ problem: Problem, _ request: Request, _ context: ServerRequestContext) async -> Response? {
        guard Self.isForPeople(request) else { return nil }
        let frame = await frame(problem, request, context)
        var error = Self.context(problem, request, context.requestID)
        error.set("has_shell", frame != nil)
        let html =
            frame.map { renderer.page("error", in: .full, error.merged(into: $0.context(page: "error"))) }
            ?? renderer.page("error", in: .bare, error)
        var response = Response.page(html, problem.status)
        if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
        if !problem.allowedMethods.isEmpty { response.headers[.allow] = problem.allowedMethods.joined(separator: ", ") }
        return response
    }

    /// What stands around the pages of who is signed in: whoever meets an error finds the way on from there. nil for all others, and where
    /// asking who it is would meet the same error again.
    private func frame(_ problem: Problem, _ request: Request, _ context: ServerRequestContext) async -> PageFrame? {
        guard request.cookies[SessionCookie(context).name] != nil,
            ![.tooManyRequests, .serviceUnavailable, .gatewayTimeout].contains(problem.status)
        else { return nil }
        // Which route it was, this layer is not told: the path says which project, if it is one that the user sees.
        let segments = request.uri.path.split(separator: "/")
        let project = segments.count > 1 && segments[0] == "projects" ? String(segments[1]) : ""
        for id in project.isEmpty ? [""] : [project, ""] {
            let api = APICaller(responder, for: request, context, project: id.isEmpty ? nil : id)
            do throws(Problem) { return try await PageFrame.load(api, projectID: id) } catch {
                if error.status == .unauthorized { return nil }
            }
        }
        return nil
    }

    /// A browser that goes somewhere names HTML; a program, and a page's own module, does not.
    static func isForPeople(_ request: Request) -> Bool {
        let path = request.uri.path
        let isOfPrograms = ["/api/", "/v1/", "/assets/", "/health/", "/metrics", "/openapi.json"].contains { path.hasPrefix($0) }
        guard !isOfPrograms || path == OpenIDConnectConfiguration.callbackPath else { return false }
        return request.headers[values: .accept].contains { $0.contains("text/html") }
    }

    static func context(_ problem: Problem, _ request: Request, _ requestID: HTTPServer.RequestID) -> PageContext {
        .make { context in
            context.set("title", title(problem))
            context.set("status", String(problem.status.code))
            context.set("heading", title(problem))
            context.set("detail", detail(problem))
            context.set("back_url", "/")
            context.set("back_text", "To the start page")
            // What was sent to be changed is not sent again by a link: that would be a GET of a path that may answer none.
            let isAsked = [.get, .head].contains(request.method)
            context.set("page_url", isAsked ? request.head.path ?? "/" : "/")
            context.set("can_retry", isAsked && (problem.status.code >= 500 || problem.status == .tooManyRequests))
            context.set("has_request_id", problem.status.code >= 500)
            context.set("request_id", problem.status.code >= 500 ? requestID.text : "")
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
        // A form that a module would have sent to the API, sent by the browser itself.
        if problem.status == .methodNotAllowed {
            return "The page's script had not been loaded when its form was sent. Nothing was changed: go back and send it again."
        }
        // What the API tells programs of paths says nothing to people.
        if problem.status == .notFound, problem.detail.contains("/openapi.json") { return "There is nothing at this address." }
        return Sentence.text(problem.detail)
    }
}
