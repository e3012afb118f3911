/// Spans that come in pieces, the way of every request as far as it goes: quota, redaction, mapping, prices, on disk before the answer.
///
///     changes -> encode, decode (the limits of every span) -> redact -> the project's turn
///       -> read what is stored -> versions -> encode, decode -> map, price, append -> visible to the next turn
///
/// Redaction sees what is said now alone: what is stored went through it when it came, and hashing a hash would make another user of it.

import OTLP
import SpanStore
import TraceModel

extension Ingestor {
    /// The newest stored version of a span; nil when there is none.
    package typealias StoredSpanSource = @Sendable (SpanID, TraceID) async throws -> SpanRecord?

    /// Takes changes of spans, in their order. Returns when all that became of them is on disk and visible.
    ///
    /// - Parameters:
    ///   - stored: reads the project's spans.
    ///   - admission: the request's share of the memory budget; grows here.
    /// - Returns: for each change why it is not taken; nil where it is, or where it says nothing new.
    package func apply(
        _ changes: [SpanChange], project: ProjectID, exporter: String? = nil, admission: Admission, stored: StoredSpanSource
    ) async throws(IngestError) -> [SpanChangeRefusal?] {
        try requireRoom(of: project)
        let program = try await redaction.program(of: project)
        var refusals = [SpanChangeRefusal?](repeating: nil, count: changes.count)
        var taken = Array(changes.indices)
        var batch = try decoded(taken.map { changes[$0].said }, admission)
        if !batch.rejections.isEmpty {
            for rejection in batch.rejections { refusals[taken[rejection.ordinal]] = SpanChangeRefusal(rejection.reason) }
            taken.removeAll { refusals[$0] != nil }
            batch = try decoded(taken.map { changes[$0].said }, admission)
        }
        guard !taken.isEmpty else { return refusals }
        let receivedByteCount = batch.bodyLength
        var redactions = RedactionCounts()
        if let program {
            let redacted = try await redact(batch, .protobuf, exporter: exporter, program)
            batch = redacted.batch
            redactions = redacted.counts
        }
        var said: [SpanChange] = []
        for (place, record) in zip(taken, try Self.records(of: batch)) {
            var change = changes[place]
            change.said = record
            said.append(change)
        }
        return try await changeTurns.take(project) { [said, taken, refusals] () throws(IngestError) in
            var refusals = refusals
            var storedByteCount = 0
            var order: [SpanPlace] = [], versions: [SpanPlace: SpanVersion] = [:], sayers: [SpanPlace: [Int]] = [:]
            for (place, change) in zip(taken, said) {
                let span = SpanPlace(trace: change.said.traceID, span: change.said.spanID)
                if versions[span] == nil {
                    let record = try await read(span, stored)
                    let byteCount = record.map { ExportTraceRequestEncoder.encode([$0]).count } ?? 0
                    guard storedByteCount + byteCount <= IngestLimits.maximumChangedByteCount else {
                        refusals[place] = SpanChangeRefusal(
                            message: "too_large: what is stored of the spans of this batch is more than "
                                + "\(IngestLimits.maximumChangedByteCount) bytes; send fewer events at a time")
                        continue
                    }
                    storedByteCount += byteCount
                    try admission.reserve(bodyByteCount: storedByteCount)
                    order.append(span)
                    versions[span] = SpanVersion(stored: record)
                }
                do throws(SpanChangeRefusal) {
                    try versions[span]?.apply(change)
                    sayers[span, default: []].append(place)
                } catch { refusals[place] = error }
            }
            var new = order.filter { versions[$0]?.isNew == true }
            var batch = try decoded(new.compactMap { versions[$0]?.record }, admission)
            if !batch.rejections.isEmpty {
                // What one span has in all is more than a span may have: it stays as it is stored.
                for rejection in batch.rejections {
                    for place in sayers[new[rejection.ordinal]] ?? [] { refusals[place] = SpanChangeRefusal(rejection.reason) }
                }
                let refused = Set(batch.rejections.map(\.ordinal))
                new = new.indices.filter { !refused.contains($0) }.map { new[$0] }
                batch = try decoded(new.compactMap { versions[$0]?.record }, admission)
            }
            guard !new.isEmpty else { return refusals }
            var summary = BatchSummary(batch)
            let outcome = try await take(batch, .protobuf, project: project, nil, exporter: exporter, reply: IngestReply(summary))
            summary.isDuplicate = outcome.isDuplicate
            metrics.accepted(summary, encoding: .identity, contentType: .json, bodyByteCount: receivedByteCount)
            program?.add(redactions)
            metrics.redacted(redactions)
            return refusals
        }
    }

    private struct SpanPlace: Hashable {
        let trace: TraceID
        let span: SpanID
    }

    private func read(_ span: SpanPlace, _ stored: StoredSpanSource) async throws(IngestError) -> SpanRecord? {
        do {
            var record = try await stored(span.span, span.trace)
            // Of the mapping, which is applied anew.
            record?.llm = SpanRecord.LLM()
            return record
        } catch {
            throw IngestError(.unavailable, "what is stored of a span could not be read; try again", retryAfterSeconds: 5, cause: error)
        }
    }

    private func decoded(_ records: [SpanRecord], _ admission: Admission) throws(IngestError) -> SpanBatch {
        let body = ExportTraceRequestEncoder.encode(records)
        try admission.reserve(bodyByteCount: body.count)
        return try decode(body, .protobuf)
    }

    private static func records(of batch: SpanBatch) throws(IngestError) -> [SpanRecord] {
        do { return try batch.records() } catch { throw IngestError(.failed, "a span could not be read back", cause: error) }
    }
}

extension SpanChangeRefusal {
    init(_ reason: SpanRejection.Reason) { self.init(message: "\(reason.rawValue): \(reason.explanation)") }
}
