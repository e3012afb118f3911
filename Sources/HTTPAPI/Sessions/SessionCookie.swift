/// The cookie of a browser's session. Behind TLS its name begins with `__Host-`: browsers then take it from this host alone, over TLS alone,
/// for all of its paths. No script reads it, and other sites' pages send it with nothing but a link that is followed.

import Access
import HTTPServer
import Hummingbird

package struct SessionCookie: Sendable {
    private let isSecure: Bool

    package init(_ context: ServerRequestContext) { isSecure = context.origin.isSecure }

    package init(isSecure: Bool) { self.isSecure = isSecure }

    package var name: String { isSecure ? "__Host-spandrel_session" : "spandrel_session" }

    /// The value for `Set-Cookie` with which a session begins.
    package func setting(_ token: SecretToken) -> String { field(token.text, seconds: AccessLimits.sessionLifetimeSeconds) }

    /// The same that makes the browser forget it.
    package var removing: String { field("", seconds: 0) }

    private func field(_ value: String, seconds: Int64) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }
}

extension ServerRequestContext {
    /// What a request shows: a key or a token in a header, else the cookie of a browser's session, which counts only where CrossSiteRule
    /// lets it. The one place where a cookie becomes a credential.
    ///
    /// - Throws: 403 for a request that a page of another site may have made.
    package func credential(of request: Request) throws(Problem) -> Credential? {
        if let shown = Credential.find(in: request.headers.value(ofName:)) { return shown }
        guard let value = request.cookies[SessionCookie(self).name]?.value, !value.isEmpty else { return nil }
        guard CrossSiteRule(ownOrigin: ownOrigin(of: request)).allows(request.method, request.headers) else {
            throw Problem(
                .forbidden, "a request with a session's cookie that changes something must come from a page of this server",
                kind: "cross-site")
        }
        return Credential(cookie: value)
    }
}
