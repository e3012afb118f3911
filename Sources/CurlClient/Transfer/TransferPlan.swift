/// What the loop is asked to do: everything about one transfer, as a value that goes from the caller's task to the loop's thread.

struct TransferPlan: Sendable {
    enum Content: Sendable {
        case request(CurlRequest)
        case mail(MailTransfer)
    }

    var content: Content
    var settings: CurlSettings
    var timeouts: CurlTimeouts
    var totalDeadline: ContinuousClock.Instant?
    var addressPolicy: OutboundAddressPolicy

    /// Whom errors speak of: scheme, host and port, nothing that could be a secret.
    var peer: String {
        switch content {
        case .request(let request): request.url.origin
        case .mail(let mail): mail.server
        }
    }
}

/// One mail on the wire.
struct MailTransfer: Sendable, CustomStringConvertible {
    /// smtp://host:port or smtps://host:port.
    var server: String
    var requiresTLS: Bool
    var user: String
    var password: String
    var sender: String
    var recipients: [String]
    var text: [UInt8]

    /// Without the password and the text.
    var description: String { "mail over \(server)" }
}

/// What holds for every transfer of a client.
package struct CurlSettings: Sendable {
    /// Whether a proxy stands in between. Its address is checked against the request's policy; which addresses lie behind it is
    /// then the proxy's to judge.
    package enum Proxy: Sendable, Hashable {
        /// Also when the environment names one.
        case none
        /// As `http_proxy`, `https_proxy` and `no_proxy` say.
        case fromEnvironment
        case url(String)
    }

    package var proxy = Proxy.none
    /// A PEM file of certificate authorities to believe beside the system's.
    package var additionalAuthoritiesFile: String?
    package var userAgent = "spandrel"
    /// Open and idle connections in all, and to one host; transfers beyond them wait for their turn. Whoever makes many calls of one
    /// host at a time asks for more, and for the descriptors.
    package var connectionCount = CurlLimits.connectionCount
    package var connectionCountPerHost = CurlLimits.connectionCountPerHost

    package init() {}
}
