/// `/api/v1/quarantine`: spans that were refused, youngest first, with the reason and the bytes they came as.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import SpanStore

struct QuarantineHandlers: Sendable {
    let store: SpanStore

    static let maximumItemCount = 200
    static let defaultItemCount = 50
    /// Shown of a span's bytes: enough to find it in its sender's code; the whole is on disk.
    static let maximumShownByteCount = 16 << 10

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listQuarantine", .get, "/api/v1/quarantine", .permission(.readQuarantine), query: ["limit", "cursor"], statuses: [200],
                handler: listQuarantine)
        ]
    }

    func listQuarantine(_ request: APIRequest) async throws -> Response {
        let limit = try request.integer("limit", in: 1...Self.maximumItemCount, default: Self.defaultItemCount)
        let skipping = try request.integer("cursor", in: 0...1_000_000, default: 0)
        // One more than is shown tells whether there is a next page.
        let spans = try store.quarantine.spans(of: try request.project, skipping: skipping, maximumCount: limit + 1)
        let counts = try store.quarantine.countsByReason(of: try request.project)
        return .json { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for span in spans.prefix(limit) { writer.rejectedSpan(span) }
            writer.endArray()
            writer.member("next_cursor", spans.count > limit ? String(skipping + limit) : nil)
            writer.key("counts_by_reason")
            writer.beginObject()
            for (reason, count) in counts.sorted(by: { $0.key < $1.key }) { writer.member(reason, count) }
            writer.endObject()
            writer.endObject()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func rejectedSpan(_ span: RejectedSpan) {
        let shown = span.source.prefix(QuarantineHandlers.maximumShownByteCount)
        beginObject()
        member("received_at", unixNano: Int64(clamping: span.receivedUnixNano))
        member("reason", span.reason)
        member("format", span.codec == .otlpJSON ? "json" : "protobuf")
        member("source_bytes", span.sourceByteCount)
        member("source_base64", Base64.text(Array(shown)))
        member("is_cut", span.isCut || shown.count < span.source.count)
        endObject()
    }
}
