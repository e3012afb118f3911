/// `POST /api/v1/query`: spans selected or grouped by the filter AST.

import Access
import HTTPServer
import Hummingbird
import SpanStore
import TraceQuery

struct QueryHandlers: Sendable {
    let store: SpanStore
    let executor: QueryExecutor

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "query", .post, "/api/v1/query", .permission(.runQueries), body: .jsonOfAnyText, statuses: [200], handler: query)
        ]
    }

    func query(_ request: APIRequest) async throws -> Response {
        let query = try QueryRequest.parse(request.body)
        let result = try await executor.execute(query, in: store.snapshot(of: try request.project))
        return .json(bytes: QueryResultEncoder.encode(result))
    }
}
