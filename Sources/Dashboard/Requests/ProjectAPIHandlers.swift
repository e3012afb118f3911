/// `/projects/{project_id}/api/v1/...`: what the API answers to a GET of `/api/v1/...` for this project. Links, downloads and WebSockets of
/// pages cannot say in a header which project they mean; here the path says it. Who asks and what that allows, the API decides as always.

import HTTPServer
import HTTPTypes
import Hummingbird
import HummingbirdCore

struct ProjectAPIHandlers: Sendable {
    let responder: APIResponder

    var routes: [Route] {
        [
            Route(
                "getOfProject", .get, "/projects/{project_id}/api/v1/**", access: "page",
                statuses: [101, 200, 204, 206, 400, 401, 403, 404, 416, 422, 426, 429, 500, 503], handler: getOfProject)
        ]
    }

    func getOfProject(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let project = context.parameters.get("project_id") ?? ""
        context.account.projectID = project
        // As it came, percent signs and all: "/projects/ID" is taken off its beginning.
        let target = request.head.path ?? ""
        guard let start = target.firstRange(of: "/api/v1/")?.lowerBound else { throw Problem(.notFound, "there is nothing at this path") }
        var head = request.head
        head.path = String(target[start...])
        head.headerFields[.spandrelProject] = project
        return try await responder.respond(to: Request(head: head, body: request.body), onBehalfOf: context)
    }
}
