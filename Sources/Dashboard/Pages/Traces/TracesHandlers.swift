/// `/projects/{project_id}/traces`: the list, and its histogram, which counts all that the filter names and is therefore a part that a module
/// fetches once the rows are shown.

import ByteCoding
import HTTPServer
import HTTPTypes

struct TracesHandlers: Sendable {
    static let pageRowCount = 50

    func routes(_ pages: PageRoutes) -> [Route] {
        [pages.page("getTracesPage", "/projects/{project_id}/traces", handler: getTracesPage)]
    }

    func getTracesPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let filter = ListFilter(visit), columns = ListColumn.chosen(visit["columns"], of: ListColumn.ofTraces)
        let sort = ListColumn.sort(visit["sort"], of: ListColumn.ofTraces, default: "-start_time")
        var content = TracesContent(filter: filter, columns: columns, sort: sort)
        if filter.problem == nil {
            do {
                if visit.fragment == Self.histogramFragment {
                    content.histogram = try await Histogram.load(filter, visit.api)
                    return page(content, visit, frame)
                }
                let comesWithHistogram = visit[TracesContent.histogramParameter] == TracesContent.histogramShown
                async let histogram = comesWithHistogram ? Histogram.load(filter, visit.api) : nil
                var parameters = filter.parameters + [("sort", sort), ("limit", String(Self.pageRowCount))]
                if let cursor = visit["cursor"] { parameters.append(("cursor", cursor)) }
                content.page = try await visit.api.get("/api/v1/traces", parameters)
                content.histogram = try await histogram
                content.isHistogramPending = content.histogram == nil
                if content.page.list("data").isEmpty {
                    content.isProjectEmpty = try await visit.api.get("/api/v1/traces", [("limit", "1")]).list("data").isEmpty
                }
            } catch let problem as Problem where [.badRequest, .unprocessableContent].contains(problem.status) {
                // The page says what is wrong with what was written, beside it.
                content.problem = problem.errors.first.map { "\($0.field) \($0.message)" } ?? problem.detail
            }
        }
        return page(content, visit, frame)
    }

    private static let histogramFragment = "traces_histogram"

    private func page(_ content: TracesContent, _ visit: PageVisit, _ frame: PageFrame) -> PageAnswer {
        .page(Page(name: "traces", context: content.context(visit, frame), fragments: ["traces_results", Self.histogramFragment]))
    }
}
