/// `/api/v1/mappings/reapply` and `/api/v1/prices/reapply`: a newer mapping and newer prices for what a project has stored. The handlers
/// write a row; the store's server does the rest.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceQuery

struct ReapplicationsHandlers: Sendable {
    let reapplications: ReapplicationRepository
    let tasks: TaskRepository
    /// Whose store it is about.
    let node: UInt64

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "reapplyMapping", .post, "/api/v1/mappings/reapply", .permission(.manageSettings), body: .json, statuses: [202, 409]
            ) { try await start(.mapping, $0) },
            builder.operation(
                "reapplyPrices", .post, "/api/v1/prices/reapply", .permission(.manageSettings), body: .json, statuses: [202, 409]
            ) { try await start(.prices, $0) },
        ]
    }

    private func start(_ subject: Reapplication.Subject, _ request: APIRequest) async throws -> Response {
        try request.requireOnly(["dry_run", "received_from", "received_to"])
        let project = try request.project
        let first = try Self.day("received_from", request), last = try Self.day("received_to", request)
        if let first, let last, first > last { throw Problem.unprocessable("received_to", "lies before received_from") }
        let new = NewReapplication(subject, isDryRun: try request.bool("dry_run") ?? false, firstDay: first, lastDay: last, node: node)
        let id = try await reapplications.create(new, in: project, audit: try request.audit)
        guard let task = try await tasks.find(id, in: project) else { throw Problem.notFound("task") }
        return .json(.accepted) { $0.task(task) }
    }

    /// A UTC day, in days since 1970.
    private static func day(_ name: String, _ request: APIRequest) throws(Problem) -> Int32? {
        guard let text = try request.text(name, maximumByteCount: 10) else { return nil }
        guard text.utf8.count == 10, let time = TimeText.unixNano(text), time >= 0, time % dayNanoseconds == 0 else {
            throw .unprocessable(name, "must be a day like 2026-01-31")
        }
        return Int32(time / dayNanoseconds)
    }

    private static let dayNanoseconds: Int64 = 86_400_000_000_000
}
