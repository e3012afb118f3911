/// `/api/v1/tasks/{task_id}`: state and progress of any long operation, in one shape; the end of those that can be cancelled.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import Metastore

struct TasksHandlers: Sendable {
    let metastore: Metastore

    func routes(_ builder: OperationBuilder) -> [Route] {
        let one = "/api/v1/tasks/{task_id}"
        return [
            builder.operation("getTask", .get, one, .permission(.readTasks), statuses: [200, 404], handler: getTask),
            builder.operation("cancelTask", .post, one + "/cancel", .permission(.readTasks), statuses: [200, 409], handler: cancelTask),
        ]
    }

    func getTask(_ request: APIRequest) async throws -> Response {
        let task = try await task(request)
        return .json { $0.task(task) }
    }

    /// Whoever may do what the task does may end it.
    func cancelTask(_ request: APIRequest) async throws -> Response {
        let task = try await task(request), project = try request.project
        try request.principal.require(Self.permission(toCancel: task.kind))
        switch task.kind {
        case ScoreBackfillRepository.kind:
            switch try await metastore.scoreBackfills.cancel(task.id, in: project, audit: try request.audit) {
            case .cancelled: break
            case .ended: throw Problem(.conflict, "the task has ended", kind: "task-state")
            case .notFound: throw Problem.notFound("task")
            }
        case DraftRepository.kind: try Self.check(await metastore.drafts.cancel(task.id, in: project, audit: try request.audit))
        case ReapplicationRepository.kind:
            try Self.check(await metastore.reapplications.cancel(task.id, in: project, audit: try request.audit))
        case KnowledgePromotionRepository.kind:
            try Self.check(await metastore.knowledgePromotions.cancel(task.id, in: project, audit: try request.audit))
        case KnowledgeUploadRepository.kind:
            try Self.check(await metastore.knowledgeUploads.cancel(task.id, in: project, audit: try request.audit))
        case KnowledgeDraftRepository.kind:
            // To be discarded, as DELETE of the draft does it.
            let draft = KnowledgeDraftID(high: task.id.high, low: task.id.low)
            guard try await metastore.knowledgeDrafts.discard(draft, in: project, audit: try request.audit) != nil else {
                throw Problem.notFound("task")
            }
        default: throw Problem(.conflict, "a task of the kind \(task.kind) is not cancelled here", kind: "task-kind")
        }
        let cancelled = try await self.task(request)
        return .json { $0.task(cancelled) }
    }

    private static func permission(toCancel kind: String) -> Permission {
        switch kind {
        case KnowledgePromotionRepository.kind: .promoteKnowledge
        case KnowledgeUploadRepository.kind, KnowledgeDraftRepository.kind: .writeKnowledge
        case ReapplicationRepository.kind: .manageSettings
        default: .startRuns
        }
    }

    /// `wasOpen`: nil if there is no such task. Throws a 404, or a 409 for one that had ended.
    private static func check(_ wasOpen: Bool?) throws(Problem) {
        guard let wasOpen else { throw .notFound("task") }
        guard wasOpen else { throw Problem(.conflict, "the task has ended", kind: "task-state") }
    }

    private func task(_ request: APIRequest) async throws -> TaskRecord {
        guard let id = TaskID(uuid: request.path("task_id")), let task = try await metastore.tasks.find(id, in: try request.project) else {
            throw Problem.notFound("task")
        }
        return task
    }
}

extension JSONWriter {
    mutating func task(_ task: TaskRecord) {
        beginObject()
        member("id", task.id.uuid)
        member("kind", task.kind)
        member("state", task.state.rawValue)
        key("progress")
        beginObject()
        member("done", task.progressDone)
        member("total", task.progressTotal)
        endObject()
        key("result")
        if let result = task.result { raw(result) } else { null() }
        key("error")
        if let error = task.error { raw(error) } else { null() }
        member("created_at", unixNano: task.createdTimeUnixNano)
        member("started_at", unixNano: task.startTimeUnixNano)
        member("updated_at", unixNano: task.updateTimeUnixNano)
        member("finished_at", unixNano: task.finishTimeUnixNano)
        endObject()
    }
}
