/// `/projects/{project_id}/traces`: the list, its histogram, and the part of both that a module fetches when something changes.

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
                async let histogram = Histogram.load(filter, visit.api)
                var parameters = filter.parameters + [("sort", sort), ("limit", String(Self.pageRowCount))]
                if let cursor = visit["cursor"] { parameters.append(("cursor", cursor)) }
                content.page = try await visit.api.get("/api/v1/traces", parameters)
                content.histogram = try await histogram
                if content.page.list("data").isEmpty {
                    content.isProjectEmpty = try await visit.api.get("/api/v1/traces", [("limit", "1")]).list("data").isEmpty
                }
            } catch let problem as Problem where [.badRequest, .unprocessableContent].contains(problem.status) {
                // The page says what is wrong with what was written, beside it.
                content.problem = problem.errors.first.map { "\($0.field) \($0.message)" } ?? problem.detail
            }
        }
        return .page(
            Page(name: "traces", context: content.context(visit, frame), fragments: ["traces_results", "traces_rows", "histogram"]))
    }
}
