/// A window of a waterfall: its rows, and where the window stands.

import ByteCoding

struct TraceRows: Sendable {
    let window: JSONValue
    let place: TracePlace
    let selected: String?
    /// Spans that the text of `q` was found in.
    var hits: Set<String> = []

    /// Pixels that a level is moved to the right, and the levels that are: deeper ones stand below each other.
    private static let indent: Int64 = 14
    private static let maximumIndentedLevel: Int64 = 24
    /// The least width of a bar, of 1,000.
    private static let leastWidth = 1.5

    var context: PageContext {
        let rows = window.list("data"), offset = window.integer("offset") ?? 0, count = window.integer("row_count") ?? 0
        let end = offset + Int64(rows.count)
        return .make { context in
            context.set("row_count", count)
            context.set("row_count_text", Figures.counted(count, "span", "spans"))
            context.set("rows_url", URLText.url(place.path, [("fragment", "rows")]))
            context.set("window_offset", offset)
            context.set("has_next_window", end < count)
            context.set("next_window_url", end < count ? URLText.url(place.path, [("offset", String(end))]) : "")
            context.set("selected_span_id", selected ?? "")
            let index = rows.first { $0.text("span_id") == selected }?.integer("position") ?? window.integer("around_position")
            context.set("selected_index", selected == nil ? "" : index.map { String($0) } ?? "")
            context.set("rows", rows.map(row))
        }
    }

    private func row(_ row: JSONValue) -> PageContext {
        let id = row.text("span_id"), depth = row.integer("depth") ?? 0, children = row.integer("child_count") ?? 0
        let isFolded = row.flag("is_collapsed"), total = Double(max(1, window.integer("duration_ns") ?? 1))
        let start = max(0, min(1_000, 1_000 * Double(row.integer("start_offset_ns") ?? 0) / total))
        let length = row.integer("duration_ns") ?? 0
        let width = max(Self.leastWidth, min(1_000 - start, 1_000 * Double(max(0, length)) / total))
        return .make {
            $0.set("index", row.integer("position"))
            $0.set("span_id", id)
            $0.set("url", place.span(id))
            $0.set("level", depth + 1)
            $0.set("indent", min(depth, Self.maximumIndentedLevel) * Self.indent)
            $0.set("has_children", children > 0)
            $0.set("aria_expanded", children > 0 && !isFolded ? "true" : "false")
            $0.set("fold_label", isFolded ? "Unfold" : "Fold")
            $0.set("is_folded", isFolded)
            $0.set("descendant_count_text", isFolded ? "+" + Figures.count(row.integer("descendant_count") ?? 0) : "")
            $0.set("name", row.text("name").isEmpty ? "(no name)" : row.text("name"))
            $0.set("kind", row.text("kind"))
            $0.set("is_error", row.text("status") == "error")
            $0.set("is_hit", hits.contains(id))
            $0.set("aria_selected", id == selected ? "true" : "false")
            $0.set("x", Figures.fixed(min(start, 1_000 - Self.leastWidth), 3))
            $0.set("width", Figures.fixed(width, 3))
            $0.set("duration_ms", Figures.raw(Double(length) / 1e6))
            $0.set("duration_text", row.flag("is_running") ? "running" : Figures.duration(nanoseconds: length))
            let tokens = row.integer("total_tokens") ?? 0, cost = row.number("cost") ?? 0
            $0.set("has_tokens", tokens > 0)
            $0.set("tokens", tokens)
            $0.set("tokens_text", tokens > 0 ? Figures.count(tokens) : "")
            $0.set("has_cost", cost > 0)
            $0.set("cost", Figures.raw(cost))
            $0.set("cost_text", cost > 0 ? Figures.cost(cost) : "")
        }
    }
}
