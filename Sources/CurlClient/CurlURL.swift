/// An absolute http or https URL, taken apart by libcurl's own parser: what is checked here is what libcurl will connect to.

import CLibcurl

package struct CurlURL: Sendable, Hashable, CustomStringConvertible {
    /// As it is sent: with its scheme in lower case, without a fragment.
    package let text: String
    package let scheme: String
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int

    /// Errors: `invalidRequest` for what is no absolute URL or holds a user name; `addressRefused` for other schemes.
    package init(_ text: String) throws(CurlError) {
        try self.init(text, relativeTo: nil)
    }

    /// Reads a `Location`.
    package func resolving(_ reference: String) throws(CurlError) -> CurlURL {
        try CurlURL(reference, relativeTo: self)
    }

    /// Same scheme, host and port: credentials for one are credentials for the other.
    package func hasSameOrigin(as other: CurlURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Only the origin: a path or a query may carry a secret.
    package var description: String { origin }

    package var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.defaultPort(scheme) ? "\(scheme)://\(name)" : "\(scheme)://\(name):\(port)"
    }

    private init(_ text: String, relativeTo start: CurlURL?) throws(CurlError) {
        guard text.utf8.count <= CurlLimits.urlByteCount else {
            throw CurlError(.invalidRequest, "the URL is longer than \(CurlLimits.urlByteCount) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw CurlError(.invalidRequest, "the URL holds a space or a control character")
        }
        guard let handle = curl_url() else { throw CurlError(.invalidRequest, "no memory to read a URL") }
        defer { curl_url_cleanup(handle) }
        if let start { _ = curl_url_set(handle, CURLUPART_URL, start.text, 0) }
        let code = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        let malformed = CurlError(.invalidRequest, "this is not an absolute URL such as https://example.org/path")
        guard code == CURLUE_OK, let scheme = Self.part(CURLUPART_SCHEME, of: handle)?.lowercased() else { throw malformed }
        guard OutboundAddressPolicy.schemes.contains(scheme) else {
            throw CurlError(.addressRefused, "URLs begin with https:// or http://, not \(scheme.prefix(20)):")
        }
        guard let host = Self.part(CURLUPART_HOST, of: handle)?.lowercased(), !host.isEmpty else { throw malformed }
        guard Self.part(CURLUPART_USER, of: handle) == nil, Self.part(CURLUPART_PASSWORD, of: handle) == nil else {
            throw CurlError(.invalidRequest, "the URL holds a user name or password; credentials belong into headers")
        }
        _ = curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        guard let whole = Self.part(CURLUPART_URL, of: handle) else { throw malformed }
        self.text = whole
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = Self.part(CURLUPART_PORT, of: handle).flatMap { Int($0) } ?? Self.defaultPort(scheme)
    }

    private static func defaultPort(_ scheme: String) -> Int { scheme == "https" ? 443 : 80 }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
