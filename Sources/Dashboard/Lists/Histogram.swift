/// How many traces there were over time, and how many with errors: bars of equal width over the range.

import ByteCoding
import HTTPServer
import TraceQuery

struct Histogram: Sendable, Equatable {
    struct Bar: Sendable, Equatable {
        /// Unix nanoseconds.
        let start: Int64
        var traces: Int64 = 0
        var withErrors: Int64 = 0
    }

    /// Unix nanoseconds.
    let start: Int64
    let end: Int64
    let step: Int64
    let bars: [Bar]
    /// Distinct traces of the whole range: one that has spans in two bars stands in both, and counts once.
    let traceCount: Int64
    let errorCount: Int64

    /// Widths of a bar, in seconds.
    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 2 * 86_400, 7 * 86_400,
        14 * 86_400, 30 * 86_400, 90 * 86_400, 365 * 86_400,
    ]
    private static let maximumBarCount: Int64 = 90

    /// The width with which a range has at most so many bars, in seconds.
    static func step(from start: Int64, to end: Int64) -> Int64 {
        let seconds = max(1, (end - start) / 1_000_000_000)
        return steps.first { seconds / $0 <= maximumBarCount } ?? seconds
    }

    /// nil where the range has no spans, or the filter is in a form that queries do not take. Errors: the API's own.
    static func load(_ filter: ListFilter, _ api: APICaller) async throws(Problem) -> Histogram? {
        guard filter.isQueryable else { return nil }
        var start = filter.range.start, end = filter.range.end
        if start == nil {
            let answer = try await ask(filter, nil, api, [.string("min(start_time)"), .string("max(start_time)")], bucket: nil)
            guard let row = answer.first, let first = TimeText.unixNano(row.text("min_start_time")),
                let last = TimeText.unixNano(row.text("max_start_time"))
            else { return nil }
            start = first
            if filter.range.to.isEmpty { end = last + 1 }
        }
        guard let start else { return nil }
        let step = step(from: start, to: end), bucket = "\(step)s"
        let errors = FilterText.object("status", .string("error")), count = JSONValue.string("count_distinct(trace_id)")
        // One after the other, so that a page takes one of the scans' threads.
        let all = try await ask(filter, nil, api, [count], bucket: bucket)
        guard !all.isEmpty else { return nil }
        let failed = try await ask(filter, errors, api, [count], bucket: bucket)
        let total = try await ask(filter, nil, api, [count], bucket: nil),
            failedTotal = try await ask(filter, errors, api, [count], bucket: nil)
        func counts(_ rows: [JSONValue]) -> [Int64: Int64] {
            Dictionary(
                rows.compactMap { row in TimeText.unixNano(row.text("bucket")).map { ($0, row.integer(countColumn) ?? 0) } },
                uniquingKeysWith: +)
        }
        return Histogram(
            from: start, to: end, stepSeconds: step, traces: counts(all), errors: counts(failed),
            traceCount: total.first?.integer(countColumn) ?? 0, errorCount: failedTotal.first?.integer(countColumn) ?? 0)
    }

    private static let countColumn = "count_distinct_trace_id"

    private static func ask(
        _ filter: ListFilter, _ condition: JSONValue?, _ api: APICaller, _ aggregates: [JSONValue], bucket: String?
    ) async throws(Problem) -> [JSONValue] {
        var members = filter.body(and: condition)
        members.append(JSONMember(key: "aggregates", value: .array(aggregates)))
        members.append(JSONMember(key: "limit", value: .integer(1_000)))
        if let bucket { members.append(JSONMember(key: "bucket", value: .string(bucket))) }
        return try await api.ask("/api/v1/query", .object(members)).list("data")
    }

    /// `traces`, `errors`: by the beginning of their bucket.
    init(
        from start: Int64, to end: Int64, stepSeconds: Int64, traces: [Int64: Int64], errors: [Int64: Int64], traceCount: Int64,
        errorCount: Int64
    ) {
        step = stepSeconds * 1_000_000_000
        // Buckets begin at multiples of the step since 1970.
        let first = start - (start % step + step) % step
        self.start = first
        let count = max(1, min(Self.maximumBarCount + 2, (end - first + step - 1) / step))
        self.end = first + count * step
        bars = (0..<count).map { index in
            let time = first + index * stepSeconds * 1_000_000_000
            return Bar(start: time, traces: traces[time] ?? 0, withErrors: errors[time] ?? 0)
        }
        self.traceCount = traceCount
        self.errorCount = errorCount
    }

    // MARK: What the template shows

    private static let height = 48.0
    private static let highest = 44.0

    var context: PageContext {
        let width = 1_000 / Double(bars.count), most = Double(max(1, bars.map(\.traces).max() ?? 1))
        return .make { context in
            context.set("text", "Traces over time")
            context.set("from_time", TimeText.rfc3339(start))
            context.set("from_text", Times.text(unixNano: start))
            context.set("to_time", TimeText.rfc3339(end))
            context.set("to_text", Times.text(unixNano: end))
            context.set("count", traceCount)
            context.set("count_text", Figures.count(traceCount))
            context.set("error_count", errorCount)
            context.set("error_count_text", Figures.count(errorCount))
            context.set("error_class", errorCount > 0 ? "bad" : "")
            context.set(
                "bars",
                bars.enumerated().map { index, bar in
                    let all = Self.highest * Double(bar.traces) / most
                    let failed = min(all, Self.highest * Double(bar.withErrors) / most)
                    return .make {
                        $0.set("x", Figures.fixed(Double(index) * width, 2))
                        $0.set("width", Figures.fixed(width, 2))
                        $0.set("bar_width", Figures.fixed(width * 0.78, 2))
                        $0.set("y", Figures.fixed(Self.height - all, 2))
                        $0.set("height", Figures.fixed(all - failed, 2))
                        $0.set("error_y", Figures.fixed(Self.height - failed, 2))
                        $0.set("error_height", Figures.fixed(failed, 2))
                        $0.set("from", TimeText.rfc3339(bar.start))
                        $0.set("to", TimeText.rfc3339(bar.start + step))
                        $0.set(
                            "text",
                            "\(Times.text(unixNano: bar.start)): \(Figures.counted(bar.traces, "trace", "traces")), "
                                + "\(Figures.count(bar.withErrors)) with errors")
                    }
                })
        }
    }
}
