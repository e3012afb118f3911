/// `/account`: what is the user's own. `/invitation` and `/password-reset` stand behind mailed links and are open to everybody.

import ByteCoding
import HTTPServer
import HTTPTypes

struct AccountHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] { [pages.page("getAccountPage", "/account", handler: getAccountPage)] }

    func getAccountPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let sessions = try await visit.api.get("/api/v1/users/me/sessions", [("limit", "100")]).list("data")
        let context = PageContext.make { context in
            context.set("title", "Account")
            context.set("page_url", "/account")
            context.set("has_password", true)
            context.set(
                "sessions",
                sessions.map { session in
                    .make {
                        $0.set("id", session.text("id"))
                        $0.set("user_agent", UserAgent.name(session.text("user_agent")))
                        $0.set("address", session.text("address"))
                        $0.set("is_current", session.flag("is_current"))
                        $0.set("last_used_time", session.text("last_used_at"))
                        $0.set("last_used_text", Times.text(session.text("last_used_at")))
                    }
                })
            context.set(
                "memberships",
                frame.organizations.map { organization in
                    .make {
                        $0.set("name", organization.name)
                        $0.set("role", organization.role?.rawValue ?? "in single projects")
                    }
                })
        }
        return .page(Page(name: "account", context: context))
    }
}

/// A browser by the words it sends of itself.
enum UserAgent {
    /// `Firefox 145 on Linux`; what is no browser's stays as it is.
    static func name(_ text: String) -> String {
        let browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari")]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]
        guard let (mark, browser) = browsers.first(where: { text.contains($0.0) }), let range = text.firstRange(of: mark) else {
            return text.isEmpty ? "an unnamed program" : text
        }
        let version = text[range.upperBound...].prefix { $0.isNumber }
        let system = systems.first { text.contains($0.0) }?.1
        return "\(browser) \(version)" + (system.map { " on " + $0 } ?? "")
    }
}
