/// The traces of one user of the traced application, and what became of them over time. A trace is the user's whom its earliest span with
/// a user names: most of its spans say nobody, and so counts of spans would be of something else.

import ByteCoding
import HTTPServer
import TraceQuery

struct UserTraces: Sendable {
    private let rows: [JSONValue]
    /// There are more than are read.
    let isCut: Bool
    private let range: TimeRange

    /// - Parameters:
    ///   - filter: the page's, narrowed to the user.
    ///   - user: whose traces they are.
    static func load(_ filter: ListFilter, of user: String, _ api: APICaller) async throws(Problem) -> UserTraces {
        let fields = "trace_id,start_time,duration_ms,error_count,total_tokens,cost,user_id"
        var rows: [JSONValue] = [], cursor: String?
        repeat {
            let answer = try await api.get(
                "/api/v1/traces",
                filter.parameters + [("fields", fields), ("sort", "-start_time"), ("limit", "1000")]
                    + (cursor.map { [("cursor", $0)] } ?? []))
            rows += answer.list("data")
            cursor = answer["next_cursor"]?.stringValue
        } while cursor != nil && rows.count < DashboardLimits.maximumChartedTraceCount
        return UserTraces(rows, of: user, isCut: cursor != nil, range: filter.range)
    }

    init(_ rows: [JSONValue], of user: String, isCut: Bool, range: TimeRange) {
        self.rows = rows.filter { $0.text("user_id") == user }
        self.isCut = isCut
        self.range = range
    }

    /// Said where the charts are not of all.
    var note: String { isCut ? "The charts are of the newest \(Figures.counted(Int64(rows.count), "trace", "traces"))." : "" }

    /// `list`: the address of the user's traces, which each point narrows to its time.
    func charts(_ list: String) -> [Chart] {
        let times = rows.compactMap { TimeText.unixNano($0.text("start_time")) }
        guard let first = times.min(), let last = times.max() else { return [] }
        // A trace that began before the range and went on in it is there with all it did.
        let start = min(first, isCut ? first : range.start ?? first)
        let end = max(last + 1, range.start == nil && range.to.isEmpty ? last + 1 : range.end)
        let buckets = Buckets(from: start, to: end), width = buckets.step * 1_000_000_000
        var byBucket = [[JSONValue]](repeating: [], count: buckets.starts.count)
        for row in rows {
            guard let time = TimeText.unixNano(row.text("start_time")), let origin = buckets.starts.first else { continue }
            let index = Int((time - origin) / width)
            if byBucket.indices.contains(index) { byBucket[index].append(row) }
        }
        func chart(
            _ id: String, _ title: String, _ kind: Chart.Kind, _ unit: Chart.Unit, total: (Double, String)?, _ names: [String],
            _ values: ([JSONValue]) -> [Double?]
        ) -> Chart {
            Chart(
                id: id, title: title, kind: kind, unit: unit, metric: "user_bucket." + id, total: total.map { ("user." + id, $0.0, $0.1) },
                series: names, points: zip(buckets.starts, byBucket).map { ($0, values($1)) }, step: width, list: list)
        }
        func sum(_ rows: [JSONValue], _ column: String) -> Double { rows.reduce(0) { $0 + ($1.number(column) ?? 0) } }
        let failed = rows.count { Self.hasErrors($0) }, rate = Double(failed) / Double(max(1, rows.count))
        let cost = sum(rows, "cost"), tokens = sum(rows, "total_tokens")
        return [
            chart(
                "trace_count", "Traces", .bars, .count, total: (Double(rows.count), Figures.count(Int64(rows.count))),
                ["without errors", "with errors"]
            ) { rows in
                let bad = rows.count { Self.hasErrors($0) }
                return [Double(rows.count - bad), Double(bad)]
            },
            chart("error_rate", "Traces with errors", .line, .percent, total: (rate, Figures.percent(rate)), ["errors"]) { rows in
                [rows.isEmpty ? nil : Double(rows.count { Self.hasErrors($0) }) / Double(rows.count)]
            },
            chart("duration_ms", "Duration of traces", .line, .ms, total: nil, ["p50", "p95", "p99"]) { rows in
                let sorted = rows.compactMap { $0.number("duration_ms") }.sorted()
                return [0.5, 0.95, 0.99].map { Self.quantile($0, of: sorted) }
            },
            chart("cost", "Cost", .area, .usd, total: (cost, Figures.cost(cost)), ["cost"]) { [sum($0, "cost")] },
            chart("total_tokens", "Tokens", .area, .count, total: (tokens, Figures.short(tokens)), ["tokens"]) {
                [sum($0, "total_tokens")]
            },
        ]
    }

    private static func hasErrors(_ row: JSONValue) -> Bool { (row.integer("error_count") ?? 0) > 0 }

    /// Interpolated between neighbours, as queries do; nil of nothing.
    static func quantile(_ share: Double, of sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let place = share * Double(sorted.count - 1), low = Int(place), high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
