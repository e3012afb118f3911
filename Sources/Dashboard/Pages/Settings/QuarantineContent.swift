/// Spans that were refused: how many for which reason, and the bytes that came.

import ByteCoding

enum QuarantineContent {
    static func set(_ answer: JSONValue, in context: inout PageContext) {
        let counts = counts(answer), most = counts.first?.count ?? 1
        context.set("has_reasons", !counts.isEmpty)
        context.set(
            "reasons",
            counts.map { reason, count in
                .make {
                    $0.set("reason", reason)
                    $0.set("count", count)
                    $0.set("count_text", Figures.count(count))
                    $0.set("share", Int((100 * Double(count) / Double(max(1, most))).rounded()))
                }
            })
        let rows = answer.list("data")
        context.set("has_rows", !rows.isEmpty)
        context.set("rows", rows.map(row))
    }

    static func shownText(_ answer: JSONValue) -> String {
        let all = counts(answer).reduce(Int64(0)) { $0 + $1.count }
        return "\(Figures.count(Int64(answer.list("data").count))) of \(Figures.counted(all, "span", "spans"))"
    }

    /// The most frequent reason first.
    private static func counts(_ answer: JSONValue) -> [(reason: String, count: Int64)] {
        let all = (answer["counts_by_reason"]?.objectValue ?? []).map { (reason: $0.key, count: $0.value.integerValue ?? 0) }
        return all.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }

    private static func row(_ span: JSONValue) -> PageContext {
        .make {
            $0.setTime("received", span.text("received_at"))
            $0.set("reason", span.text("reason"))
            $0.set("format", span.text("format"))
            $0.set("bytes_text", Figures.bytes(span.integer("source_bytes") ?? 0))
            $0.set("is_cut", span.flag("is_cut"))
            $0.set("source_text", source(span))
        }
    }

    /// JSON as it is, and Protobuf in hexadecimal with what can be read of it beside: sixteen bytes a line.
    private static func source(_ span: JSONValue) -> String {
        guard let bytes = Base64.decode(span.text("source_base64")) else { return "" }
        if span.text("format") == "json", let text = String(validating: bytes, as: UTF8.self) { return text }
        return stride(from: 0, to: bytes.count, by: 16).map { start in
            let line = bytes[start..<min(start + 16, bytes.count)]
            let digits = line.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            let readable = String(decoding: line.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
            return digits + String(repeating: " ", count: 3 * (16 - line.count)) + "  " + readable
        }.joined(separator: "\n")
    }
}
