/// `/api/v1/deletions`: a trace, a session, a user's data or all of a project's telemetry, deleted with a receipt.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct DeletionsHandlers: Sendable {
    let metastore: Metastore
    let service: DeletionService

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/deletions"
        return [
            builder.operation(
                "createDeletion", .post, root, .permission(.deleteTelemetry), body: .json, statuses: [201, 202, 409],
                handler: createDeletion),
            builder.operation(
                "listDeletions", .get, root, .permission(.deleteTelemetry), query: ["limit", "cursor"], statuses: [200],
                handler: listDeletions),
            builder.operation(
                "getDeletion", .get, root + "/{deletion_id}", .permission(.deleteTelemetry), statuses: [200], handler: getDeletion),
        ]
    }

    /// 201 once it is in no answer any more, 202 where that takes longer than a client should be kept waiting.
    func createDeletion(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["trace_id", "session_id", "user_id", "project_name"])
        let project = try request.project
        let new = try await chosen(request, project)
        let ordered = try await metastore.deletions.create(new, in: project, audit: try request.audit)
        await service.waitUntilMasked(ordered.id)
        let deletion = try await metastore.deletions.find(ordered.id, in: project) ?? ordered
        return .json(
            deletion.state == .running ? .accepted : .created, headers: [.location: "/api/v1/deletions/\(deletion.id.uuid)"]
        ) { $0.deletion(deletion) }
    }

    func listDeletions(_ request: APIRequest) async throws -> Response {
        let page = try await metastore.deletions.list(in: try request.project, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.deletion($1, traceCount: 0) }
    }

    func getDeletion(_ request: APIRequest) async throws -> Response {
        guard let id = TaskID(uuid: request.path("deletion_id")),
            let deletion = try await metastore.deletions.find(id, in: try request.project)
        else { throw Problem.notFound("deletion") }
        return .json { $0.deletion(deletion) }
    }

    /// Exactly one of the members; of a project its name, which nobody types by mistake.
    private func chosen(_ request: APIRequest, _ project: ProjectID) async throws -> NewDeletion {
        let limit = APILimits.maximumDeletionSubjectByteCount
        let trace = try request.text("trace_id", maximumByteCount: 64), session = try request.text("session_id", maximumByteCount: limit)
        let user = try request.text("user_id", maximumByteCount: limit), name = try request.text("project_name", maximumByteCount: 400)
        guard [trace, session, user, name].count(where: { $0 != nil }) == 1 else {
            throw Problem.unprocessable("trace_id", "exactly one of trace_id, session_id, user_id and project_name must be given")
        }
        if let trace {
            guard let id = TraceID(hex: trace), !id.isZero else {
                throw Problem.unprocessable("trace_id", "must be 32 hexadecimal digits, not all of them zero")
            }
            return NewDeletion(.trace, id.hex, node: service.node)
        }
        for (field, value) in [("session_id", session), ("user_id", user)] where value?.isEmpty ?? false {
            throw Problem.unprocessable(field, "must not be empty")
        }
        if let session { return NewDeletion(.session, session, node: service.node) }
        if let user { return NewDeletion(.user, user, node: service.node) }
        guard let found = try await metastore.projects.find(project, in: try request.principal.organizationID), found.name == name else {
            throw Problem.unprocessable("project_name", "must be the project's own name, to confirm that all of it is to go")
        }
        return NewDeletion(.project, "", node: service.node)
    }
}

extension JSONWriter {
    /// The receipt. `traceCount`: ids that are listed.
    mutating func deletion(_ deletion: DeletionRecord, traceCount: Int = APILimits.maximumListedTraceCount) {
        beginObject()
        member("id", deletion.id.uuid)
        member("project_id", deletion.projectID.uuid)
        member("kind", deletion.kind.rawValue)
        member("trace_id", deletion.kind == .trace ? deletion.subject : nil)
        member("session_id", deletion.kind == .session ? deletion.subject : nil)
        member("user_id", deletion.kind == .user ? deletion.subject : nil)
        member("state", deletion.state.rawValue)
        member("requested_by", deletion.requestedBy)
        member("created_at", unixNano: deletion.createdTimeUnixNano)
        member("masked_at", unixNano: deletion.maskedTimeUnixNano)
        member("deadline", unixNano: deletion.deadlineTimeUnixNano)
        member("done_at", unixNano: deletion.doneTimeUnixNano)
        member("scope", deletion.kind.scope)
        key("deleted")
        if let counts = deletion.counts {
            beginObject()
            counts.write(to: &self)
            member("traces", deletion.kind == .project ? nil : deletion.traceIDs.count)
            endObject()
        } else {
            null()
        }
        key("removed")
        if let removed = deletion.removed {
            beginObject()
            removed.write(to: &self)
            endObject()
        } else {
            null()
        }
        key("kept")
        if let kept = deletion.kept {
            beginObject()
            kept.write(to: &self)
            endObject()
        } else {
            null()
        }
        member("trace_ids", deletion.traceIDs.prefix(traceCount).map(\.hex))
        member("is_trace_list_cut", deletion.traceIDs.count > traceCount)
        member("masked_unix_nano", deletion.maskedUnixNano.map { String($0) })
        member("through_log_file", deletion.throughLogFile.map { Int64(clamping: $0) })
        member("problem", deletion.problem.isEmpty ? nil : deletion.problem)
        endObject()
    }
}

extension DeletionRecord.Kind {
    /// What goes, in words, so that a receipt can be read without the documentation.
    fileprivate var scope: String {
        switch self {
        case .trace: "every span of the trace, and of the traces in which models judged it"
        case .session:
            "every span of every trace in which a span carries the session, whichever sessions and users its other spans carry, and of the "
                + "traces in which models judged these"
        case .user:
            "every span of every trace in which a span carries the user, whichever other users its spans carry, and of the traces in which "
                + "models judged these"
        case .project: "every span of the project, its refused spans and the receipts of its exports"
        }
    }
}
