/// `/api/v1/quarantine`: spans that were refused, by reason and youngest first, with the bytes they came as; taken in after all once what
/// was wrong is mended, or deleted.

import Access
import ByteCoding
import HTTPServer
import Hummingbird
import Ingest
import Metastore
import OTLP
import SpanStore
import TraceModel

struct QuarantineHandlers: Sendable {
    let store: SpanStore
    let ingestor: Ingestor
    let auditEntries: AuditEntryRepository

    static let maximumItemCount = 200
    static let defaultItemCount = 50
    /// Shown of a span's bytes: enough to find it in its sender's code; the whole is on disk.
    static let maximumShownByteCount = 16 << 10
    /// Shown of a sample's: the list has the rest.
    static let maximumSampleByteCount = 2 << 10
    /// Exporters that are named for a reason.
    static let maximumShownExporterCount = 8
    /// Spans that one replay names.
    static let maximumReplayedIDCount = 1_000
    /// Bytes of a reason: the longest has 21.
    static let maximumReasonByteCount = 64

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listQuarantine", .get, "/api/v1/quarantine", .permission(.readQuarantine), query: ["limit", "cursor", "reason"],
                statuses: [200], handler: listQuarantine),
            builder.operation(
                "replayQuarantine", .post, "/api/v1/quarantine/replay", .permission(.replayQuarantine), body: .json, statuses: [200, 409],
                handler: replayQuarantine),
            builder.operation(
                "deleteQuarantine", .delete, "/api/v1/quarantine", .permission(.manageProject), query: ["reason"], statuses: [200],
                handler: deleteQuarantine),
        ]
    }

    func listQuarantine(_ request: APIRequest) async throws -> Response {
        let limit = try request.integer("limit", in: 1...Self.maximumItemCount, default: Self.defaultItemCount)
        let cursor = try request.query["cursor"].map { text throws(Problem) in
            guard let id = Self.id(text) else { throw .invalid("cursor", "must be the next_cursor of an answer") }
            return id
        }
        let selection = RejectedSpanSelection(reason: try reason(request)), project = try request.project
        let (spans, groups, samples) = try await store.quarantine.onThread { quarantine throws(StoreError) in
            // One more than is shown tells whether there is a next page.
            let spans = try quarantine.spans(of: project, selection, below: cursor ?? .max, maximumCount: limit + 1)
            let groups = try quarantine.groups(of: project).sorted { ($1.value.spanCount, $0.key) < ($0.value.spanCount, $1.key) }
            let youngest = RejectedSpanSelection(ids: Set(groups.map(\.value.lastID)))
            return (spans, groups, try quarantine.spans(of: project, youngest, maximumCount: groups.count))
        }
        return .json { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for kept in spans.prefix(limit) { writer.rejectedSpan(kept, maximumByteCount: Self.maximumShownByteCount) }
            writer.endArray()
            writer.member("next_cursor", spans.count > limit ? String(spans[limit - 1].id) : nil)
            writer.key("counts_by_reason")
            writer.beginObject()
            for (reason, group) in groups { writer.member(reason, group.spanCount) }
            writer.endObject()
            writer.key("groups")
            writer.beginArray()
            for (reason, group) in groups { writer.rejectedSpans(group, reason, sample: samples.first { $0.id == group.lastID }) }
            writer.endArray()
            writer.endObject()
        }
    }

    /// Takes in what can be taken in by now. Stored spans are durable and visible when this answers, and out of the quarantine.
    func replayQuarantine(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["reason", "ids"])
        let reason = try request.text("reason", maximumByteCount: Self.maximumReasonByteCount)
        if let reason, !Self.isReason(reason) { throw Problem.unprocessable("reason", Self.notAReason) }
        let selection = RejectedSpanSelection(reason: reason, ids: try Self.ids(request.body["ids"]))
        try await audit(request, selection)
        let report = try await ingestor.replay(selection, of: try request.project)
        return .json { writer in
            writer.beginObject()
            writer.member("stored_spans", report.storedSpanCount)
            writer.member("already_stored_spans", report.alreadyStoredSpanCount)
            writer.member("refused_again_spans", report.refusedSpanCount)
            writer.member("not_replayable_spans", report.unreplayableSpanCount)
            writer.member("remaining_spans", report.remainingSpanCount)
            writer.member("stopped_because", report.stopReason)
            writer.endObject()
        }
    }

    func deleteQuarantine(_ request: APIRequest) async throws -> Response {
        let selection = RejectedSpanSelection(reason: try reason(request))
        try await audit(request, selection)
        let count = try await ingestor.deleteRefused(selection, of: try request.project)
        return .json { writer in
            writer.beginObject()
            writer.member("deleted_spans", count)
            writer.endObject()
        }
    }

    /// Before anything happens: what was begun is on record, whatever becomes of it.
    private func audit(_ request: APIRequest, _ selection: RejectedSpanSelection) async throws {
        var writer = JSONWriter(reserving: 64)
        writer.beginObject()
        writer.member("reason", selection.reason)
        writer.member("ids", selection.ids?.count)
        writer.endObject()
        try await auditEntries.append(
            try request.audit, resourceKind: "quarantine", resourceID: try request.project.uuid,
            organization: try request.principal.organizationID, project: try request.project, after: writer.bytes)
    }

    // MARK: What is selected

    private static let notAReason = "must be a reason as the list has it, like span_id_zero"

    private func reason(_ request: APIRequest) throws(Problem) -> String? {
        guard let reason = request.query["reason"], !reason.isEmpty else { return nil }
        guard Self.isReason(reason) else { throw .invalid("reason", Self.notAReason) }
        return reason
    }

    /// Letters and `_`: reasons of other versions, too.
    private static func isReason(_ text: String) -> Bool {
        (1...maximumReasonByteCount).contains(text.utf8.count) && text.utf8.allSatisfy { $0 &- 97 < 26 || $0 == UInt8(ascii: "_") }
    }

    private static func ids(_ value: JSONValue?) throws(Problem) -> Set<KeptSpan.ID>? {
        guard let value, !value.isNull else { return nil }
        guard let elements = value.arrayValue, (1...maximumReplayedIDCount).contains(elements.count) else {
            throw Problem.unprocessable("ids", "must be a list of 1 to \(maximumReplayedIDCount) ids of refused spans")
        }
        var ids: Set<KeptSpan.ID> = []
        for (index, element) in elements.enumerated() {
            guard let id = element.stringValue.flatMap(id) else {
                throw Problem.unprocessable("ids[\(index)]", "must be the id of a refused span, as the list has it")
            }
            ids.insert(id)
        }
        return ids
    }

    private static func id(_ text: String) -> KeptSpan.ID? {
        text.utf8.allSatisfy { $0 &- 48 < 10 } ? KeptSpan.ID(text) : nil
    }
}

extension JSONWriter {
    fileprivate mutating func rejectedSpan(_ kept: KeptSpan, maximumByteCount: Int) {
        let span = kept.span, shown = span.source.prefix(maximumByteCount)
        beginObject()
        member("id", String(kept.id))
        member("received_at", unixNano: Int64(clamping: span.receivedUnixNano))
        member("reason", span.reason)
        member("exporter", span.exporter)
        member("format", span.codec == .otlpJSON ? "json" : "protobuf")
        member("source_bytes", span.sourceByteCount)
        member("source_base64", Base64.text(Array(shown)))
        member("is_cut", span.isCut || shown.count < span.source.count)
        member("is_replayable", span.isReplayable)
        endObject()
    }

    fileprivate mutating func rejectedSpans(_ group: RejectedSpanGroup, _ reason: String, sample: KeptSpan?) {
        beginObject()
        member("reason", reason)
        member("explanation", SpanRejection.Reason(rawValue: reason)?.explanation)
        member("count", group.spanCount)
        member("replayable_count", group.replayableSpanCount)
        member("first_seen_at", unixNano: Int64(clamping: group.firstUnixNano))
        member("last_seen_at", unixNano: Int64(clamping: group.lastUnixNano))
        key("exporters")
        beginArray()
        let exporters = group.spanCountByExporter.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        for (name, count) in exporters.prefix(QuarantineHandlers.maximumShownExporterCount) {
            beginObject()
            member("name", name.isEmpty ? nil : name)
            member("count", count)
            endObject()
        }
        endArray()
        key("sample")
        if let sample { rejectedSpan(sample, maximumByteCount: QuarantineHandlers.maximumSampleByteCount) } else { null() }
        endObject()
    }
}
