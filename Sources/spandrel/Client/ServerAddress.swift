/// Where a server is, out of a URL: `http[s]://HOST[:PORT][/PREFIX]`.

import ArgumentParser

struct ServerAddress: Equatable {
    let isSecure: Bool
    let host: String
    let port: Int
    /// Put before every path; empty or starting with a slash.
    let prefix: String

    init(url: String) throws {
        guard let scheme = url.range(of: "://") else { throw ValidationError("\(url) is no URL; give one like http://127.0.0.1:4318") }
        switch url[..<scheme.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw ValidationError("\(url) is no http URL")
        }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path
        // [::1]:4318, host:4318, host
        let colon = authority.hasSuffix("]") ? nil : authority.lastIndex(of: ":")
        guard let colon else {
            host = Self.withoutBrackets(authority)
            port = isSecure ? 443 : 80
            return
        }
        guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else {
            throw ValidationError("\(url) has no valid port")
        }
        host = Self.withoutBrackets(authority[..<colon])
        port = number
        guard !host.isEmpty else { throw ValidationError("\(url) has no host") }
    }

    private static func withoutBrackets(_ host: Substring) -> String { String(host.drop { $0 == "[" }.prefix { $0 != "]" }) }

    var url: String { "\(isSecure ? "https" : "http")://\(authority)\(prefix)" }

    var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
