/// Values over time, one or several series: what the chart's template shows, as a table that a module draws.

import ByteCoding
import TraceQuery

struct Chart: Sendable {
    enum Kind: String, Sendable {
        case line, area, bars
    }

    enum Unit: String, Sendable {
        case count, ms, usd, percent

        func text(_ value: Double) -> String {
            switch self {
            case .count: Figures.short(value)
            case .ms: Figures.duration(milliseconds: value)
            case .usd: Figures.cost(value)
            case .percent: Figures.percent(value)
            }
        }
    }

    let id: String
    let title: String
    let kind: Kind
    let unit: Unit
    /// What figures of its points are called.
    let metric: String
    var total: (metric: String, value: Double, text: String)?
    let series: [String]
    /// By the beginning of their bucket in Unix nanoseconds; a value for each series, nil where nothing was measured.
    let points: [(start: Int64, values: [Double?])]
    /// Nanoseconds of a bucket.
    let step: Int64
    /// The address of the list behind a point, without its time.
    let list: String

    private static let errorSeries: Set<String> = ["with errors", "errors"]

    /// Series that are told apart by colour; what is beyond them is added up.
    static let maximumSeriesCount = 7

    var context: PageContext {
        .make { context in
            context.set("id", id)
            context.set("title", title)
            context.set("kind", kind.rawValue)
            context.set("unit", unit.rawValue)
            context.set("has_total", total != nil)
            context.set("total_metric", total?.metric)
            context.set("total_value", total.map { Figures.raw($0.value) })
            context.set("total_text", total?.text)
            context.set(
                "series",
                series.enumerated().map { index, name in
                    .make {
                        $0.set("name", name)
                        // What failed has the colour of failures, wherever it stands.
                        $0.set("number", Self.errorSeries.contains(name) ? "bad" : String(index + 1))
                    }
                })
            context.set("points", points.map(point))
        }
    }

    private func point(_ point: (start: Int64, values: [Double?])) -> PageContext {
        let from = TimeText.rfc3339(point.start), to = TimeText.rfc3339(point.start + step)
        return .make { context in
            context.set("time", from)
            context.set("time_text", Times.text(unixNano: point.start))
            context.set("url", list + (list.contains("?") ? "&" : "?") + URLText.query([("from", from), ("to", to)]))
            context.set(
                "values",
                point.values.map { value in
                    .make {
                        $0.set("metric", metric)
                        $0.set("value", value.map { Figures.raw($0) })
                        $0.set("text", value.map { unit.text($0) })
                    }
                })
        }
    }
}

/// The buckets of a range: the same for every chart of a page.
struct Buckets: Sendable {
    let starts: [Int64]
    /// Seconds.
    let step: Int64

    /// Widths of a bucket of a chart, in seconds.
    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 2 * 86_400, 7 * 86_400,
        14 * 86_400, 30 * 86_400, 90 * 86_400, 365 * 86_400,
    ]
    private static let maximumBucketCount: Int64 = 90

    /// The width with which a range has at most so many buckets, in seconds.
    static func step(from start: Int64, to end: Int64) -> Int64 {
        let seconds = max(1, (end - start) / 1_000_000_000)
        return steps.first { seconds / $0 <= maximumBucketCount } ?? seconds
    }

    init(from start: Int64, to end: Int64) {
        step = Self.step(from: start, to: end)
        let width = step * 1_000_000_000, first = start - (start % width + width) % width
        starts = Array(stride(from: first, to: max(end, first + 1), by: Int(width)))
    }

    /// One series of a column of the rows, in the order of the buckets.
    func values(_ rows: [JSONValue], _ column: String) -> [Double?] {
        let byTime = Dictionary(rows.compactMap { row in TimeText.unixNano(row.text("bucket")).map { ($0, row.number(column)) } }) {
            first, _ in first
        }
        return starts.map { byTime[$0] ?? nil }
    }

    /// The points of several series.
    func points(_ series: [[Double?]]) -> [(start: Int64, values: [Double?])] {
        starts.enumerated().map { index, start in (start, series.map { $0[index] }) }
    }
}
