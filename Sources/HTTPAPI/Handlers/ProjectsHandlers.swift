/// `/api/v1/projects`: the projects of the caller's organization, and of any other the caller belongs to.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel
import TraceQuery

struct ProjectsHandlers: Sendable {
    let metastore: Metastore
    let authenticator: Authenticator
    let workers: WorkerAuthenticator
    let deletions: DeletionService

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/projects", one = root + "/{project_id}"
        // `Organization` in an operation's id: the path names the organization; without, it is the caller's own or oldest one.
        let lists = [("", root), ("Organization", "/api/v1/organizations/{organization_id}/projects")].flatMap { infix, path in
            [
                builder.operation(
                    "create\(infix)Project", .post, path, .permission(.createProjects), body: .json, statuses: [201, 409],
                    handler: createProject),
                builder.operation(
                    "list\(infix)Projects", .get, path, .permission(.listProjects), query: ["limit", "cursor"], statuses: [200],
                    handler: listProjects),
            ]
        }
        return lists + [
            builder.operation("getProject", .get, one, .permission(.readProject), statuses: [200], handler: getProject),
            builder.operation(
                "updateProject", .patch, one, .permission(.manageProject), body: .json, statuses: [200, 409], handler: updateProject),
            builder.operation(
                "archiveProject", .delete, one, .permission(.manageProject), query: ["delete_telemetry_of"], statuses: [200],
                handler: archiveProject),
        ]
    }

    func createProject(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "retention_days"])
        let project = try await metastore.projects.create(
            name: try request.requiredText("name", maximumByteCount: 400),
            retentionDays: try request.integer("retention_days", in: 1...Int64(MetastoreLimits.maximumRetentionDayCount)).map { Int($0) },
            in: try request.principal.organizationID, audit: try request.audit)
        return .json(.created, headers: [.location: "/api/v1/projects/\(project.id.uuid)"]) { $0.project(project) }
    }

    func listProjects(_ request: APIRequest) async throws -> Response {
        let page = try await metastore.projects.list(in: try request.principal.organizationID, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.project($1) }
    }

    func getProject(_ request: APIRequest) async throws -> Response {
        guard let project = try await metastore.projects.find(try request.project, in: try request.principal.organizationID) else {
            throw AccessError.unknownProject
        }
        return .json { $0.project(project) }
    }

    func updateProject(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name"])
        let change = ProjectChange(name: try request.requiredText("name", maximumByteCount: 400))
        let project = try await metastore.projects.update(
            try request.project, in: try request.principal.organizationID, change, audit: try request.audit)
        guard let project else { throw AccessError.unknownProject }
        authenticator.forget(choosersOf: project.id)
        return .json { $0.project(project) }
    }

    /// Ends the project's use: its keys open nothing any more. Its spans stay until their retention ends, or go now, where the project's
    /// name confirms it: both in one transaction, as nobody could order the deletion afterwards.
    func archiveProject(_ request: APIRequest) async throws -> Response {
        let id = try request.project, organization = try request.principal.organizationID
        var deletion: NewDeletion?
        if let name = request.query["delete_telemetry_of"] {
            try request.principal.require(.deleteTelemetry)
            guard try await metastore.projects.find(id, in: organization)?.name == name else {
                throw Problem.invalid("delete_telemetry_of", "must be the project's own name, to confirm that all of it is to go")
            }
            deletion = NewDeletion(.project, "", node: deletions.node)
        }
        let archived = try await metastore.projects.archive(id, in: organization, deleting: deletion, audit: try request.audit)
        guard let archived else { throw AccessError.unknownProject }
        if deletion != nil { deletions.wake() }
        authenticator.forget(projectKeys: id)
        workers.forgetProjects()
        return .json { $0.project(archived) }
    }
}

extension APIRequest {
    /// The `limit` and `cursor` of a list.
    func page() throws -> PageRequest {
        try PageRequest(limit: try limit(), cursor: query["cursor"])
    }

    /// How many a list shows.
    func limit() throws(Problem) -> Int {
        try integer("limit", in: 1...MetastoreLimits.maximumPageItemCount, default: MetastoreLimits.defaultPageItemCount)
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
