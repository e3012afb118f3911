/// What a proof of a deletion found, as lines or as JSON.

import ByteCoding
import SpanStore

struct DeletionProof {
    let report: DeletionVerification.Report
    let deadline: String?
    let isTraceListCut: Bool

    var members: [JSONMember] {
        [
            JSONMember(key: "is_clean", value: .bool(report.isClean)), number("rows_left", report.leftRowCount),
            number("rows_masked", report.maskedRowCount), number("rows_later", report.laterRowCount),
            JSONMember(key: "deadline", value: deadline.map { .string($0) } ?? .null),
            JSONMember(
                key: "segments",
                value: .array(
                    report.rows.map { rows in
                        .object([
                            JSONMember(key: "file", value: .string(rows.file)), number("rows_left", rows.leftRowCount),
                            number("rows_masked", rows.maskedRowCount), JSONMember(key: "is_later", value: .bool(rows.isLater)),
                        ])
                    })),
            hits("hits", report.bytes.hits), hits("later_hits", report.laterHits), hits("mentions", report.mentions),
            number("segments_searched", report.segmentCount), number("files_searched", report.bytes.fileCount),
            number("bytes_searched", report.bytes.byteCount),
            JSONMember(key: "is_value_too_short_for_bytes", value: .bool(report.isValueTooShort)),
            JSONMember(key: "is_trace_list_cut", value: .bool(isTraceListCut)),
            JSONMember(key: "unreadable", value: .array(report.bytes.unreadable.map { .string($0) })),
        ]
    }

    private func number(_ key: String, _ value: Int) -> JSONMember { JSONMember(key: key, value: .integer(Int64(value))) }

    private func hits(_ key: String, _ hits: [StoreSearch.Hit]) -> JSONMember {
        JSONMember(key: key, value: .array(hits.map { .object($0.members) }))
    }

    var lines: [String] {
        var lines: [String] = []
        for rows in report.rows where !rows.isLater && rows.leftRowCount > 0 {
            lines.append("left: \(rows.file), \(rows.leftRowCount) rows")
        }
        for rows in report.rows where rows.maskedRowCount > 0 { lines.append("masked: \(rows.file), \(rows.maskedRowCount) rows") }
        if report.maskedRowCount > 0 {
            lines.append(
                "masked rows are in no answer, and gone "
                    + (deadline.map { "by \($0)" } ?? "within the server's --deletion-deadline, an hour unless it says otherwise"))
        }
        for hit in report.bytes.hits { lines.append("left: \(hit.file) (\(hit.kind.rawValue)), \(hit.place), \(hit.count) times") }
        for file in report.bytes.unreadable { lines.append("unreadable: \(file)") }
        if report.laterRowCount > 0 || !report.laterHits.isEmpty {
            lines.append("note: \(report.laterRowCount) rows, and places in \(report.laterHits.count) files, came in after the deletion")
        }
        for hit in report.mentions {
            lines.append("note: \(hit.file), \(hit.place): rows of other traces name it in a link or an attribute")
        }
        if report.isValueTooShort { lines.append("note: the value is too short to be looked for in bytes; only rows were searched for it") }
        if isTraceListCut { lines.append("note: the receipt does not name all of its traces; those it leaves out were not looked for") }
        lines.append(
            report.isClean
                ? "nothing is left: \(report.segmentCount) segments and \(report.bytes.fileCount) files searched"
                : "it is not gone: \(report.leftRowCount) rows left, \(report.maskedRowCount) masked, "
                    + "\(report.bytes.hits.count) places in files")
        return lines.map { CommandText.lines($0) }
    }
}
