/// The list of traces: what its template shows of what the API answered.

import ByteCoding
import TraceQuery

struct TracesContent: Sendable {
    let filter: ListFilter
    let columns: [ListColumn]
    /// As the API's: `-start_time`.
    let sort: String
    /// The API's answer.
    var page = JSONValue.null
    /// nil: there is none, or it is counted later.
    var histogram: Histogram?
    var isHistogramPending = false
    var isProjectEmpty = false
    /// Why the API refused the filter.
    var problem: String?

    /// `?histogram=shown`: the page comes with it, for whoever has no scripts.
    static let histogramParameter = "histogram"
    static let histogramShown = "shown"

    init(filter: ListFilter, columns: [ListColumn], sort: String) {
        self.filter = filter
        self.columns = columns
        self.sort = sort
    }

    func context(_ visit: PageVisit, _ frame: PageFrame) -> PageContext {
        let project = frame.project?.url ?? "", traces = page.list("data"), names = columns.map(\.name)
        return .make { context in
            context.set("title", "Traces")
            context.set("page_url", visit.url)
            filter.set(in: &context, visit, problem: problem)
            context.set("sort", sort)
            context.set("columns_text", names.joined(separator: ","))
            context.set(
                "columns",
                ListColumn.ofTraces.map { column in
                    .make {
                        $0.set("name", column.name)
                        $0.set("label", column.label)
                        $0.set("is_shown", columns.contains(column))
                    }
                })
            for (key, format) in [("export_csv_url", "csv"), ("export_json_url", "json")] {
                let parameters = [("format", format)] + filter.parameters + [("sort", sort), ("fields", names.joined(separator: ","))]
                context.set(key, URLText.url(project + "/api/v1/traces/export", parameters))
            }
            context.set("live_query", URLText.query(filter.filterParameters))
            context.set("arrival_position", page.integer("arrival_position") ?? 0)
            context.set("has_histogram", histogram != nil)
            context.set("is_histogram_pending", isHistogramPending)
            context.set("histogram_url", visit.url(setting: [(Self.histogramParameter, Self.histogramShown)]))
            context.set("histogram", histogram?.context ?? PageContext())
            ListTable(columns: columns, sort: sort, metric: "trace").set(traces, in: &context, visit, project: project) {
                "\(project)/traces/\($0.text("trace_id"))"
            }
            Pager.set(in: &context, visit, next: page["next_cursor"]?.stringValue, shown: shown(traces.count))
            context.set("is_project_empty", isProjectEmpty)
            context.set("clear_filter_url", URLText.url(visit.pagePath, visit.items(["from", "to", "sort", "columns"])))
            context.set("widen_url", visit.url(setting: [("from", TimeRange.everything), ("to", nil), ("cursor", nil)]))
        }
    }

    /// Counted behind the rows: of how many is known only when it is not fewer than there are.
    private func shown(_ count: Int) -> Pager.Shown {
        .init(count, of: histogram.map(\.traceCount).flatMap { $0 >= Int64(count) ? $0 : nil }, "trace", "traces")
    }
}
