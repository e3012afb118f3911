/// Spans that were refused: how many for which reason, since when and from whom; the bytes that came; and the way back in.

import ByteCoding

struct QuarantineContent: Sendable {
    /// Whether the user may take refused spans in again, and delete them.
    let mayReplay: Bool
    let mayDelete: Bool
    /// The page's address without, and with, a reason to show.
    let url: @Sendable (_ reason: String?) -> String
    /// Of which the rows are; nil: of all.
    let shownReason: String?

    func set(_ answer: JSONValue, in context: inout PageContext) {
        let groups = answer.list("groups"), most = groups.first?.integer("count") ?? 1
        let count = Self.sum(groups, "count"), replayableCount = Self.sum(groups, "replayable_count")
        context.set("has_reasons", !groups.isEmpty)
        context.set("count", count)
        context.set("count_text", Figures.count(count))
        context.set("replayable_count", replayableCount)
        context.set("replayable_count_text", Figures.count(replayableCount))
        context.set("can_replay", mayReplay && replayableCount > 0)
        context.set("can_delete", mayDelete && count > 0)
        context.set("has_shown_reason", shownReason != nil)
        context.set("shown_reason", shownReason ?? "")
        context.set("all_url", url(nil))
        context.set("reasons", groups.map { group($0, most: most) })
        let rows = answer.list("data")
        context.set("has_rows", !rows.isEmpty)
        context.set("rows", rows.map(Self.row))
    }

    /// How many rows there are, of all of the shown reason.
    func shown(_ answer: JSONValue) -> Pager.Shown {
        let groups = answer.list("groups").filter { group in shownReason.map { group.text("reason") == $0 } ?? true }
        return .init(answer.list("data").count, of: Self.sum(groups, "count"), "span", "spans")
    }

    private static func sum(_ groups: [JSONValue], _ member: String) -> Int64 { groups.reduce(0) { $0 + ($1.integer(member) ?? 0) } }

    private func group(_ group: JSONValue, most: Int64) -> PageContext {
        let reason = group.text("reason"), count = group.integer("count") ?? 0, replayable = group.integer("replayable_count") ?? 0
        let exporters = group.list("exporters"), sample = group["sample"] ?? .null
        return .make {
            $0.set("reason", reason)
            $0.set("url", url(reason))
            $0.set("is_shown", reason == shownReason)
            $0.set("explanation", group.text("explanation"))
            $0.set("count", count)
            $0.set("count_text", Figures.count(count))
            $0.set("share", Int((100 * Double(count) / Double(max(1, most))).rounded()))
            $0.set("replayable_count", replayable)
            $0.set("replayable_count_text", Figures.count(replayable))
            $0.set("can_replay", mayReplay && replayable > 0)
            $0.set("can_delete", mayDelete)
            $0.setTime("first", group.text("first_seen_at"))
            $0.setTime("last", group.text("last_seen_at"))
            $0.set(
                "exporters",
                exporters.map { exporter in
                    let count = exporter.integer("count") ?? 0
                    return .make {
                        $0.set("name", exporter.has("name") ? exporter.text("name") : "not told")
                        $0.set("count", count)
                        $0.set("count_text", Figures.count(count))
                    }
                })
            $0.set("sample_text", Self.source(sample))
        }
    }

    private static func row(_ span: JSONValue) -> PageContext {
        .make {
            $0.setTime("received", span.text("received_at"))
            $0.set("reason", span.text("reason"))
            $0.set("exporter", span.text("exporter"))
            $0.set("is_replayable", span.flag("is_replayable"))
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
