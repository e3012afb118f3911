/// Makes a route of an operation: checks the key, its scope, the query's names and the body, in this order, before the handler runs.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import TraceModel

struct OperationBuilder: Sendable {
    let authenticator: Authenticator

    /// The body limit of the JSON API: 200 filter nodes or a project's settings need kilobytes.
    static let maximumBodyByteCount = 1 << 20

    enum Body: Sendable {
        case none, json
    }

    /// - Parameters:
    ///   - query: names of the query parameters; others are refused. `filter` allows `filter[...]`, too.
    ///   - statuses: what the handler itself answers; those of the checks are added.
    func operation(
        _ operationID: String, _ method: HTTPRequest.Method, _ path: String, scope: Scope, query: [String] = [], body: Body = .none,
        statuses: [Int], handler: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Route {
        var all = Set(statuses).union([400, 401, 403, 500, 503])
        if body == .json { all.formUnion([408, 413, 415, 422]) }
        return Route(operationID, method, path, queryParameters: query, statuses: all.sorted()) { request, context in
            let principal = try await authenticate(request, context, scope)
            let items = try QueryString(request.uri.query)
            try Self.requireKnown(items, among: query)
            let value: JSONValue = body == .json ? try await Self.readJSON(request, context) : .null
            guard let project = principal.projectID else { throw AccessError.projectMissing }
            return try await handler(APIRequest(principal: principal, project: project, query: items, context: context, body: value))
        }
    }

    private func authenticate(_ request: Request, _ context: ServerRequestContext, _ scope: Scope) async throws -> Principal {
        let principal = try await authenticator.authenticate(Credential.find(in: request.headers.value(ofName:)))
        context.account.projectID = principal.projectID?.uuid
        try principal.require(scope)
        return principal
    }

    private static func requireKnown(_ items: QueryString, among names: [String]) throws(Problem) {
        let unknown = items.items.map(\.name).filter { name in
            !names.contains(name) && !(names.contains("filter") && name.hasPrefix("filter["))
        }
        guard unknown.isEmpty else {
            let known = names.isEmpty ? "there are none here" : "is not one of \(names.sorted().joined(separator: ", "))"
            throw Problem(
                .badRequest, "the query has parameters this operation does not know", kind: "unknown-parameter",
                errors: unknown.map { .init(field: $0, message: known) })
        }
    }

    private static func readJSON(_ request: Request, _ context: ServerRequestContext) async throws -> JSONValue {
        let type = (request.headers[.contentType] ?? "application/json").prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard type == "application/json" || type.hasSuffix("+json") else {
            throw Problem(.unsupportedMediaType, "the body must be application/json, not \(type.prefix(100))")
        }
        guard (request.headers[.contentEncoding] ?? "identity") == "identity" else {
            throw Problem(.unsupportedMediaType, "bodies of the JSON API are not compressed")
        }
        let bytes = try await context.readBody(of: request, maximumByteCount: maximumBodyByteCount)
        do {
            return try JSONValue.parse(bytes)
        } catch {
            throw Problem(.badRequest, "the body is not JSON: \(error)", kind: "invalid-json")
        }
    }
}
