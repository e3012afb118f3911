/// Makes a route of an operation: checks who asks and what that allows, the limits, the query's names and the body, in this order,
/// before the handler runs.
///
///     network 403 -> (unknown path 404: the router) -> credentials 401 -> origin 403 -> project or organization of the path 404
///     -> permission 403 -> concurrency 503 -> rate 429 -> query 400 -> body 400, 408, 413, 415 -> handler

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Metastore
import TraceModel

struct OperationBuilder: Sendable {
    let accessControl: AccessControl
    let crossOrigin: any CrossOriginPolicy
    let tickets: Tickets

    private let bodies = AdmissionControl(limits: IngestLimits(maximumByteCountInFlight: APILimits.maximumByteCountInFlight))
    private let publicBodies = AdmissionControl(limits: IngestLimits(maximumByteCountInFlight: APILimits.maximumPublicByteCountInFlight))

    init(accessControl: AccessControl, crossOrigin: any CrossOriginPolicy, tickets: Tickets) {
        self.accessControl = accessControl
        self.crossOrigin = crossOrigin
        self.tickets = tickets
    }

    enum Body: Sendable {
        case none
        /// Its texts go to PostgreSQL.
        case json
        /// It may hold any text: no part of it becomes text of PostgreSQL's, which has every character but U+0000.
        case jsonOfAnyText
        /// A file of test cases or of a knowledge base: its bytes as they are.
        case file
    }

    /// - Parameters:
    ///   - access: who may; the scope of a key and the role of a user follow from it. A path that names a project or an organization
    ///     (`{project_id}`, `{organization_id}`) means the caller's rights there.
    ///   - query: names of the query parameters; others are refused. `filter` allows `filter[...]`, too.
    ///   - isExport: whether what comes counts towards what all exports into the project may send.
    ///   - takesTickets: whether a WebSocket may be asked for with a ticket in place of credentials.
    ///   - statuses: what the handler itself answers; those of the checks are added.
    func operation(
        _ operationID: String, _ method: HTTPRequest.Method, _ path: String, _ access: OperationAccess, query: [String] = [],
        body: Body = .none, maximumBodyByteCount: Int = APILimits.maximumBodyByteCount, isExport: Bool = false,
        takesTickets: Bool = false, statuses: [Int],
        handler: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Route {
        var all = Set(statuses).union([400, 403, 429, 500, 503])
        if access != .public { all.insert(401) }
        if access != .public, access != .signedIn { all.insert(404) }
        if body != .none { all.formUnion([408, 413, 415, 422]) }
        // Scans of the store: the work of a reader who has gone is nobody's.
        let endsWithClient = access == .permission(.runQueries) || method == .get && access == .permission(.readTraces)
        return Route(
            operationID, method, path, access: access.name, queryParameters: query, statuses: all.sorted(), endsWithClient: endsWithClient
        ) { request, context in
            let admitted = try await admit(request, context, to: access, takesTickets: takesTickets)
            let exporter = isExport ? admitted?.principal : nil
            let allowance: RequestAllowance
            if let exporter, let project = exporter.projectID {
                allowance = try accessControl.beginIngest(.principal(exporter), into: project) { context.account.setHeaders($0.headers) }
            } else {
                allowance = try accessControl.begin(admitted?.principal) { context.account.setHeaders($0.headers) }
            }
            defer { allowance.end() }
            let items = try QueryString(request.uri.query)
            try Self.requireKnown(items, among: query)
            // The body's share of memory, given back with the answer.
            let share = (access == .public ? publicBodies : bodies).begin()
            defer { withExtendedLifetime(share) {} }
            var value = JSONValue.null, file: [UInt8] = []
            let limit = access == .public ? APILimits.maximumPublicBodyByteCount : maximumBodyByteCount
            switch body {
            case .none: break
            case .json, .jsonOfAnyText: value = try await Self.readJSON(request, context, allowance, share, maximumByteCount: limit)
            case .file: file = try await Self.readFile(request, context, allowance, share, maximumByteCount: limit)
            }
            if body == .json, let place = value.placeOfNUL {
                throw Problem.unprocessable(place, "must not hold the character U+0000")
            }
            return try await handler(
                APIRequest(
                    operationID: operationID, caller: admitted?.principal, credential: admitted?.credential, query: items,
                    headers: request.headers, context: context, body: value, file: file, reserve: { try share.reserve(byteCount: $0) }))
        }
    }

    /// Who is let in, and with what.
    private struct Admitted {
        var principal: Principal
        let credential: Credential
    }

    /// The caller, narrowed to what the path names; nil for public operations.
    private func admit(
        _ request: Request, _ context: ServerRequestContext, to access: OperationAccess, takesTickets: Bool
    ) async throws -> Admitted? {
        guard access != .public else { return nil }
        var admission: Admitted
        if takesTickets, let ticket = TicketOffer.find(in: request.headers) {
            admission = try await self.admitted(with: ticket, context)
        } else {
            // What is the user's own has no project.
            let project = access == .signedIn ? nil : request.headers[.spandrelProject]
            let credential = try context.credential(of: request)
            let principal = try await accessControl.authenticate(
                credential, project: project, address: context.remoteAddress, needsMembership: access != .signedIn)
            // Nobody is let in without one.
            admission = Admitted(principal: principal, credential: credential ?? Credential(""))
        }
        context.account.projectID = admission.principal.projectID?.uuid
        if let project = admission.principal.projectID { try await context.checkOrigin(of: request, project: project.uuid, crossOrigin) }
        if let text = context.parameters.get("project_id") {
            admission.principal = try await accessControl.narrow(admission.principal, toProject: text)
        } else if let text = context.parameters.get("organization_id") {
            admission.principal = try await accessControl.narrow(admission.principal, toOrganization: text)
        }
        try admission.principal.require(access)
        return admission
    }

    /// Whoever made the ticket, if that is still somebody. The ticket is used up whatever comes of it.
    private func admitted(with text: String, _ context: ServerRequestContext) async throws -> Admitted {
        let ticket = try tickets.redeem(text)
        let named = context.parameters.get("task_id") ?? context.parameters.get("run_id")
        if let task = ticket.task, named.flatMap({ TaskID(uuid: $0) }) != task { throw AccessError.unauthenticated(.invalidTicket) }
        let principal = try await accessControl.confirm(ticket.principal, shown: ticket.credential, address: context.remoteAddress)
        return Admitted(principal: principal, credential: ticket.credential)
    }

    private static func requireKnown(_ items: QueryString, among names: [String]) throws(Problem) {
        let unknown = items.items.map(\.name).filter { name in
            !names.contains(name) && !(names.contains("filter") && name.hasPrefix("filter["))
        }
        guard unknown.isEmpty else {
            let known = names.isEmpty ? "there are none here" : "is not one of \(names.sorted().joined(separator: ", "))"
            throw Problem(
                .badRequest, "the query has parameters this operation does not know", kind: "unknown-parameter",
                errors: .named(unknown) { _ in known })
        }
    }

    private static func readJSON(
        _ request: Request, _ context: ServerRequestContext, _ allowance: RequestAllowance, _ share: Admission, maximumByteCount: Int
    ) async throws -> JSONValue {
        let type = mediaType(request) ?? "application/json"
        guard type == "application/json" || type.hasSuffix("+json") else {
            throw Problem(.unsupportedMediaType, "the body must be application/json, not \(type.prefix(100))")
        }
        let bytes = try await readBytes(request, context, allowance, share, maximumByteCount: maximumByteCount)
        try share.reserve(byteCount: bytes.count * APILimits.valueBytesPerBodyByte)
        do {
            return try JSONValue.parse(bytes)
        } catch {
            throw Problem(.badRequest, "the body is not JSON: \(error)", kind: "invalid-json")
        }
    }
    /// What such files are called. Forms of browsers are none of it.
    private static let fileTypes: Set<String> = [
        "application/zip", "application/x-zip-compressed", "application/sql", "application/openapi+json", "application/openapi+yaml",
        "application/vnd.oai.openapi", "application/vnd.oai.openapi+json",
        "application/jsonl", "application/x-ndjson", "application/x-jsonlines", "application/yaml", "application/x-yaml", "text/yaml",
        "text/csv", "text/plain", "application/json", "application/octet-stream",
    ]

    private static func readFile(
        _ request: Request, _ context: ServerRequestContext, _ allowance: RequestAllowance, _ share: Admission, maximumByteCount: Int
    ) async throws -> [UInt8] {
        let type = mediaType(request) ?? "application/octet-stream"
        guard fileTypes.contains(type) else {
            throw Problem(
                .unsupportedMediaType, "the body must be one of \(fileTypes.sorted().joined(separator: ", ")), not \(type.prefix(100))")
        }
        let bytes = try await readBytes(request, context, allowance, share, maximumByteCount: maximumByteCount)
        try share.reserve(byteCount: bytes.count * APILimits.fileBytesPerBodyByte)
        return bytes
    }

    private static func mediaType(_ request: Request) -> String? {
        request.headers[.contentType].map { $0.prefix { $0 != ";" }.lowercased().filter { $0 != " " } }
    }

    private static func readBytes(
        _ request: Request, _ context: ServerRequestContext, _ allowance: RequestAllowance, _ share: Admission, maximumByteCount: Int
    ) async throws -> [UInt8] {
        guard (request.headers[.contentEncoding] ?? "identity") == "identity" else {
            throw Problem(.unsupportedMediaType, "bodies of the JSON API are not compressed")
        }
        // Memory counts as it fills: who announces much and sends nothing takes nobody's room.
        return try await context.readBody(of: request, maximumByteCount: min(maximumByteCount, allowance.maximumBodyByteCount)) {
            try allowance.announce($0)
        } arrived: { byteCount, total in
            try allowance.arrived(byteCount)
            try share.reserve(byteCount: total)
        }
    }
}
