/// `/docs/components`: every component the pages are made of, with made-up content. Open to everybody, as it shows nothing of anybody.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import TraceQuery

struct ComponentsHandlers: Sendable {
    let renderer: PageRenderer

    var routes: [Route] {
        [
            Route("getComponentsPage", .get, "/docs/components", statuses: [200]) { request, context in
                let origin = context.ownOrigin(of: request) ?? ""
                return .page(renderer.page("components", in: .bare, ComponentsContext.make(origin: origin)))
            }
        ]
    }
}

enum ComponentsContext {
    private static let swatches = """
        canvas surface raised sunken hover selected line line-strong text text-muted text-faint accent accent-fill good-fill good-soft bad-fill \
        bad-soft warn-fill warn-soft kind-llm kind-tool kind-agent kind-retriever kind-embedding series-1 series-2 series-3 series-4 series-5 series-6
        """
    private static let kinds = "span llm embedding tool agent chain retriever reranker guardrail evaluator prompt event"

    static func make(origin: String) -> PageContext {
        func names(_ text: String) -> [PageContext] { text.split(separator: " ").map { name in .make { $0.set("name", String(name)) } } }
        return .make { context in
            context.set("title", "Components")
            context.set("swatches", names(swatches))
            context.set("kinds", names(kinds))
            context.set("table_rows", rows)
            context.set(
                "figures",
                [
                    FigureContext.make("Traces", "example.traces", 6_214, "6,214", more: [.words("+12 % to the day before")]),
                    FigureContext.make("Traces with errors", "example.errors", 193, "193", more: [.words("3.1 % of all")]),
                    FigureContext.make("Latency p95", "example.p95", 2_711.4, "2.71 s", more: [.words("p50 822 ms")]),
                    FigureContext.make("Cost", "example.cost", 152.88, "$152.88", more: [.words("$0.0246 a trace")]),
                ])
            context.set("charts", charts.map(\.context))
            context.set("example_url", origin)
            let span = (try? JSONValue.parse(conversation)) ?? .null
            Conversation(span: span, texts: SpanTexts(span: span, path: "")).set(in: &context)
        }
    }

    private static var rows: [PageContext] {
        [
            ("answer customer", "ok", "good", Int64(402_118), 91), ("create_refund", "error", "bad", 88_012, 20),
            ("nightly digest", "running", "info", 211_940, 48), ("plan trip", "ok", "good", 31_204, 7),
        ].map { name, state, tone, tokens, share in
            .make {
                $0.set("name", name)
                $0.set("state", state)
                $0.set("tone", tone)
                $0.set("tokens", Figures.count(tokens))
                $0.set("share", share)
                $0.set(
                    "trend",
                    wave(24, Double(share)).enumerated().map {
                        "\(Figures.fixed(Double($0) * 100 / 23, 1)),\(Figures.fixed(22 - $1 / 6, 1))"
                    }.joined(separator: " "))
            }
        }
    }

    private static var charts: [Chart] {
        // Any time does: the figures are made up.
        let buckets = Buckets(from: 1_795_000_000_000_000_000, to: 1_795_086_400_000_000_000)
        let count = buckets.starts.count
        func chart(_ id: String, _ title: String, _ kind: Chart.Kind, _ unit: Chart.Unit, _ series: [(String, [Double?])]) -> Chart {
            Chart(
                id: id, title: title, kind: kind, unit: unit, metric: "example." + id, total: nil, series: series.map(\.0),
                points: buckets.points(series.map(\.1)), step: buckets.step * 1_000_000_000, list: "#main")
        }
        let models = ["gpt-4.1-mini", "claude-sonnet-4-5", "gemini-2.5-flash"]
        return [
            chart(
                "traffic", "Traces", .bars, .count,
                [("without errors", wave(count, 60).map { $0 }), ("with errors", wave(count, 6).map { $0 / 9 })]),
            chart(
                "latency", "Latency", .line, .ms,
                [("p50", wave(count, 30).map { 700 + 4 * $0 }), ("p95", wave(count, 70).map { 2_200 + 14 * $0 })]),
            chart(
                "cost", "Cost by model", .area, .usd,
                models.enumerated().map { index, name in (name, wave(count, 20 + 17 * Double(index)).map { $0 / 100 }) }),
        ]
    }

    /// Between 20 and 120: three waves of whole periods, a little apart.
    private static func wave(_ count: Int, _ seed: Double) -> [Double] {
        (0..<count).map { index in
            let place = Double((index * 7 + Int(seed)) % 24) / 24, half = place < 0.5 ? place : 1 - place
            return 20 + 200 * half
        }
    }

    private static let conversation = #"""
        {"input_messages": [
          {"role": "system", "parts": [{"type": "text", "text": "You are the support agent of Analytical Engines. Be brief."}]},
          {"role": "user", "parts": [{"type": "text", "text": "My order 4711 arrived broken. Can I have my money back?"}]},
          {"role": "assistant", "parts": [
            {"type": "reasoning", "text": "The order is 6 days old, so within 30 days. Create the refund, then confirm."},
            {"type": "tool_call", "tool_call_id": "1", "tool_name": "create_refund", "value": {"order_id": "4711", "reason": "damaged"}}]},
          {"role": "tool", "parts": [{"type": "tool_result", "tool_call_id": "1", "value": {"refund_id": "re_81f", "state": "pending"}}]}],
         "output_messages": [
          {"role": "assistant", "finish_reason": "stop", "parts": [
            {"type": "text", "text": "Done: **19.99 EUR** are on their way.\n\n1. Open *Orders*.\n2. Your card has it in 3 to 5 days."}]}]}
        """#
}
