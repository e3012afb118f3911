/// `/account`: what is the user's own.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes

struct AccountHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] { [pages.page("getAccountPage", "/account", handler: getAccountPage)] }

    func getAccountPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let sessions = try await visit.api.all("/api/v1/users/me/sessions")
        let methods = try await visit.api.get("/api/v1/auth/methods")
        let memberships = frame.organizations.map { AccountContent.Membership(name: $0.name, role: $0.role) }
        let context = PageContext.make { context in
            context.set("title", "Account")
            context.set("page_url", "/account")
            AccountContent.set(sessions, methods: methods, memberships, in: &context)
        }
        return .page(Page(name: "account", context: context))
    }
}

enum AccountContent {
    struct Membership: Sendable {
        let name: String
        /// nil: roles in single projects alone.
        let role: Role?
    }

    /// `methods`: how people sign in here.
    static func set(_ sessions: [JSONValue], methods: JSONValue, _ memberships: [Membership], in context: inout PageContext) {
        context.set("has_password", methods.flag("password"))
        context.set(
            "sessions",
            sessions.map { session in
                .make {
                    $0.set("id", session.text("id"))
                    $0.set("user_agent", UserAgent.name(session.text("user_agent")))
                    $0.set("address", session.text("address").isEmpty ? "an unknown address" : session.text("address"))
                    $0.set("is_current", session.flag("is_current"))
                    $0.setTime("last_used", session.text("last_used_at"))
                }
            })
        context.set(
            "memberships",
            memberships.map { membership in
                .make {
                    $0.set("name", membership.name)
                    $0.set("role", membership.role?.rawValue ?? "in single projects")
                }
            })
    }
}
