/// Where a caller stands with a limit, for the headers `RateLimit-*` and `Retry-After`.

/// What a key's requests are held to; nil: nothing.
package struct RequestLimits: Sendable, Hashable {
    package var requestsPerSecond: Int?
    package var bytesPerSecond: Int64?
    package var maximumConcurrency: Int?

    package init(requestsPerSecond: Int? = nil, bytesPerSecond: Int64? = nil, maximumConcurrency: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.bytesPerSecond = bytesPerSecond
        self.maximumConcurrency = maximumConcurrency
    }
}

package struct RateLimitState: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case keyRequests = "key-requests"
        case keyBytes = "key-bytes"
        case projectRequests = "project-requests"
        case projectBytes = "project-bytes"

        var unit: String {
            switch self {
            case .keyRequests: "requests/s of the API key"
            case .keyBytes: "bytes/s of the API key"
            case .projectRequests: "requests/s into the project"
            case .projectBytes: "bytes/s into the project"
            }
        }
    }

    package let kind: Kind
    /// Per second.
    package let limit: Int64
    /// What may still come now; 0 in a refusal.
    package let remaining: Int64
    /// Until there is room for the next request; 0 while there is.
    package let waitNanoseconds: Int64

    package init(kind: Kind, limit: Int64, remaining: Int64, waitNanoseconds: Int64) {
        self.kind = kind
        self.limit = limit
        self.remaining = remaining
        self.waitNanoseconds = waitNanoseconds
    }

    /// As the IETF's draft "RateLimit header fields for HTTP" has them (version 7): limit, what is left of it, seconds until there is
    /// room again, and which limit it is.
    package var headers: [(name: String, value: String)] {
        [
            ("RateLimit-Limit", String(limit)), ("RateLimit-Remaining", String(remaining)),
            ("RateLimit-Reset", String((waitNanoseconds + 999_999_999) / 1_000_000_000)),
            ("RateLimit-Policy", "\(limit);w=1;comment=\"\(kind.rawValue)\""),
        ]
    }

    /// Rounded up, at least 1.
    package var retryAfterSeconds: Int { max(1, Int((waitNanoseconds + 999_999_999) / 1_000_000_000)) }
}
