/// Which mail server to use and as whom: what the operator configured.

package struct SMTPConfiguration: Sendable, CustomStringConvertible {
    /// `smtp://host:port` or `smtps://host:port`.
    let server: String
    /// Ends the transfer before anything secret is said, when the server offers no STARTTLS.
    package var requiresTLS: Bool
    let user: String
    let password: String
    package let sender: MailAddress
    package var timeouts = CurlTimeouts(
        connect: CurlLimits.connectTimeout, firstByte: CurlLimits.mailAnswerTimeout, idle: CurlLimits.mailAnswerTimeout,
        total: CurlLimits.mailTimeout)

    /// - Parameters:
    ///   - url: `smtp://host[:port]` (port 587 when none is given) or `smtps://host[:port]` (465).
    ///   - user: empty for servers that ask for none.
    ///
    /// Errors: `invalidRequest`.
    package init(
        url: String, user: String = "", password: String = "", sender: MailAddress, requiresTLS: Bool = true
    ) throws(CurlError) {
        let advice = "the mail server is written smtp://host:port or smtps://host:port"
        let lower = url.lowercased()
        guard let scheme = ["smtp", "smtps"].first(where: { lower.hasPrefix($0 + "://") }) else {
            throw CurlError(.invalidRequest, advice)
        }
        // The rest is what an http URL may have as its origin, and nothing else: no user, no path.
        let place = try CurlURL("http://" + lower.dropFirst(scheme.utf8.count + 3))
        let name = place.host.contains(":") ? "[\(place.host)]" : place.host
        let hasPort = place.text == "http://\(name):\(place.port)/"
        guard hasPort || place.text == "http://\(name)/" else { throw CurlError(.invalidRequest, advice) }
        server = "\(scheme)://\(name):\(hasPort ? place.port : scheme == "smtps" ? 465 : 587)"
        self.user = user
        self.password = password
        self.sender = sender
        self.requiresTLS = requiresTLS
    }

    package var description: String { "\(server), from \(sender)" }
}
