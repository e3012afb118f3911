/// `/api/v1/projects/{project_id}/demo-traces`: a made-up sample for whoever wants to look around before the first application sends spans.

import Access
import ByteCoding
import DemoTraces
import HTTPServer
import Hummingbird
import Ingest
import Metastore

struct DemoTracesHandlers: Sendable {
    let ingestor: Ingestor
    let auditEntries: AuditEntryRepository

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "sendDemoTraces", .post, "/api/v1/projects/{project_id}/demo-traces", .permission(.ingestSpans), statuses: [201],
                handler: sendDemoTraces)
        ]
    }

    /// Goes the way of every export: the project's redaction, prices and quota hold for it. Another one each time, of the hour that ends now.
    func sendDemoTraces(_ request: APIRequest) async throws -> Response {
        let project = try request.project
        try await auditEntries.append(
            try request.audit, resourceKind: "project", resourceID: project.uuid, organization: try request.principal.organizationID,
            project: project)
        let end = WallClock.nowUnixNano(), seed = UInt64.random(in: 1 ... .max)
        for body in DemoTraces.requests(endingAt: end, seed: seed) {
            _ = try await ingestor.ingest(
                body, encoding: .identity, contentType: .protobuf, project: project, admission: ingestor.admission.begin())
        }
        let spanCount = DemoTraces.traces(endingAt: end, seed: seed).reduce(0) { $0 + $1.count }
        return .json(.created) { writer in
            writer.beginObject()
            writer.member("trace_count", DemoTraces.traceCount)
            writer.member("span_count", spanCount)
            writer.endObject()
        }
    }
}
