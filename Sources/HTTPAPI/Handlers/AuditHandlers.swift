/// `/api/v1/audit`: who did what, listed and exported.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import NIOCore
import TraceModel
import TraceQuery

struct AuditHandlers: Sendable {
    let auditLog: AuditLog

    private static let filters = ["action", "user_id", "api_key_id", "resource_kind", "resource_id", "since", "until"]

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listAuditEntries", .get, "/api/v1/audit", .permission(.readAudit), query: Self.filters + ["limit", "cursor"],
                statuses: [200], handler: listAuditEntries),
            builder.operation(
                "exportAuditEntries", .get, "/api/v1/audit/export", .permission(.readAudit), query: Self.filters, statuses: [200],
                handler: exportAuditEntries),
        ]
    }

    func listAuditEntries(_ request: APIRequest) async throws -> Response {
        let page = try await auditLog.list(try Self.filter(request), by: try request.principal, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { writer, entry in
            writer.beginObject()
            entry.writeMembers(to: &writer)
            writer.endObject()
        }
    }

    /// JSON lines, page by page as they are read: a log of any length takes the memory of one page.
    func exportAuditEntries(_ request: APIRequest) async throws -> Response {
        let filter = try Self.filter(request), principal = try request.principal, auditLog = auditLog
        // What may be refused is refused before the answer's head is sent.
        _ = try await auditLog.list(filter, by: principal, page: try PageRequest(limit: 1))
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl"],
            body: ResponseBody { writer in
                try await auditLog.export(filter, by: principal) { try await writer.write(ByteBuffer(bytes: $0)) }
                try await writer.finish(nil)
            })
    }

    private static func filter(_ request: APIRequest) throws(Problem) -> AuditFilter {
        func id<ID: EntityID>(_ name: String, _: ID.Type) throws(Problem) -> ID? {
            guard let text = request.query[name] else { return nil }
            guard let id = ID(uuid: text) else { throw .invalid(name, "must be an id") }
            return id
        }
        func time(_ name: String) throws(Problem) -> Int64? {
            guard let text = request.query[name] else { return nil }
            guard let time = TimeText.unixNano(text) else { throw .invalid(name, "must be a time like 2026-01-01T00:00:00Z") }
            return time
        }
        func text(_ name: String) throws(Problem) -> String? {
            guard let text = request.query[name] else { return nil }
            guard text.utf8.count <= 200, !text.utf8.contains(0) else { throw .invalid(name, "must be a text of at most 200 bytes") }
            return text
        }
        var filter = AuditFilter()
        filter.userID = try id("user_id", UserID.self)
        filter.apiKeyID = try id("api_key_id", APIKeyID.self)
        guard filter.userID == nil || filter.apiKeyID == nil else { throw .invalid("api_key_id", "excludes user_id") }
        filter.action = try text("action")
        filter.resourceKind = try text("resource_kind")
        filter.resourceID = try text("resource_id")
        filter.sinceUnixNano = try time("since")
        filter.untilUnixNano = try time("until")
        return filter
    }
}
