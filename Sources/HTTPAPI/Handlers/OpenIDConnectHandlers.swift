/// `/api/v1/auth/openid-connect`: signing in with the operator's identity provider. A browser comes to the first path, is sent to the
/// provider, and is sent back to the second: with tokens as JSON, or, when it named one, to a page of this server with a session of its own.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird

struct OpenIDConnectHandlers: Sendable {
    /// nil: no provider is configured.
    let signIn: OpenIDConnectSignIn?

    private static let path = "/api/v1/auth/openid-connect"
    private static let cookieName = "spandrel_openid_connect"
    /// The sealed state, and with it the page, travels in a cookie.
    private static let maximumPageByteCount = 600

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "getSignInMethods", .get, "/api/v1/auth/methods", .public, statuses: [200], handler: getSignInMethods),
            builder.operation(
                "beginOpenIDConnectSignIn", .get, Self.path, .public, query: ["invitation", "page"], statuses: [303, 404],
                handler: beginOpenIDConnectSignIn),
            // No operation of the builder: providers add parameters of their own to the answer, which clients are to leave alone
            // (RFC 6749, section 4.1.2).
            Route(
                "finishOpenIDConnectSignIn", .get, OpenIDConnectConfiguration.callbackPath,
                queryParameters: ["code", "state", "error", "iss"], statuses: [200, 303, 400, 401, 403, 404, 409, 429, 500, 503],
                handler: finishOpenIDConnectSignIn),
        ]
    }

    /// What a sign-in page shows. Says nothing of who the provider is: strangers read it.
    func getSignInMethods(_ request: APIRequest) async throws -> Response {
        .json { writer in
            writer.beginObject()
            writer.member("password", true)
            writer.member("openid_connect", signIn != nil)
            writer.endObject()
        }
    }

    func beginOpenIDConnectSignIn(_ request: APIRequest) async throws -> Response {
        let signIn = try configured()
        var page: LocalPath?
        if let text = request.query["page"] {
            guard let path = LocalPath(text), text.utf8.count <= Self.maximumPageByteCount else {
                throw Problem.invalid("page", "must be a path of this server, of at most \(Self.maximumPageByteCount) bytes")
            }
            page = path
        }
        let begun = try await signIn.begin(invitation: request.query["invitation"], page: page?.text)
        return Response(
            status: .seeOther,
            headers: [
                .location: begun.url, .cacheControl: "no-store",
                .setCookie: cookie(begun.cookie, seconds: AccessLimits.providerSignInLifetimeSeconds, signIn, request.context),
            ])
    }

    func finishOpenIDConnectSignIn(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        // The router answers HEAD with GET's handler; a preview of a link must not use up a code.
        guard request.method == .get else {
            throw Problem(.methodNotAllowed, "\(request.uri.path) answers GET", allowedMethods: ["GET"])
        }
        let signIn = try configured(), query = try QueryString(request.uri.query)
        let answer = AuthorizationResponse(code: query["code"], state: query["state"], error: query["error"], issuer: query["iss"])
        let origin = APIRequest(
            operationID: "finishOpenIDConnectSignIn", caller: nil, credential: nil, query: query, headers: request.headers,
            context: context, body: .null
        ).origin
        var response: Response
        switch try await signIn.finish(answer, cookie: request.cookies[Self.cookieName]?.value, origin: origin) {
        case .tokens(let signedIn): response = .session(signedIn)
        case .browser(let signedIn, let page):
            response = Response(status: .seeOther, headers: [.location: page, .cacheControl: "no-store"])
            response.headers[values: .setCookie].append(SessionCookie(context).setting(signedIn.token))
        }
        response.headers[values: .setCookie].append(cookie("", seconds: 0, signIn, context))
        return response
    }

    private func configured() throws(Problem) -> OpenIDConnectSignIn {
        guard let signIn else { throw Problem(.notFound, "no identity provider is configured; see --oidc-issuer of `spandrel serve`") }
        return signIn
    }

    /// Sent back to these paths alone, on the provider's redirect too (`Lax`), and never shown to a page's script.
    private func cookie(_ value: String, seconds: Int64, _ signIn: OpenIDConnectSignIn, _ context: ServerRequestContext) -> String {
        let secure = context.origin.isSecure || signIn.isSecure ? "; Secure" : ""
        return "\(Self.cookieName)=\(value); Path=\(Self.path); Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)"
    }
}
