/// Reports of inspections as members with names: what is printed as lines, and as JSON.

import ByteCoding
import SpanStore

private func number(_ key: String, _ value: (some BinaryInteger)?) -> JSONMember {
    JSONMember(key: key, value: value.map { .integer(Int64(clamping: $0)) } ?? .null)
}

private func text(_ key: String, _ value: String?) -> JSONMember { JSONMember(key: key, value: value.map { .string($0) } ?? .null) }

extension WALInspection.Report {
    var members: [JSONMember] {
        [
            number("files", files.count), number("files_in_use", files.count { $0.use == .inUse }), number("groups", groupCount),
            number("entries", entryCount), number("body_bytes", bodyByteCount), number("unsealed_entries", unsealedEntryCount),
            number("copied_entries", copiedEntryCount),
            number("abandoned_entries", abandonedEntryCount), number("first_lsn", firstLSN), number("last_lsn", lastLSN),
            JSONMember(key: "ended_in_order", value: .bool(endedCleanly)), JSONMember(key: "has_torn_tail", value: .bool(hasTornTail)),
        ]
    }

    var fileMembers: JSONMember {
        JSONMember(
            key: "log_files",
            value: .array(
                files.map { file in
                    .object([
                        text("name", file.name), number("bytes", file.byteCount), text("use", file.use.rawValue),
                        number("first_lsn", file.firstLSN), number("last_lsn", file.lastLSN), number("groups", file.groupCount),
                        number("entries", file.entryCount),
                    ])
                }))
    }
}

extension ManifestInspection.Report {
    var members: [JSONMember] {
        [
            text("file", fileName), number("edits", editCount), number("last_edit", lastEditNumber),
            JSONMember(key: "has_torn_tail", value: .bool(hasTornTail)), number("segments", state?.segments.count),
            number("masked_rows", state?.rowMasks.values.reduce(0) { $0 + $1.rows.count }), number("next_sequence", state?.nextSequence),
            number("log_start_lsn", state?.logStartLSN), number("highest_sealed_lsn", state?.highestSealedLSN),
        ]
    }
}

extension SegmentInspection.Report {
    var members: [JSONMember] {
        [
            number("segment", sequence), text("path", spansPath), number("format", formatVersion), number("bytes", byteCount),
            number("rows", rowCount), number("event_rows", eventRowCount), number("masked_rows", maskedRowCount),
            number("row_groups", rowGroupCount), number("columns", columnCount), number("traces", traceCount),
            number("payloads", payloadCount), number("payload_references", payloadReferenceCount),
        ]
    }
}

extension StoreInspection.Report {
    var members: [JSONMember] {
        [
            text("node", nodeID.map { String($0, radix: 16) }), text("manifest", manifest.fileName), number("edits", manifest.editCount),
            number("log_files", log.files.count), number("log_entries", log.entryCount),
            number("unsealed_entries", log.unsealedEntryCount),
            JSONMember(key: "log_ended_in_order", value: .bool(log.endedCleanly)), number("segments", segments.count),
            number("rows", segments.reduce(0) { $0 + $1.rowCount }), number("masked_rows", segments.reduce(0) { $0 + $1.maskedRowCount }),
            number("payloads", segments.reduce(0) { $0 + $1.payloadCount }),
            number("segment_bytes", segments.reduce(0) { $0 + $1.byteCount }), number("refused_spans", rejectedSpanCount),
            number("receipts", receiptCount), number("files_put_aside", keptFiles.count), number("orphans", orphans.count),
        ]
    }

    var details: [JSONMember] {
        [
            JSONMember(key: "log", value: .object(log.members + [log.fileMembers])),
            JSONMember(key: "segment_list", value: .array(segments.map { .object($0.members) })),
            JSONMember(key: "put_aside", value: .array(keptFiles.map { .string($0) })),
            JSONMember(key: "orphan_list", value: .array(orphans.map { .string($0) })),
        ]
    }
}

extension StoreSearch.Hit {
    var members: [JSONMember] { [text("file", file), text("kind", kind.rawValue), text("place", place), number("count", count)] }
}
