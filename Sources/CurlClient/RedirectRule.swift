/// What becomes of a request that is answered with a redirect, as a pure function.

enum RedirectRule {
    /// Header fields that may follow a request to another origin: none of them can be a credential.
    static let harmlessHeaders: Set<String> = ["accept", "accept-language", "content-type", "user-agent"]

    /// The request to send next; nil when the response is for the caller.
    ///
    /// Errors: `protocolFault` for a redirect too many or out of TLS, `invalidRequest` and `addressRefused` for its URL.
    static func next(
        after request: CurlRequest, status: Int, location: String?, followedCount: Int
    ) throws(CurlError) -> CurlRequest? {
        guard request.maximumRedirectCount > 0, [301, 302, 303, 307, 308].contains(status), let location else { return nil }
        let maximum = min(request.maximumRedirectCount, CurlLimits.redirectCount)
        guard followedCount < maximum else { throw CurlError(.protocolFault, "\(request.url) redirects more than \(maximum) times") }
        var next = request
        next.url = try request.url.resolving(location)
        if request.url.scheme == "https", next.url.scheme != "https" {
            throw CurlError(.protocolFault, "\(request.url) redirects out of TLS")
        }
        // 307 and 308 repeat the request; the others turn all but GET and HEAD into a GET, as every browser does.
        if status != 307, status != 308, request.method != "GET", request.method != "HEAD" {
            next.method = "GET"
            next.body = []
            next.headers["content-type"] = nil
        }
        if !next.url.hasSameOrigin(as: request.url) { next.headers.keep(harmlessHeaders) }
        return next
    }
}
