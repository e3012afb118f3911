/// What every answer tells browsers: take the content for what it says it is, show it in nobody's frame, send no referrer on; keep no
/// copies of what needed a key; and over TLS, come back over TLS only. What a handler has set itself stays.

import HTTPTypes

struct SecurityHeaders: Sendable {
    /// Whether the client came over TLS, here or at a trusted proxy.
    let isSecure: Bool

    func apply(to headers: inout HTTPFields, isAuthenticated: Bool) {
        func set(_ name: HTTPField.Name, _ value: String) { if headers[name] == nil { headers[name] = value } }
        set(.xContentTypeOptions, "nosniff")
        set(.referrerPolicy, "no-referrer")
        set(.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
        set(.frameOptions, "DENY")
        if isAuthenticated { set(.cacheControl, "no-store") }
        // A year; without subdomains, which are not this server's to speak for.
        if isSecure { set(.strictTransportSecurity, "max-age=31536000") }
    }
}

extension HTTPField.Name {
    // Valid tokens, so not nil.
    static let referrerPolicy = HTTPField.Name("referrer-policy")!
    static let frameOptions = HTTPField.Name("x-frame-options")!
}
