/// Whether a request that a browser's cookie vouches for may do something: a page of another site can make a browser send one, cookie and
/// all, so it must say that it comes from a page of this server.
///
///     GET, HEAD, OPTIONS                    may: they change nothing, and their answers are read by this server's pages alone
///     anything else, and WebSockets         Sec-Fetch-Site: same-origin; from browsers that do not send it, Origin equal to our own
///
/// Both headers are the browser's own: no page can write them. `same-site` is not enough: who serves another port of this host, or another
/// host of its domain, is somebody else.

import HTTPTypes

package struct CrossSiteRule: Sendable {
    /// As browsers that show the server's pages send it; nil when the request names no host.
    private let ownOrigin: String?

    package init(ownOrigin: String?) { self.ownOrigin = ownOrigin }

    package func allows(_ method: HTTPRequest.Method, _ headers: HTTPFields) -> Bool {
        let isSafe = [.get, .head, .options].contains(method) && !WebSocketHandshake.isAsked(in: headers)
        return isSafe || isOfOwnPage(headers)
    }

    /// Whether a page of this server made the request.
    package func isOfOwnPage(_ headers: HTTPFields) -> Bool {
        // A header that is there twice is joined by a comma, and so equal to neither.
        if let site = headers[.fetchSite] { return site == "same-origin" }
        guard let origin = headers[.origin], let ownOrigin else { return false }
        return origin.lowercased() == ownOrigin.lowercased()
    }
}

extension HTTPField.Name {
    // A valid token, so not nil.
    package static let fetchSite = HTTPField.Name("sec-fetch-site")!
}
