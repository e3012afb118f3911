/// `/api/v1/receipts`: what became of an acknowledged export, by the id its answer carried in `x-spandrel-receipt`.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import Ingest
import OTLP
import SpanStore
import TraceModel

struct ReceiptsHandlers: Sendable {
    let ingestor: Ingestor

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "getReceipt", .get, "/api/v1/receipts/{receipt_id}", .permission(.readQuarantine), statuses: [200, 410],
                handler: getReceipt)
        ]
    }

    func getReceipt(_ request: APIRequest) async throws -> Response {
        let id = request.path("receipt_id"), project = try request.project
        switch try await ingestor.receipt(id, of: project, nowUnixNano: WallClock.nowUnixNano()) {
        case .unknown:
            throw Problem(.notFound, "the project has no receipt of this id: it is what an export's answer says in x-spandrel-receipt")
        case .gone:
            let bounds = ingestor.receiptBounds
            throw Problem(
                .gone,
                "the receipt is not kept any more: receipts are kept for \(bounds.days) days, no longer than the project's spans, and the "
                    + "youngest \(bounds.count) of a project")
        case .found(let receipt):
            return .json { $0.receipt(receipt) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func receipt(_ receipt: Receipt) {
        let stored = receipt.stored
        let rejectedCount = stored?.reply.rejectedSpanCount ?? 0, rejections = stored?.rejections ?? []
        beginObject()
        member("id", receipt.id)
        member("status", receipt.status)
        member("received_at", unixNano: Int64(clamping: receipt.receivedUnixNano))
        // A request of refused spans alone shows nothing.
        let isVisible = stored.map { $0.storedSpanCount > 0 } ?? false
        member("visible_since", unixNano: isVisible ? stored.map { Int64(clamping: $0.visibleUnixNano) } : nil)
        member("stored_spans", stored?.storedSpanCount ?? 0)
        member("rejected_spans", rejectedCount)
        member("message", stored?.reply.errorMessage ?? "")
        key("rejections")
        beginArray()
        for rejection in rejections { self.rejection(rejection) }
        endArray()
        member("unlisted_rejections", max(0, rejectedCount - rejections.count))
        member("duplicate_of", receipt.duplicateOf)
        endObject()
    }

    private mutating func rejection(_ rejection: ReceiptRejection) {
        beginObject()
        member("index", Int(rejection.ordinal))
        member("reason", rejection.reason.isEmpty ? nil : rejection.reason)
        member("explanation", SpanRejection.Reason(rawValue: rejection.reason)?.explanation)
        member("trace_id", rejection.traceID?.hex)
        member("span_id", rejection.spanID?.hex)
        endObject()
    }
}

extension Receipt {
    fileprivate var status: String {
        if duplicateOf != nil { return "duplicate" }
        guard let stored else { return "empty" }
        if stored.storedSpanCount == 0 { return "rejected" }
        return stored.reply.rejectedSpanCount > 0 ? "partially_stored" : "stored"
    }
}
