/// `/api/v1/tasks/{task_id}`: state and progress of any long operation, in one shape.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import Metastore

struct TasksHandlers: Sendable {
    let metastore: Metastore

    func routes(_ builder: OperationBuilder) -> [Route] {
        [builder.operation("getTask", .get, "/api/v1/tasks/{task_id}", .permission(.readTasks), statuses: [200, 404], handler: getTask)]
    }

    func getTask(_ request: APIRequest) async throws -> Response {
        guard let id = TaskID(uuid: request.path("task_id")), let task = try await metastore.tasks.find(id, in: try request.project) else {
            throw Problem.notFound("task")
        }
        return .json { writer in
            writer.beginObject()
            writer.member("id", task.id.uuid)
            writer.member("kind", task.kind)
            writer.member("state", task.state.rawValue)
            writer.key("progress")
            writer.beginObject()
            writer.member("done", task.progressDone)
            writer.member("total", task.progressTotal)
            writer.endObject()
            writer.key("result")
            if let result = task.result { writer.raw(result) } else { writer.null() }
            writer.key("error")
            if let error = task.error { writer.raw(error) } else { writer.null() }
            writer.member("created_at", unixNano: task.createdTimeUnixNano)
            writer.member("started_at", unixNano: task.startTimeUnixNano)
            writer.member("updated_at", unixNano: task.updateTimeUnixNano)
            writer.member("finished_at", unixNano: task.finishTimeUnixNano)
            writer.endObject()
        }
    }
}
