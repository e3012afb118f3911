/// `/sign-in` and `/sign-out`: a browser's session begins and ends. The only forms that no module handles: they work without scripts.

import Access
import HTTPAPI
import HTTPServer
import HTTPTypes
import Hummingbird
import IPAddresses
import Metastore

struct SessionHandlers: Sendable {
    let accounts: Accounts
    let responder: APIResponder
    let renderer: PageRenderer
    /// Whether an identity provider is configured.
    let hasIdentityProvider: Bool

    var routes: [Route] {
        [
            Route("getSignInPage", .get, "/sign-in", statuses: [200, 303], handler: getSignInPage),
            Route("signInWithForm", .post, "/sign-in", statuses: [303, 400, 401, 403, 413, 415, 429, 503], handler: signInWithForm),
            Route("signOutWithForm", .post, "/sign-out", statuses: [303, 403], handler: signOutWithForm),
        ]
    }

    func getSignInPage(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let visit = try PageVisit(request, context, responder)
        let next = visit["next"].flatMap { LocalPath($0) } ?? Self.home
        if try await isSignedIn(visit) { return .onward(to: next.text) }
        return .page(renderer.page("sign-in", in: .bare, SignInContext(next: next, hasIdentityProvider: hasIdentityProvider).context))
    }

    func signInWithForm(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        try Self.requireOwnPage(request, context)
        let form = try await FormBody(of: request, context)
        let next = LocalPath(form["next"]) ?? Self.home
        do {
            let signedIn = try await accounts.signIn.signInBrowser(
                email: form["email"], password: form["password"], origin: origin(request, context))
            var response = Response.onward(to: next.text)
            response.headers[.setCookie] = SessionCookie(context).setting(signedIn.token)
            return response
        } catch let error as AccessError {
            // The page again, with what was typed but for the password.
            let problem = Problem(describing: error)
            guard [.unauthorized, .tooManyRequests].contains(problem.status) else { throw error }
            var page = SignInContext(next: next, hasIdentityProvider: hasIdentityProvider)
            page.email = form["email"]
            page.failure = Sentence.text(problem.detail)
            var response = Response.page(renderer.page("sign-in", in: .bare, page.context), problem.status)
            if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
            return response
        }
    }

    /// Ends the session, wherever else its cookie is; a session that has ended already is no error.
    func signOutWithForm(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        try Self.requireOwnPage(request, context)
        if let credential = try context.credential(of: request),
            let principal = try? await accounts.accessControl.authenticate(
                credential, project: nil, address: context.remoteAddress, needsMembership: false),
            let user = principal.userID, let session = principal.sessionID
        {
            let audit = principal.audit("signOut", address: context.remoteAddress?.description, requestID: context.requestID.text)
            try await accounts.signIn.signOut(session, of: user, audit: audit)
        }
        var response = Response.onward(to: "/sign-in")
        response.headers[.setCookie] = SessionCookie(context).removing
        return response
    }

    // MARK: Who asks

    private static let home = LocalPath.root

    private func isSignedIn(_ visit: PageVisit) async throws -> Bool {
        do throws(Problem) {
            _ = try await visit.api.get("/api/v1/users/me")
            return true
        } catch {
            if error.status == .unauthorized { return false }
            throw error
        }
    }

    /// Also without a cookie: a page of another site must not sign somebody into an account of its own.
    private static func requireOwnPage(_ request: Request, _ context: ServerRequestContext) throws(Problem) {
        guard CrossSiteRule(ownOrigin: context.ownOrigin(of: request)).isOfOwnPage(request.headers) else {
            throw Problem(.forbidden, "this form was sent from another site's page", kind: "cross-site")
        }
    }

    private func origin(_ request: Request, _ context: ServerRequestContext) -> RequestOrigin {
        RequestOrigin(
            address: context.remoteAddress?.description,
            userAgent: String(String.UnicodeScalarView((request.headers[.userAgent] ?? "").unicodeScalars.prefix(300))),
            requestID: context.requestID.text)
    }
}

/// What `pages/sign-in.mustache` shows.
struct SignInContext: Sendable {
    let next: LocalPath
    let hasIdentityProvider: Bool
    var email = ""
    var failure: String?

    init(next: LocalPath, hasIdentityProvider: Bool) {
        self.next = next
        self.hasIdentityProvider = hasIdentityProvider
    }

    var context: PageContext {
        .make { context in
            context.set("title", "Sign in")
            context.set("action", "/sign-in")
            context.set("next", next.text)
            context.set("email", email)
            context.set("has_problem", failure != nil)
            context.set("problem", failure)
            context.set("has_oidc", hasIdentityProvider)
            context.set("oidc_name", "single sign-on")
            context.set("oidc_url", URLText.url("/api/v1/auth/openid-connect", [("page", next.text)]))
        }
    }
}
