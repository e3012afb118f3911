/// `/api/v1/projects`: the projects of the caller's organization. A key of one project with the scope `admin` manages them all;
/// a project of another organization is as unknown as one that never was.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct ProjectsHandlers: Sendable {
    let metastore: Metastore

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "createProject", .post, "/api/v1/projects", scope: .admin, body: .json, statuses: [201, 409], handler: createProject),
            builder.operation(
                "listProjects", .get, "/api/v1/projects", scope: .admin, query: ["limit", "cursor"], statuses: [200], handler: listProjects),
            builder.operation(
                "getProject", .get, "/api/v1/projects/{project_id}", scope: .admin, statuses: [200, 404], handler: getProject),
        ]
    }

    func createProject(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "retention_days"])
        let project = try await metastore.projects.create(
            name: try request.requiredText("name", maximumByteCount: 400),
            retentionDays: try request.integer("retention_days", in: 1...Int64(MetastoreLimits.maximumRetentionDayCount)).map(Int.init),
            in: request.principal.organizationID)
        return .json(.created, headers: [.location: "/api/v1/projects/\(project.id.uuid)"]) { $0.project(project) }
    }

    func listProjects(_ request: APIRequest) async throws -> Response {
        let page = try await metastore.projects.list(in: request.principal.organizationID, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.project($1) }
    }

    func getProject(_ request: APIRequest) async throws -> Response {
        guard let id = ProjectID(uuid: request.path("project_id")),
            let project = try await metastore.projects.find(id, in: request.principal.organizationID)
        else { throw Problem(.notFound, "there is no such project in this organization") }
        return .json { $0.project(project) }
    }
}

extension APIRequest {
    /// The `limit` and `cursor` of a list.
    func page() throws -> PageRequest {
        let limit = try integer("limit", in: 1...MetastoreLimits.maximumPageItemCount, default: MetastoreLimits.defaultPageItemCount)
        return try PageRequest(limit: limit, cursor: query["cursor"])
    }
}

extension JSONWriter {
    fileprivate mutating func project(_ project: Project) {
        beginObject()
        member("id", project.id.uuid)
        member("organization_id", project.organizationID.uuid)
        member("name", project.name)
        member("retention_days", project.retentionDays)
        member("created_at", unixNano: project.createdTimeUnixNano)
        member("archived_at", unixNano: project.archivedTimeUnixNano)
        endObject()
    }
}
