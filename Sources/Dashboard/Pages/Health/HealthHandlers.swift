/// `/health`: how Spandrel itself is, for whoever runs it.

import HTTPServer
import HTTPTypes

struct HealthHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getHealthPage", "/health") { visit, _ in
                let health = try await visit.api.get("/api/v1/health")
                let context = PageContext.make { context in
                    context.set("title", "Health")
                    context.set("page_url", "/health")
                    HealthContent(health: health).set(in: &context)
                }
                return .page(Page(name: "health", context: context, fragments: ["health_figures"]))
            }
        ]
    }
}
