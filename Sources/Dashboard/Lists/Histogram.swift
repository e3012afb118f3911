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
    /// Of the whole range.
    let traceCount: Int64
    let errorCount: Int64

    /// nil where the range has no traces. Errors: the API's own.
    static func load(_ filter: ListFilter, _ api: APICaller) async throws(Problem) -> Histogram? {
        Histogram(try await api.get("/api/v1/traces/histogram", filter.parameters))
    }

    /// Of the API's answer; nil where it has no bars.
    init?(_ answer: JSONValue) {
        let bars = answer.list("data").compactMap { bar in
            TimeText.unixNano(bar.text("bucket")).map {
                Bar(start: $0, traces: bar.integer("trace_count") ?? 0, withErrors: bar.integer("error_trace_count") ?? 0)
            }
        }
        guard let first = bars.first, let last = bars.last, let milliseconds = answer.integer("bucket_ms"), milliseconds > 0 else {
            return nil
        }
        self.bars = bars
        step = milliseconds * 1_000_000
        start = first.start
        end = last.start + step
        traceCount = answer.integer("trace_count") ?? 0
        errorCount = answer.integer("error_trace_count") ?? 0
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
            context.set("count_word", traceCount == 1 ? "trace" : "traces")
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
