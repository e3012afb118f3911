/// `/projects/{project_id}/overview`: traffic, errors, latency, tokens and cost over time, and the traces behind each of them.

import ByteCoding
import HTTPServer
import HTTPTypes
import TraceQuery

struct OverviewHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        [pages.page("getOverviewPage", "/projects/{project_id}/overview", handler: getOverviewPage)]
    }

    func getOverviewPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let filter = ListFilter(visit), project = frame.project?.url ?? ""
        let figures = try await OverviewFigures.load(filter, visit.api)
        let context = PageContext.make { context in
            context.set("title", "Overview")
            context.set("page_url", visit.url)
            filter.set(in: &context, visit)
            figures.set(in: &context, project: project, range: filter.range)
        }
        return .page(Page(name: "overview", context: context, fragments: ["overview_figures"]))
    }
}

/// What the API answered of a project's spans in a range.
struct OverviewFigures: Sendable {
    private let buckets: Buckets?
    private let total: JSONValue
    private let failed: JSONValue
    private let latency: JSONValue
    private let used: JSONValue
    private let traffic: [JSONValue]
    private let failures: [JSONValue]
    private let latencies: [JSONValue]
    private let usage: [JSONValue]
    private let models: [JSONValue]
    private let errors: [JSONValue]
    private let slowest: [JSONValue]

    private static let shownCount: Int64 = 8

    static func load(_ filter: ListFilter, _ api: APICaller) async throws(Problem) -> OverviewFigures {
        let total =
            try await Query(filter).aggregate("count_distinct", "trace_id", as: "traces").aggregate("min", "start_time", as: "first")
            .aggregate("max", "start_time", as: "last").rows(api).first ?? .null
        let first = filter.range.start ?? TimeText.unixNano(total.text("first"))
        let last =
            filter.range.start == nil && filter.range.to.isEmpty ? TimeText.unixNano(total.text("last")).map { $0 + 1 } : filter.range.end
        let hasData = (total.integer("traces") ?? 0) > 0
        let buckets = hasData ? first.flatMap { first in last.map { Buckets(from: first, to: $0) } } : nil
        guard let buckets else { return OverviewFigures(total: total) }
        let step = buckets.step, many: Int64 = 2_000
        func percentiles(_ query: Query) -> Query {
            query.aggregate("p50", "duration_ms", as: "p50").aggregate("p95", "duration_ms", as: "p95").aggregate(
                "p99", "duration_ms", as: "p99")
        }
        func spent(_ query: Query) -> Query { query.aggregate("sum", "total_tokens", as: "tokens").aggregate("sum", "cost", as: "cost") }
        let traces = { (condition: JSONValue?) in Query(filter, condition).aggregate("count_distinct", "trace_id", as: "traces") }
        return OverviewFigures(
            buckets: buckets, total: total, failed: try await traces(Condition.failed).rows(api).first ?? .null,
            latency: try await percentiles(Query(filter, Condition.root)).rows(api).first ?? .null,
            used: try await spent(Query(filter, Condition.used)).rows(api).first ?? .null,
            traffic: try await traces(nil).bucketed(step).limited(to: many).rows(api),
            failures: try await traces(Condition.failed).bucketed(step).limited(to: many).rows(api),
            latencies: try await percentiles(Query(filter, Condition.root)).bucketed(step).limited(to: many).rows(api),
            usage: try await spent(Query(filter, Condition.used)).grouped(by: ["model"]).bucketed(step).limited(to: many).rows(api),
            models: try await spent(
                Query(filter, Condition.call).aggregate("count", as: "calls").aggregate("error_rate", as: "error_rate")
                    .aggregate("p50", "duration_ms", as: "p50").aggregate("p95", "duration_ms", as: "p95")
            ).grouped(by: ["model", "provider"]).ordered(by: "-cost").limited(to: 12).rows(api),
            errors: try await Query(filter, Condition.failed).aggregate("count", as: "count").aggregate("max", "start_time", as: "last")
                .grouped(by: ["name", "status_message"]).ordered(by: "-count").limited(to: shownCount).rows(api),
            slowest: try await api.get("/api/v1/traces", filter.parameters + [("sort", "-duration_ms"), ("limit", "8")]).list("data"))
    }

    private init(
        buckets: Buckets? = nil, total: JSONValue, failed: JSONValue = .null, latency: JSONValue = .null, used: JSONValue = .null,
        traffic: [JSONValue] = [], failures: [JSONValue] = [], latencies: [JSONValue] = [], usage: [JSONValue] = [],
        models: [JSONValue] = [], errors: [JSONValue] = [], slowest: [JSONValue] = []
    ) {
        self.buckets = buckets
        self.total = total
        self.failed = failed
        self.latency = latency
        self.used = used
        self.traffic = traffic
        self.failures = failures
        self.latencies = latencies
        self.usage = usage
        self.models = models
        self.errors = errors
        self.slowest = slowest
    }

    private var traceCount: Double { total.number("traces") ?? 0 }
    private var errorCount: Double { failed.number("traces") ?? 0 }
    private var errorRate: Double { traceCount > 0 ? errorCount / traceCount : 0 }

    func set(in context: inout PageContext, project: String, range: TimeRange) {
        context.set("has_data", buckets != nil)
        context.set("figures", figures)
        context.set("charts", charts(project).map(\.context))
        setModels(in: &context, project, range)
        context.set("has_errors", !errors.isEmpty)
        context.set(
            "errors",
            errors.map { row in
                let name = row.text("name"), message = row.text("status_message"), count = row.integer("count") ?? 0
                return .make {
                    $0.set("name", name)
                    $0.set("message", message)
                    $0.set("count", count)
                    $0.set("count_text", Figures.count(count))
                    $0.set("last_time", row.text("last"))
                    $0.set("last_text", Times.text(row.text("last")))
                    let text = "status:error " + FilterText.equal("name", name)
                    $0.set(
                        "url",
                        URLText.url(
                            project + "/traces", [("q", text), ("from", range.from)] + (range.to.isEmpty ? [] : [("to", range.to)])))
                }
            })
        context.set(
            "slowest",
            slowest.map { trace in
                .make {
                    $0.set("name", trace.text("name").isEmpty ? "(no name)" : trace.text("name"))
                    $0.set("url", "\(project)/traces/\(trace.text("trace_id"))")
                    $0.set("duration_ms", trace.number("duration_ms").map { Figures.raw($0) })
                    $0.set("duration_text", trace.number("duration_ms").map { Figures.duration(milliseconds: $0) })
                }
            })
    }

    private var figures: [PageContext] {
        let p95 = latency.number("p95"), p50 = latency.number("p50"), cost = used.number("cost")
        let costOfTrace = cost.flatMap { traceCount > 0 ? $0 / traceCount : nil }
        return [
            FigureContext.make("Traces", "overview.traces", traceCount, Figures.count(Int64(traceCount))),
            FigureContext.make(
                "Traces with errors", "overview.errors", errorCount, Figures.count(Int64(errorCount)),
                more: [.number("overview.error_rate", errorRate, Figures.percent(errorRate)), .words(" of all")]),
            FigureContext.make(
                "Latency p95", "overview.p95", p95, p95.map { Figures.duration(milliseconds: $0) } ?? "–",
                more: p50.map { [.words("p50 "), .number("overview.p50", $0, Figures.duration(milliseconds: $0))] } ?? []),
            FigureContext.make(
                "Cost", "overview.cost", cost, cost.map { Figures.cost($0) } ?? "–",
                more: costOfTrace.map { [.number("overview.cost_per_trace", $0, Figures.cost($0)), .words(" a trace")] } ?? []),
        ]
    }

    private func charts(_ project: String) -> [Chart] {
        guard let buckets else { return [] }
        let list = project + "/traces", step = buckets.step * 1_000_000_000
        func chart(
            _ id: String, _ title: String, _ kind: Chart.Kind, _ unit: Chart.Unit, _ metric: String, total: (Double, String)?,
            _ series: [(String, [Double?])]
        ) -> Chart {
            Chart(
                id: id, title: title, kind: kind, unit: unit, metric: "bucket." + metric,
                total: total.map { ("overview." + id, $0.0, $0.1) }, series: series.map(\.0), points: buckets.points(series.map(\.1)),
                step: step, list: list)
        }
        let all = buckets.values(traffic, "traces").map { $0 ?? 0 }, bad = buckets.values(failures, "traces").map { $0 ?? 0 }
        let good: [Double?] = zip(all, bad).map { max(0, $0 - $1) }
        let rates: [Double?] = zip(all, bad).map { $0 > 0 ? $1 / $0 : nil }
        let cost = used.number("cost") ?? 0, tokens = used.number("tokens") ?? 0
        return [
            chart(
                "traffic", "Traces", .bars, .count, "traces", total: (traceCount, Figures.count(Int64(traceCount))),
                [("without errors", good), ("with errors", bad.map { $0 })]),
            chart(
                "error_rate", "Error rate", .line, .percent, "error_rate", total: (errorRate, Figures.percent(errorRate)),
                [("errors", rates)]),
            chart(
                "latency", "Latency", .line, .ms, "latency_ms", total: nil,
                ["p50", "p95", "p99"].map { ($0, buckets.values(latencies, $0)) }),
            chart("cost", "Cost by model", .area, .usd, "cost", total: (cost, Figures.cost(cost)), byModel("cost", buckets)),
            chart("tokens", "Tokens by model", .area, .count, "tokens", total: (tokens, Figures.short(tokens)), byModel("tokens", buckets)),
        ]
    }

    /// The models that used most, and the rest together.
    private func byModel(_ column: String, _ buckets: Buckets) -> [(String, [Double?])] {
        var sums: [String: Double] = [:]
        for row in usage { sums[row.text("model"), default: 0] += row.number(column) ?? 0 }
        let names = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let shown = names.count > Chart.maximumSeriesCount ? Array(names.prefix(Chart.maximumSeriesCount - 1)) : names
        var series = shown.map { name in
            (
                name.isEmpty ? "unknown" : name,
                buckets.values(usage.filter { $0.text("model") == name }, column).map { $0 ?? 0 } as [Double?]
            )
        }
        let rest = Set(names).subtracting(shown)
        if !rest.isEmpty {
            var values = [Double](repeating: 0, count: buckets.starts.count)
            for name in rest {
                for (index, value) in buckets.values(usage.filter { $0.text("model") == name }, column).enumerated() {
                    values[index] += value ?? 0
                }
            }
            series.append(("\(rest.count) others", values.map { $0 }))
        }
        return series
    }

    private func setModels(in context: inout PageContext, _ project: String, _ range: TimeRange) {
        let all = max(models.reduce(0) { $0 + ($1.number("cost") ?? 0) }, .leastNormalMagnitude)
        context.set(
            "models",
            models.map { row in
                let name = row.text("model"), calls = row.integer("calls") ?? 0, tokens = row.number("tokens") ?? 0,
                    cost = row.number("cost") ?? 0
                return .make {
                    $0.set("name", name.isEmpty ? "unknown" : name)
                    $0.set("provider", row.text("provider"))
                    $0.set("calls", calls)
                    $0.set("calls_text", Figures.count(calls))
                    let errorRate = row.number("error_rate") ?? 0
                    $0.set("error_rate", Figures.raw(errorRate))
                    $0.set("error_rate_text", Figures.percent(errorRate))
                    for name in ["p50", "p95"] {
                        $0.set(name + "_ms", row.number(name).map { Figures.raw($0) })
                        $0.set(name + "_text", row.number(name).map { Figures.duration(milliseconds: $0) } ?? "–")
                    }
                    $0.set("tokens", Figures.raw(tokens))
                    $0.set("tokens_text", Figures.short(tokens))
                    $0.set("cost", Figures.raw(cost))
                    $0.set("cost_text", Figures.cost(cost))
                    $0.set("share", Int((100 * cost / all).rounded()))
                    $0.set(
                        "url",
                        URLText.url(
                            project + "/traces",
                            [("q", FilterText.equal("model", name)), ("from", range.from)] + (range.to.isEmpty ? [] : [("to", range.to)])))
                }
            })
    }
}
