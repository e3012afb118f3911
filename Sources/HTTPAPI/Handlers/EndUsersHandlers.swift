/// `/api/v1/end-users`: the users of the traced applications (`user.id` of spans), with what they caused. `/api/v1/users` are Spandrel's
/// own.

import Access
import HTTPServer
import Hummingbird
import SpanStore
import TraceQuery

struct EndUsersHandlers: Sendable {
    let store: SpanStore
    let list: SessionList

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listEndUsers", .get, "/api/v1/end-users", .permission(.readTraces),
                query: ["filter", "from", "to", "sort", "limit", "cursor", "fields", "explain"], statuses: [200, 422], handler: listEndUsers
            ),
            builder.operation(
                "getEndUser", .get, "/api/v1/end-users/{user_id}", .permission(.readTraces), query: ["limit", "cursor"],
                statuses: [200, 404, 422], handler: getEndUser),
        ]
    }

    func listEndUsers(_ request: APIRequest) async throws -> Response {
        let list = try EndUserListRequest(parameters: request.query.items, defaultSort: .lastTime)
        let page = try await self.list.list(list, in: store.snapshot(of: try request.project))
        return .json(bytes: page.encode(fields: list.fields))
    }

    func getEndUser(_ request: APIRequest) async throws -> Response {
        let limit = try request.integer("limit", in: 1...QueryLimits.maximumListRowCount, default: QueryLimits.defaultListRowCount)
        let user = try await list.session(
            request.path("user_id"), in: store.snapshot(of: try request.project), limit: limit, cursor: request.query["cursor"])
        guard let user else { throw Problem.notFound("user") }
        return .json(bytes: user.encode(EndUserListField.allCases))
    }
}
