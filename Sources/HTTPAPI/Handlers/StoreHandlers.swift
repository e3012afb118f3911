/// `/api/v1/store`: sealing on demand, and the Parquet files a project's sealed spans lie in, for tools that read them there.

import Access
import Backup
import ByteCoding
import Glibc
import HTTPServer
import Hummingbird
import Metastore
import SpanStore

struct StoreHandlers: Sendable {
    let store: SpanStore
    let metastore: Metastore

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation("sealStore", .post, "/api/v1/store/seal", .permission(.sealStore), statuses: [200], handler: sealStore),
            builder.operation(
                "listStoreFiles", .get, "/api/v1/store/files", .permission(.readTraces), statuses: [200], handler: listStoreFiles),
        ]
    }

    /// Seals what is in memory, of every project, and answers when the segments are published; with the project's own counts, as
    /// others' are none of its business.
    func sealStore(_ request: APIRequest) async throws -> Response {
        let project = try request.project
        let before = store.files(of: project).map(\.descriptor.sequence).max() ?? 0
        try await metastore.auditEntries.append(
            try request.audit, resourceKind: "store", resourceID: "store", organization: try request.principal.organizationID,
            project: project)
        _ = try await store.seal()
        let sealed = store.files(of: project).map(\.descriptor).filter { $0.sequence > before }
        return .json { writer in
            writer.beginObject()
            writer.member("segment_count", sealed.count)
            writer.member("span_count", sealed.reduce(0) { $0 + $1.spanRowCount })
            writer.member("store_id", StoreIdentity.text(nodeID: store.nodeID, processID: getpid()))
            writer.endObject()
        }
    }

    func listStoreFiles(_ request: APIRequest) async throws -> Response {
        .list(store.files(of: try request.project)) { writer, file in
            writer.beginObject()
            writer.member("sequence", file.descriptor.sequence)
            writer.member("received_date", CalendarDay.text(daysSince1970: Int(file.descriptor.receiveDay)))
            writer.member("spans_path", file.spans)
            writer.member("payloads_path", file.payloads)
            writer.member("span_count", file.descriptor.spanRowCount)
            writer.member("row_group_count", file.descriptor.rowGroupCount)
            writer.member("spans_bytes", file.descriptor.spanFileByteCount)
            writer.member("payloads_bytes", file.descriptor.payloadFileByteCount)
            writer.member("minimum_start_time", unixNano: Int64(clamping: file.descriptor.minimumStartTimeUnixNano))
            writer.member("maximum_start_time", unixNano: Int64(clamping: file.descriptor.maximumStartTimeUnixNano))
            writer.endObject()
        }
    }
}
