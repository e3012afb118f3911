/// `/api/v1/sessions`: conversations and the traces they are made of.

import Access
import HTTPServer
import Hummingbird
import SpanStore
import TraceQuery

struct SessionsHandlers: Sendable {
    let store: SpanStore
    let list: SessionList

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listSessions", .get, "/api/v1/sessions", .permission(.readTraces),
                query: ["filter", "from", "to", "sort", "limit", "cursor", "fields", "explain"], statuses: [200, 422], handler: listSessions
            ),
            builder.operation(
                "getSession", .get, "/api/v1/sessions/{session_id}", .permission(.readTraces), query: ["limit", "cursor"],
                statuses: [200, 404, 422],
                handler: getSession),
        ]
    }

    func listSessions(_ request: APIRequest) async throws -> Response {
        let list = try SessionListRequest(parameters: request.query.items, defaultSort: .lastTime)
        let page = try await self.list.list(list, in: store.snapshot(of: try request.project))
        return .json(bytes: page.encode(fields: list.fields))
    }

    func getSession(_ request: APIRequest) async throws -> Response {
        let limit = try request.integer("limit", in: 1...QueryLimits.maximumListRowCount, default: QueryLimits.defaultListRowCount)
        let session = try await list.session(
            request.path("session_id"), in: store.snapshot(of: try request.project), limit: limit, cursor: request.query["cursor"])
        guard let session else { throw Problem.notFound("session") }
        return .json(bytes: session.encode(SessionListField.allCases))
    }
}
