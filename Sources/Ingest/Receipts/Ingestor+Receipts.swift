/// What became of an acknowledged request, by the id its answer carried.

import ByteCoding
import OTLP
import SpanStore
import TraceModel

/// An answer to the question after a receipt.
package enum ReceiptAnswer: Sendable {
    /// No id of this project.
    case unknown
    /// Once known; receipts are kept for a bounded time and number.
    case gone
    case found(Receipt)
}

package struct Receipt: Sendable {
    package var id: String
    package var receivedUnixNano: UInt64
    /// Nil of a request without spans.
    package var stored: ExportReceipt?
    /// The id of the first request's receipt, when this is a repetition's.
    package var duplicateOf: String?
}

extension Ingestor {
    /// - Parameter text: an id as `IngestReply.receipt` has it.
    package func receipt(_ text: String, of project: ProjectID, nowUnixNano now: UInt64) async throws(StoreError) -> ReceiptAnswer {
        guard let id = receiptSeal.id(text, of: project) else { return .unknown }
        guard now <= id.receivedUnixNano &+ store.receipts.maximumAgeNanoseconds else { return .gone }
        var receipt = Receipt(id: text, receivedUnixNano: id.receivedUnixNano)
        guard id.kind != .empty else { return .found(receipt) }
        guard let stored = try await store.receipt(id.lsn, of: project) else { return .gone }
        // Of another request, should a log have begun anew.
        if id.kind == .first, stored.receivedUnixNano != id.receivedUnixNano { return .gone }
        receipt.stored = stored
        if id.kind == .repetition {
            let first = ReceiptID(.first, lsn: stored.lsn, receivedUnixNano: stored.receivedUnixNano)
            receipt.duplicateOf = receiptSeal.text(first, of: project)
        }
        return .found(receipt)
    }

    /// How long and how many receipts are kept, for whoever asks too late.
    package var receiptBounds: (days: Int, count: Int) { (store.receipts.maximumAgeDays, store.receipts.maximumCount) }

    func receiptID(of outcome: AppendOutcome, in project: ProjectID) -> String {
        receiptSeal.text(
            ReceiptID(outcome.isDuplicate ? .repetition : .first, lsn: outcome.lsn, receivedUnixNano: outcome.receivedUnixNano),
            of: project)
    }

    func receiptIDOfEmptyRequest(in project: ProjectID) -> String {
        receiptSeal.text(ReceiptID(.empty, lsn: 0, receivedUnixNano: WallClock.nowUnixNano()), of: project)
    }
}

extension RefusedSpans {
    /// What a receipt tells of the first refused spans of a request.
    static func receiptRejections(of batch: borrowing SpanBatch, _ contentType: OTLPContentType) -> [ReceiptRejection] {
        guard !batch.rejections.isEmpty else { return [] }
        return batch.rejections.prefix(ReceiptLimits.maximumListedRejectionCount).map { rejection in
            let identity = batch.bytes.withUnsafeBytes { bytes in
                let span = UnsafeRawBufferPointer(rebasing: bytes[rejection.source.indices])
                return contentType == .protobuf ? SpanIdentityFinder.inProtobuf(span) : SpanIdentityFinder.inJSON(span)
            }
            return ReceiptRejection(
                ordinal: UInt32(clamping: rejection.ordinal), reason: rejection.reason.rawValue, traceID: identity.traceID,
                spanID: identity.spanID)
        }
    }
}
