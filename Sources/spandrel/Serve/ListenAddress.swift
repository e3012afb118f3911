/// Where the server listens: `HOST:PORT`, `[IPv6]:PORT` or `:PORT` for every address.

import ArgumentParser

struct ListenAddress: Equatable {
    let host: String
    let port: Int

    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port) else {
            throw ValidationError("\(text) is no address; give HOST:PORT like 127.0.0.1:4318")
        }
        let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        self.host = host.isEmpty ? "0.0.0.0" : String(host)
        self.port = port
    }

    /// How a client on this machine reaches a server that listens here on `port`.
    func url(port: Int, isSecure: Bool) -> String {
        let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        return "\(isSecure ? "https" : "http")://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)"
    }
}
