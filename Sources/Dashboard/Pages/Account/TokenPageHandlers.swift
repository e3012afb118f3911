/// `/invitation` and `/password-reset`: where mailed links lead. Open to everybody; the token stands behind the `#` of the link, which no
/// browser sends, and a module puts it into the form that goes to the API.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird

struct TokenPageHandlers: Sendable {
    let responder: APIResponder
    let renderer: PageRenderer
    /// Whether an identity provider is configured.
    let hasIdentityProvider: Bool

    var routes: [Route] {
        [
            Route("getInvitationPage", .get, "/invitation", statuses: [200, 400, 503], handler: getInvitationPage),
            Route("getPasswordResetPage", .get, "/password-reset", statuses: [200]) { _, _ in
                .page(renderer.page("password-reset", in: .bare, .make { $0.set("title", "New password") }))
            },
        ]
    }

    func getInvitationPage(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let visit = try PageVisit(request, context, responder)
        var user: JSONValue?
        do throws(Problem) { user = try await visit.api.get("/api/v1/users/me")["user"] } catch {
            guard error.status == .unauthorized else { throw error }
        }
        return .page(renderer.page("invitation", in: .bare, InvitationContent.context(user, hasIdentityProvider: hasIdentityProvider)))
    }
}

enum InvitationContent {
    /// `user`: who is signed in.
    static func context(_ user: JSONValue?, hasIdentityProvider: Bool) -> PageContext {
        .make { context in
            context.set("title", "Invitation")
            context.set("has_account", user != nil)
            context.set("email", user?.text("email"))
            context.set("has_oidc", hasIdentityProvider && user == nil)
            context.set("oidc_name", "single sign-on")
            // The page's module adds the invitation, which only the browser knows.
            context.set("oidc_url", "/api/v1/auth/openid-connect?page=%2F")
        }
    }
}
