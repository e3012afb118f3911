/// Refused spans taken in after all, the way of every request: decoded under the limits that hold now, redacted under the rules that hold
/// now, counted against the quota, on disk before they leave the quarantine.
///
///     quarantine, a file at a time, oldest first
///       -> runs of one owner and format -> a request each -> decode
///            refused again  -> stays, with the reason it has now
///            stored already -> goes (see StoredSpans)
///            else           -> append, on disk -> goes
///       -> the file without what goes, durable
///
/// A crash between an append and the file leaves spans that are stored in the quarantine: the next replay finds them stored.

import OTLP
import SpanStore
import TraceModel

extension Ingestor {
    /// Tries what is selected and was kept when this began. The quarantine's own bounds bound its work.
    ///
    /// Ends early when the store, the quota or the memory budget takes no more: then the report has a `stopReason`, or, when nothing was
    /// done yet, that error is thrown. `.conflict` while another replay of the project is under way.
    package func replay(_ selection: RejectedSpanSelection, of project: ProjectID) async throws(IngestError) -> ReplayReport {
        guard replays.begin(project) else {
            throw IngestError(.conflict, "a replay of this project's refused spans is under way: wait until it has ended")
        }
        defer { replays.end(project) }
        var report = ReplayReport(), first: KeptSpan.ID = 0
        let end = try await inQuarantine { (quarantine) throws(StoreError) in try quarantine.nextID(of: project) }
        // What is deleted meanwhile is not there any more when its file's turn comes.
        while let last = try await quarantineTurns.take(
            project, { () async throws(IngestError) in try await replayFile(selection, of: project, from: first, below: end, &report) })
        {
            first = last + 1
        }
        return report
    }

    /// Deletes selected refused spans. Returns how many.
    ///
    /// A replay that is under way ends with the file it is at: what is deleted here it does not store.
    package func deleteRefused(_ selection: RejectedSpanSelection, of project: ProjectID) async throws(IngestError) -> Int {
        try await quarantineTurns.take(project) { () async throws(IngestError) in
            try await inQuarantine { (quarantine) throws(StoreError) in try quarantine.remove(selection, of: project) }
        }
    }

    /// Tries the selected spans of the next file. Answers the last one's id; nil when there are none left.
    private func replayFile(
        _ selection: RejectedSpanSelection, of project: ProjectID, from first: KeptSpan.ID, below end: KeptSpan.ID,
        _ report: inout ReplayReport
    ) async throws(IngestError) -> KeptSpan.ID? {
        let kept = try await inQuarantine { (quarantine) throws(StoreError) in
            try quarantine.oldestSpans(of: project, selection, from: first, below: end)
        }
        guard let last = kept.last else { return nil }
        let tried = kept.filter { $0.span.isReplayable && selection.takes($0) }
        report.unreplayableSpanCount += kept.count - tried.count
        guard report.stopReason == nil else {
            report.remainingSpanCount += tried.count
            return last.id
        }
        var outcome = ReplayOutcome(), failure: IngestError?
        do throws(IngestError) {
            for run in ReplayRun.runs(of: tried) { try await replay(run.spans, of: project, &outcome) }
        } catch {
            failure = error
        }
        let gone = outcome.stored.union(outcome.alreadyStored)
        try await inQuarantine { [refused = outcome.refused] (quarantine) throws(StoreError) in
            try quarantine.resolve(of: project, removing: gone, reasons: refused)
        }
        report.storedSpanCount += outcome.stored.count
        report.alreadyStoredSpanCount += outcome.alreadyStored.count
        report.refusedSpanCount += outcome.refused.count
        if let failure {
            if report.isEmpty { throw failure }
            report.stopReason = failure.message
            report.remainingSpanCount += tried.count - outcome.count
        }
        return last.id
    }

    private func inQuarantine<Value: Sendable>(
        _ body: @escaping @Sendable (RejectedSpanQuarantine) throws(StoreError) -> Value
    ) async throws(IngestError) -> Value {
        do throws(StoreError) { return try await store.quarantine.onThread(body) } catch {
            throw IngestError(storeError: error, limits: limits)
        }
    }

    /// Tries spans of one owner and format as one request.
    private func replay(_ spans: [KeptSpan], of project: ProjectID, _ outcome: inout ReplayOutcome) async throws(IngestError) {
        // Of a request that would pass for the one that brought the spans: nothing is stored of that one.
        var rest = spans, identity: [UInt8] = []
        while let first = rest.first {
            let contentType: OTLPContentType = first.span.codec == .otlpJSON ? .json : .protobuf
            let owner = first.span.origin?.owner ?? SpanOwner(), sources = rest.map(\.span.source)
            let body =
                contentType == .json
                ? OwnedSpansEncoder.json(sources, of: owner, identity: identity)
                : OwnedSpansEncoder.protobuf(sources, of: owner, identity: identity)
            let admission = self.admission.begin()
            try admission.reserve(bodyByteCount: body.count)
            guard let batch = try? decode(body, contentType), batch.receivedSpanCount == rest.count else {
                // One that is no value of its own spoils the others' request: each is tried alone.
                guard rest.count > 1 else { return outcome.refused[first.id] = SpanRejection.Reason.malformed.rawValue }
                for span in rest { try await replay([span], of: project, &outcome) }
                return
            }
            for rejection in batch.rejections { outcome.refused[rest[rejection.ordinal].id] = rejection.reason.rawValue }
            guard batch.rejections.isEmpty else {
                rest.removeAll { outcome.refused[$0.id] != nil }
                continue
            }
            let stored = try await StoredSpans(store: store).places(of: batch, in: project)
            guard stored.isEmpty else {
                outcome.alreadyStored.formUnion(stored.map { rest[$0].id })
                rest.removeAll { outcome.alreadyStored.contains($0.id) }
                continue
            }
            try requireRoom(of: project)
            let program = try await redaction.program(of: project)
            let appended = try await take(batch, contentType, project: project, program, exporter: nil, reply: IngestReply())
            guard !appended.isDuplicate else {
                // Another turn finds those that the earlier request stored, and takes in those it did not.
                identity = (0..<16).map { _ in .random(in: 0 ... .max) }
                continue
            }
            outcome.stored.formUnion(rest.map(\.id))
            metrics.replayed(spanCount: rest.count)
            return
        }
    }
}

/// What became of the spans of one file.
private struct ReplayOutcome {
    var stored: Set<KeptSpan.ID> = []
    var alreadyStored: Set<KeptSpan.ID> = []
    /// With the reason they have now.
    var refused: [KeptSpan.ID: String] = [:]

    var count: Int { stored.count + alreadyStored.count + refused.count }
}
