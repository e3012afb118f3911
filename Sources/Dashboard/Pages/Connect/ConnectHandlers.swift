/// `/projects/{project_id}/connect`: how an application sends spans here, and the first one the moment it is there.

import Access
import ByteCoding
import HTTPServer

struct ConnectHandlers: Sendable {
    /// nil: where the browser came to.
    let publicURL: String?

    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getConnectPage", "/projects/{project_id}/connect") { visit, frame in
                // Whatever its time: spans of a first try may have any clock.
                let newest = try await visit.api.get("/api/v1/traces", [("limit", "1")]).list("data").first
                let endpoint = publicURL ?? visit.context.ownOrigin(of: visit.request) ?? ""
                return .page(
                    Page(
                        name: "connect", context: ConnectContext.make(frame, endpoint: endpoint, firstTrace: newest),
                        fragments: ["connect_status"]))
            }
        ]
    }
}

enum ConnectContext {
    static func make(_ frame: PageFrame, endpoint: String, firstTrace: JSONValue?, now: Int64 = Times.now()) -> PageContext {
        .make { context in
            context.set("title", "Connect")
            context.set("page_url", (frame.project?.url ?? "") + "/connect")
            context.set("endpoint", endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint)
            context.set("api_key_shown", "YOUR_API_KEY")
            context.set("can_make_keys", frame.may(.manageKeys))
            context.set("new_key_name", "connect \(Times.text(unixNano: now).prefix(10))")
            context.set("can_fill_demo", frame.may(.ingestSpans))
            context.set("has_first_trace", firstTrace != nil)
            context.set("first_trace_url", firstTrace.map { "\(frame.project?.url ?? "")/traces/\($0.text("trace_id"))" } ?? "")
            context.set("first_trace_name", firstTrace.map { $0["name"]?.stringValue ?? "(no name)" } ?? "")
        }
    }
}
