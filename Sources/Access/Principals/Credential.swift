/// Finds the key in a request's headers, in every way clients of other products send theirs.
///
///     Authorization: Bearer KEY       OpenTelemetry, OpenAI
///     Authorization: KEY              as Braintrust, Laminar and others document it
///     Authorization: Basic base64     Langfuse: base64(public:secret); the key is the part that looks like one
///     x-api-key, api-key, api_key     Phoenix, LangSmith, Azure
///
/// Where several headers are there, the first that holds a key of Spandrel's counts, since a proxy may have put its own
/// credentials into another.

import ByteCoding

/// What a request showed as its key: a secret, which never prints itself.
package struct Credential: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    /// Whether it came in the cookie of a browser's session: it opens nothing else, and nothing else is opened by it.
    package let isOfBrowser: Bool

    package init(_ text: String) {
        self.text = text
        isOfBrowser = false
    }

    /// `cookie`: the value of a browser's cookie. Whether the request may count for its user is the edge's to decide (CrossSiteRule).
    package init(cookie: String) {
        text = cookie
        isOfBrowser = true
    }

    package var description: String { "(secret)" }

    /// Names of the headers that may hold a key, in lower case, by precedence.
    package static let headerNames = ["authorization", "x-api-key", "api-key", "api_key"]

    /// The key of a request; nil when it shows none. `value` answers with a header's value for a lower-case name.
    package static func find(in value: (_ headerName: String) -> String?) -> Credential? {
        var candidates: [String] = []
        for name in headerNames {
            guard let text = value(name), text.utf8.count <= AccessLimits.maximumCredentialByteCount else { continue }
            candidates += name == "authorization" ? ofAuthorization(text) : [trimmed(text[...])]
        }
        candidates.removeAll { $0.isEmpty }
        let own = candidates.first { $0.hasPrefix(APIKeySecret.mark) || WorkerToken.looksLikeOne($0) }
        return (own ?? candidates.first).map { Credential($0) }
    }

    /// What may be the key in an Authorization header, likeliest first.
    private static func ofAuthorization(_ text: String) -> [String] {
        let text = trimmed(text[...])
        guard let space = text.firstIndex(where: { $0 == " " || $0 == "\t" }) else {
            return ["bearer", "basic"].contains(text.lowercased()) ? [] : [text]
        }
        let rest = trimmed(text[space...])
        switch text[..<space].lowercased() {
        case "bearer": return [rest]
        case "basic":
            guard let bytes = Base64.decode(rest) else { return [] }
            let pair = String(decoding: bytes, as: UTF8.self)
            guard let colon = pair.firstIndex(of: ":") else { return [pair] }
            // The password first: where both parts could be keys, the secret one is the second.
            return [String(pair[pair.index(after: colon)...]), String(pair[..<colon])]
        default: return []
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
