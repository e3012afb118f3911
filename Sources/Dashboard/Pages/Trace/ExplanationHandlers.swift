/// `/projects/{project_id}/traces/{trace_id}/spans/{span_id}/explain`: why the fields and the cost of a span are what they are.

import ByteCoding
import HTTPServer
import TraceQuery

struct ExplanationHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page(
                "getExplanationPage", "/projects/{project_id}/traces/{trace_id}/spans/{span_id}/explain", handler: getExplanationPage)
        ]
    }

    func getExplanationPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let trace = visit.path("trace_id"), id = visit.path("span_id")
        let path = "/api/v1/traces/\(URLText.encoded(trace))/spans/\(URLText.encoded(id))"
        async let span = visit.api.get(path)
        let explanation = try await visit.api.get(path + "/explain")
        let place = TracePlace(project: frame.project?.url ?? "", traceID: trace, origin: "")
        let content = ExplanationContent(span: try await span, explanation: explanation, place: place)
        let context = PageContext.make { context in
            context.set("page_url", visit.url)
            content.set(in: &context)
        }
        return .page(Page(name: "explanation", context: context))
    }
}
