/// What ingest took, refused and mended, counted since the start: the figures behind `/metrics`.

import OTLP
import Synchronization
import TraceModel

package final class IngestMetrics: Sendable {
    package struct Counts: Sendable {
        /// Requests by what became of them.
        package var requestsByOutcome: [String: Int] = [:]
        /// Accepted requests by content encoding and content type.
        package var requestsByEncoding: [ContentEncoding: Int] = [:]
        package var requestsByContentType: [OTLPContentType: Int] = [:]
        /// As sent.
        package var bodyByteCount = 0
        /// After decompression.
        package var decompressedByteCount = 0
        /// In bodies that could be decoded, stored and rejected together, repeats not counted.
        package var receivedSpanCount = 0
        package var storedSpanCount = 0
        package var rejectedSpansByReason: [SpanRejection.Reason: Int] = [:]
        /// Strings whose invalid UTF-8 was replaced.
        package var replacedStringCount = 0
        /// What redaction rules of all projects did, by kind of rule.
        package var redactionsByKind: [RedactionKind: Int] = [:]
        /// Requests that were repeats of a stored one.
        package var duplicateRequestCount = 0
        // Of requests with log records and metrics.
        package var receivedLogRecordCount = 0
        package var storedLogRecordCount = 0
        package var rejectedDataPointCount = 0
    }

    private let state = Mutex(Counts())

    package init() {}

    package var counts: Counts { state.withLock { $0 } }

    package static let acceptedOutcome = "accepted"

    /// Counts a request that was refused, by the reason's name.
    package func refused(_ reason: String) { state.withLock { $0.requestsByOutcome[reason, default: 0] += 1 } }

    /// Counts spans that came out of the quarantine: they were received, and refused, before.
    func replayed(spanCount: Int) { state.withLock { $0.storedSpanCount += spanCount } }

    /// Counts spans that no project takes.
    func unchosen(spanCount: Int) {
        state.withLock { counts in
            counts.receivedSpanCount += spanCount
            counts.rejectedSpansByReason[.projectNotChoosable, default: 0] += spanCount
        }
    }

    func redacted(_ counts: RedactionCounts) {
        guard !counts.isEmpty else { return }
        state.withLock { $0.redactionsByKind.merge(counts.byKind, uniquingKeysWith: +) }
    }

    func accepted(_ logs: LogSummary, encoding: ContentEncoding, contentType: OTLPContentType, bodyByteCount: Int) {
        state.withLock { counts in
            counts.acceptedRequest(encoding, contentType, bodyByteCount, logs.decompressedByteCount)
            guard !logs.isDuplicate else { return counts.duplicateRequestCount += 1 }
            counts.receivedLogRecordCount += logs.storedRecordCount + logs.reply.rejectedSpanCount
            counts.storedLogRecordCount += logs.storedRecordCount
            counts.replacedStringCount += logs.replacedStringCount
        }
    }

    func acceptedMetrics(
        dataPointCount: Int, encoding: ContentEncoding, contentType: OTLPContentType, bodyByteCount: Int, decompressedByteCount: Int
    ) {
        state.withLock { counts in
            counts.acceptedRequest(encoding, contentType, bodyByteCount, decompressedByteCount)
            counts.rejectedDataPointCount += dataPointCount
        }
    }

    func accepted(_ batch: BatchSummary, encoding: ContentEncoding, contentType: OTLPContentType, bodyByteCount: Int) {
        state.withLock { counts in
            counts.acceptedRequest(encoding, contentType, bodyByteCount, batch.decompressedByteCount)
            guard !batch.isDuplicate else { return counts.duplicateRequestCount += 1 }
            counts.receivedSpanCount += batch.storedSpanCount + batch.rejections.rejectedSpanCount
            counts.storedSpanCount += batch.storedSpanCount
            for (reason, count) in batch.rejections.counts { counts.rejectedSpansByReason[reason, default: 0] += count }
            counts.replacedStringCount += batch.replacedStringCount
        }
    }
}

extension IngestMetrics.Counts {
    fileprivate mutating func acceptedRequest(
        _ encoding: ContentEncoding, _ contentType: OTLPContentType, _ bodyByteCount: Int, _ decompressedByteCount: Int
    ) {
        requestsByOutcome[IngestMetrics.acceptedOutcome, default: 0] += 1
        requestsByEncoding[encoding, default: 0] += 1
        requestsByContentType[contentType, default: 0] += 1
        self.bodyByteCount += bodyByteCount
        self.decompressedByteCount += decompressedByteCount
    }
}

/// What a batch was, for counters and for the reply, after the batch itself has gone to the store.
struct BatchSummary: Sendable {
    let decompressedByteCount: Int
    let storedSpanCount: Int
    let rejections: RejectionSummary
    let replacedStringCount: Int
    var isDuplicate = false

    init(_ batch: SpanBatch) {
        decompressedByteCount = batch.bodyLength
        storedSpanCount = batch.spanCount
        rejections = RejectionSummary(of: batch)
        replacedStringCount = batch.replacedStringCount
    }

    var isEmpty: Bool { storedSpanCount + rejections.rejectedSpanCount == 0 }
}
