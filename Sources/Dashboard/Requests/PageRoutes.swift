/// Makes a route of a page's handler: who is not signed in goes to the sign-in page and comes back; a part of the page is answered alone.

import ByteCoding
import HTTPAPI
import HTTPServer
import HTTPTypes
import Hummingbird

/// What a handler makes.
struct Page: Sendable {
    /// Of `Templates/pages`, and the name that the layout knows the page by.
    let name: String
    let context: PageContext
    var status: HTTPResponse.Status = .ok
    /// Names of `Templates/fragments` that may be asked for alone.
    var fragments: Set<String> = []
}

enum PageAnswer: Sendable {
    case page(Page)
    case redirect(String)
    /// For a module that asks for a part of the page as data.
    case json(JSONValue)
}

struct PageRoutes: Sendable {
    let responder: APIResponder
    let renderer: PageRenderer
    /// Told of each page before it is rendered.
    var made: @Sendable (Page, PageContext) -> Void = { _, _ in }

    typealias Handler = @Sendable (PageVisit, PageFrame) async throws -> PageAnswer

    /// A page for signed-in users.
    func page(_ operationID: String, _ path: String, handler: @escaping Handler) -> Route {
        Route(operationID, .get, path, access: "page", statuses: [200, 303, 400, 403, 404, 500, 503]) { request, context in
            let visit = try PageVisit(request, context, responder)
            context.account.projectID = visit.projectID.isEmpty ? nil : visit.projectID
            do {
                let frame = try await PageFrame.load(visit)
                var response = try await answer(visit, frame, handler)
                LastProject(context).note(frame.project?.id, in: &response, of: request)
                return response
            } catch let problem as Problem where problem.status == .unauthorized {
                if visit.fragment != nil { throw problem }
                return .onward(to: URLText.url("/sign-in", visit.url == "/" ? [] : [("next", visit.url)]))
            }
        }
    }

    private func answer(_ visit: PageVisit, _ frame: PageFrame, _ handler: Handler) async throws -> Response {
        switch try await handler(visit, frame) {
        case .redirect(let path): return .onward(to: path)
        case .json(let value): return .data(value)
        case .page(let page):
            let context = page.context.merged(into: frame.context(page: page.name))
            made(page, context)
            if let name = visit.fragment {
                guard page.fragments.contains(name) else { throw Problem(.notFound, "the page has no part of this name") }
                return .page(renderer.fragment(name, context), packedFor: visit.request)
            }
            return .page(renderer.page(page.name, in: .full, context), page.status, packedFor: visit.request)
        }
    }
}

extension PageContext {
    /// These members over those of the frame.
    func merged(into frame: PageContext) -> PageContext {
        var merged = frame
        for member in members { merged.set(member.key, member.value) }
        return merged
    }
}

/// Which project a browser looked at last: where `/` leads. It opens nothing.
struct LastProject: Sendable {
    private static let name = "spandrel_project"
    private let isSecure: Bool

    init(_ context: ServerRequestContext) { isSecure = context.origin.isSecure }

    static func find(in request: Request) -> String? { request.cookies[name]?.value }

    func note(_ project: String?, in response: inout Response, of request: Request) {
        guard let project, Self.find(in: request) != project else { return }
        response.headers[values: .setCookie].append(
            "\(Self.name)=\(project); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")")
    }
}
