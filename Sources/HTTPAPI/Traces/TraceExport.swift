/// The list of traces as a file, page by page as it is read: a list of any length takes the memory of one page. One snapshot for all
/// pages, so that what comes in meanwhile neither shifts nor repeats a row.

import ByteCoding
import HTTPServer
import Hummingbird
import NIOCore
import SpanStore
import TraceQuery

enum TraceExportFormat: String, CaseIterable {
    case json, jsonl, csv

    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .jsonl: "application/jsonl"
        case .csv: "text/csv; charset=utf-8"
        }
    }
}

struct TraceExport: Sendable {
    let list: TraceList
    let request: TraceListRequest
    let snapshot: any StoreSnapshot
    let format: TraceExportFormat
    let maximumRowCount: Int

    /// `first`: the page that `request` means, read before the answer began, so that what may be refused is.
    func body(first: TraceListPage) -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: head))
            var page = first, request = request, rowCount = 0
            while true {
                let traces = page.traces.prefix(maximumRowCount - rowCount)
                if !traces.isEmpty { try await writer.write(ByteBuffer(bytes: rows(traces, isFirst: rowCount == 0))) }
                rowCount += traces.count
                guard rowCount < maximumRowCount, let cursor = page.nextCursor else { break }
                request.cursor = cursor
                page = try await list.list(request, in: snapshot)
            }
            if format == .json { try await writer.write(ByteBuffer(string: "\n]\n")) }
            try await writer.finish(nil)
        }
    }

    private var head: [UInt8] {
        switch format {
        case .json: Array("[".utf8)
        case .jsonl: []
        case .csv: Array((request.fields.map(\.rawValue).joined(separator: ",") + "\r\n").utf8)
        }
    }

    private func rows(_ traces: ArraySlice<TraceSummary>, isFirst: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, trace) in traces.enumerated() {
            if format == .csv {
                bytes += CSVLine.bytes(request.fields.map { $0.value(of: trace) })
                continue
            }
            if format == .json { bytes += Array(index == 0 && isFirst ? "\n".utf8 : ",\n".utf8) }
            var writer = JSONWriter()
            trace.write(to: &writer, fields: request.fields)
            bytes += writer.bytes
            if format == .jsonl { bytes.append(UInt8(ascii: "\n")) }
        }
        return bytes
    }
}

/// A record of a CSV file (RFC 4180). Spreadsheets run what begins like a formula, wherever it came from: such texts get an apostrophe in
/// front (OWASP, "CSV Injection").
enum CSVLine {
    static func bytes(_ values: [QueryValue]) -> [UInt8] { Array((values.map(cell).joined(separator: ",") + "\r\n").utf8) }

    static func cell(_ value: QueryValue) -> String {
        switch value {
        case .null: return ""
        case .int(let number): return String(number)
        case .double(let number): return number.isFinite ? String(number) : ""
        case .bool(let flag): return String(flag)
        case .time(let unixNano): return TimeText.rfc3339(unixNano)
        case .string(let text): return quoted(text)
        case .list(let elements):
            return quoted(elements.map { if case .string(let text) = $0 { text } else { cell($0) } }.joined(separator: "; "))
        case .object:
            var writer = JSONWriter()
            value.write(to: &writer)
            return quoted(String(decoding: writer.bytes, as: UTF8.self))
        }
    }

    /// The signs with their full-width forms, which some take for the same.
    private static let formulaStarts: Set<UnicodeScalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
    private static let quotedScalars: Set<UnicodeScalar> = ["\"", ",", "\n", "\r"]

    private static func quoted(_ text: String) -> String {
        // Spreadsheets pass over space before a formula.
        let start = text.unicodeScalars.first { $0 != " " }
        let safe = start.map(formulaStarts.contains) == true ? "'" + text : text
        guard safe.unicodeScalars.contains(where: quotedScalars.contains) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
