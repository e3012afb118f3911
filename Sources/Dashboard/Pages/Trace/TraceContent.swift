/// A trace: its figures, its errors, what it used over its time, and a window of its waterfall.

import ByteCoding
import TraceQuery

struct TraceContent: Sendable {
    /// The API's window of spans, which tells of the whole trace too.
    let window: JSONValue
    /// The trace's row in the list.
    let summary: JSONValue
    let place: TracePlace
    /// The span beside the waterfall.
    let selected: String?

    private static let shownErrorCount = 20
    private static let tickCount = 5

    private var duration: Int64 { max(0, window.integer("duration_ns") ?? 0) }

    var context: PageContext {
        var context = TraceRows(window: window, place: place, selected: selected).context
        let id = window.text("trace_id"), name = summary["name"]?.stringValue ?? window.list("data").first?.text("name") ?? ""
        context.set("title", name.isEmpty ? id : name)
        context.set("trace_id", id)
        context.set("trace_path", place.path)
        context.set("name", name.isEmpty ? "(no name)" : name)
        let end = TimeText.unixNano(window.text("end_time")) ?? 0
        // A trace that ended a minute ago may still get spans: senders hold them back for some seconds.
        context.set("is_growing", Times.now() - end < 60_000_000_000)
        context.set("arrival_position", window.integer("arrival_position") ?? 0)
        context.set("permalink", place.origin + place.path)
        context.set("export_json_url", place.apiPath)
        context.set("export_otlp_url", place.apiPath + "?format=otlp")
        context.set("start_time", window.text("start_time"))
        context.set("start_time_text", Times.text(window.text("start_time")))
        context.set("duration_ms", Figures.raw(Double(duration) / 1e6))
        context.set("duration_text", Figures.duration(nanoseconds: duration))
        context.set("duration_ns", String(duration))
        setFigures(in: &context)
        setWhose(in: &context)
        setErrors(in: &context)
        context.set("search_url", URLText.url(place.path, [("fragment", "hits")]))
        context.set("q", "")
        context.set("search_text", "")
        setSpending(in: &context)
        context.set(
            "ticks",
            (0..<Self.tickCount).map { index in
                .make {
                    $0.set("x", Figures.fixed(Double(index) * 1_000 / Double(Self.tickCount), 1))
                    let time = duration / Int64(Self.tickCount) * Int64(index)
                    $0.set("text", index == 0 ? "0" : Figures.duration(nanoseconds: time))
                }
            })
        return context
    }

    private func setFigures(in context: inout PageContext) {
        let spans = window.integer("span_count") ?? 0, errors = window.integer("error_count") ?? 0
        context.set("span_count", spans)
        context.set("span_count_text", Figures.count(spans))
        context.set("has_errors", errors > 0)
        context.set("error_count", errors)
        context.set("error_count_text", Figures.count(errors))
        context.set("error_class", errors > 0 ? "bad" : "")
        // The list's figures, which count no call twice.
        let tokens = summary.integer("total_tokens"), cost = summary.number("cost")
        context.set("has_tokens", tokens != nil)
        for (name, value) in [
            ("total_tokens", tokens), ("input_tokens", summary.integer("input_tokens")),
            ("output_tokens", summary.integer("output_tokens")),
        ] {
            context.set(name, value ?? 0)
            context.set(name + "_text", Figures.count(value ?? 0))
        }
        context.set("has_cost", cost != nil)
        context.set("cost", cost.map { Figures.raw($0) } ?? "")
        context.set("cost_text", cost.map { Figures.cost($0) } ?? "")
    }

    private func setWhose(in context: inout PageContext) {
        let service = summary.text("service"), session = summary.text("session_id"), user = summary.text("user_id")
        let models = summary.list("models").compactMap(\.stringValue)
        context.set("has_service", !service.isEmpty)
        context.set("service", service)
        context.set("has_models", !models.isEmpty)
        context.set(
            "models",
            models.map { model in
                .make {
                    $0.set("name", model)
                    $0.set("url", place.filter("model", model))
                }
            })
        context.set("has_session", !session.isEmpty)
        context.set("session_id", session)
        context.set("session_url", "\(place.project)/sessions/\(URLText.encoded(session))")
        context.set("has_user", !user.isEmpty)
        context.set("user_id", user)
        context.set("user_url", "\(place.project)/users/\(URLText.encoded(user))")
    }

    private func setErrors(in context: inout PageContext) {
        let errors = window.list("first_errors"), all = window.integer("error_count") ?? 0
        let rows = Dictionary(window.list("data").map { ($0.text("span_id"), $0) }) { first, _ in first }
        context.set(
            "errors",
            errors.prefix(Self.shownErrorCount).map { error in
                let id = error.text("span_id")
                return .make {
                    $0.set("url", place.span(id))
                    $0.set("span_id", id)
                    $0.set("index", error.integer("position"))
                    $0.set("kind", rows[id]?.text("kind") ?? "span")
                    $0.set("name", error.text("name"))
                    $0.set("message", error["status_message"]?.stringValue ?? "")
                }
            })
        let more = all - Int64(min(errors.count, Self.shownErrorCount))
        context.set("has_more_errors", more > 0)
        context.set("more_errors_text", more > 0 ? "and \(Figures.count(more)) more" : "")
    }

    /// A bar for each call of the window that used tokens, as high as it used of the most; the line is what all had cost by then.
    private func setSpending(in context: inout PageContext) {
        let calls = window.list("data").filter {
            ["llm", "embedding", "reranker"].contains($0.text("kind")) && ($0.integer("total_tokens") ?? 0) > 0
        }
        let most = Double(calls.compactMap { $0.integer("total_tokens") }.max() ?? 0), total = Double(max(1, duration))
        let points = window.list("usage_over_time")
        context.set("has_spending", !calls.isEmpty)
        context.set(
            "spending",
            .make { spending in
                spending.set("label", "Tokens")
                spending.set("text", "Tokens and cost over the trace")
                spending.set("total_text", summary.number("cost").map { Figures.cost($0) } ?? "")
                spending.set(
                    "bars",
                    calls.map { call in
                        let height = max(2, 26 * Double(call.integer("total_tokens") ?? 0) / max(1, most))
                        let start = Double(call.integer("start_offset_ns") ?? 0), length = Double(call.integer("duration_ns") ?? 0)
                        let tokens = Figures.counted(call.integer("total_tokens") ?? 0, "token", "tokens")
                        let cost = call.number("cost").map { ", " + Figures.cost($0) } ?? ""
                        return .make {
                            $0.set("kind", call.text("kind"))
                            $0.set("x", Figures.fixed(1_000 * start / total, 2))
                            $0.set("width", Figures.fixed(max(1, 1_000 * length / total), 2))
                            $0.set("y", Figures.fixed(28 - height, 2))
                            $0.set("height", Figures.fixed(height, 2))
                            $0.set("text", "\(call.text("name")): \(tokens)\(cost)")
                        }
                    })
                spending.set("cost_points", Self.line(points, total))
            })
    }

    /// `x,y x,y`: the share of the time, and what had been spent by then, from 27 (nothing) up to 2.
    private static func line(_ points: [JSONValue], _ duration: Double) -> String {
        let costs = points.map { $0.number("cost") ?? 0 }, most = costs.max() ?? 0
        guard most > 0 else { return "" }
        return zip(points, costs).map { point, cost in
            "\(Figures.fixed(1_000 * Double(point.integer("offset_ns") ?? 0) / duration, 1)),\(Figures.fixed(27 - 25 * cost / most, 1))"
        }.joined(separator: " ")
    }
}
