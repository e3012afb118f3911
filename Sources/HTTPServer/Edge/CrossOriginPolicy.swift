/// Which browser origins may talk to the server: each project's allow-list, behind a protocol that its owner backs with settings.

import HTTPTypes

/// The allow-lists of all projects. Origins are compared as browsers send them: `https://app.example`, `http://localhost:3000`.
package protocol CrossOriginPolicy: Sendable {
    /// Whether some project allows the origin. A browser's preflight carries no key, so it is answered from all lists together.
    func isAllowedBySomeProject(_ origin: String) async -> Bool
    /// Whether this project allows the origin.
    func isAllowed(_ origin: String, byProject project: String) async -> Bool
}

/// No origin may.
package struct NoCrossOrigin: CrossOriginPolicy {
    package init() {}
    package func isAllowedBySomeProject(_ origin: String) async -> Bool { false }
    package func isAllowed(_ origin: String, byProject project: String) async -> Bool { false }
}

/// The headers of the CORS protocol.
enum CrossOriginHeaders {
    static let methods = "GET, POST, PUT, PATCH, DELETE"
    static let requestHeaders =
        "authorization, content-type, content-encoding, x-api-key, api-key, x-request-id, spandrel-project, traceparent, tracestate"
    static let exposed =
        "x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, ratelimit-policy, "
        + "content-disposition, x-spandrel-receipt"
    /// Seconds for which a browser remembers a preflight: what Chromium keeps at most.
    static let maximumAgeSeconds = 7200

    /// The answer to a preflight of an allowed origin; EdgeMiddleware adds what every answer to a browser has.
    static func preflight(origin: String) -> HTTPFields {
        var headers = HTTPFields()
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlAllowMethods] = methods
        headers[.accessControlAllowHeaders] = requestHeaders
        headers[.accessControlMaxAge] = String(maximumAgeSeconds)
        return headers
    }

    static func allow(_ origin: String, in headers: inout HTTPFields) {
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlExposeHeaders] = exposed
    }
}
