/// Where calls go and with which key.

import CurlClient

/// A provider's key; no description of it shows it.
package struct ProviderKey: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { "(key)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package struct ProviderEndpoint: Sendable {
    package let provider: Provider
    package let dialect: ProviderDialect
    /// Without a slash at its end.
    package let baseURL: String
    /// Nil for servers that ask for none.
    package let key: ProviderKey?
    /// Names the key in budgets and circuits without being it: the id of the stored credential.
    package let credentialID: String
    /// Sent with every request, such as `OpenAI-Organization` or what a gateway wants.
    package let headers: CurlHeaders

    /// Errors: `invalid` for a dialect that the provider does not speak, a missing or malformed base URL, headers that cannot be sent.
    package init(
        provider: Provider, dialect: ProviderDialect? = nil, baseURL: String? = nil, key: ProviderKey?, credentialID: String,
        headers: CurlHeaders = [:]
    ) throws(ProviderError) {
        let dialect = dialect ?? provider.defaultDialect
        guard provider.dialects.contains(dialect) else {
            throw ProviderError(.invalid, "\(provider.rawValue) does not speak \(dialect.rawValue)")
        }
        guard var base = baseURL ?? provider.defaultBaseURL else {
            throw ProviderError(.invalid, "\(provider.rawValue) needs a base URL")
        }
        while base.hasSuffix("/") { base.removeLast() }
        guard !base.contains("?"), !base.contains("#") else {
            throw ProviderError(.invalid, "the base URL has a query or a fragment")
        }
        do { _ = try CurlURL(base) } catch { throw ProviderError(.invalid, "the base URL cannot be used: \(error.message)") }
        if let name = headers.unsendable {
            throw ProviderError(.invalid, "the header \(name.debugDescription) has a name or value that cannot be sent")
        }
        if let key, key.text.isEmpty || !key.text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
            throw ProviderError(.invalid, "the key is empty or has a space or a character beyond ASCII")
        }
        self.provider = provider
        self.dialect = dialect
        self.baseURL = base
        self.key = key
        self.credentialID = credentialID
        self.headers = headers
    }

    /// The request as it goes out. Errors: `invalid`.
    func request(_ wire: WireRequest, addressPolicy: OutboundAddressPolicy) throws(ProviderError) -> CurlRequest {
        let url: CurlURL
        do { url = try CurlURL(baseURL + path(of: wire)) } catch {
            throw ProviderError(.invalid, "the URL cannot be used: \(error.message)")
        }
        var fields = headers
        fields["content-type"] = "application/json"
        for field in wire.headers.fields { fields[field.name] = field.value }
        if let key { fields[wire.keyHeader.name] = wire.keyHeader.prefix + key.text }
        return CurlRequest("POST", url, headers: fields, body: wire.body, addressPolicy: addressPolicy)
    }

    /// The version stands in the paths of Anthropic and Gemini, as in their SDKs; a base URL that ends in one is taken at its word.
    private func path(of wire: WireRequest) -> String {
        guard let version = wire.version else { return wire.path }
        let last = baseURL.split(separator: "/").last ?? ""
        let hasVersion = last.first == "v" && last.dropFirst().first?.isNumber == true
        return (hasVersion ? "" : "/" + version) + wire.path
    }
}

/// What a dialect has to say, before it has an address and a key.
package struct WireRequest: Sendable, Equatable {
    /// How the key is sent.
    package enum KeyHeader: Sendable, Hashable {
        case bearer, anthropic, google

        package var name: String {
            switch self {
            case .bearer: "authorization"
            case .anthropic: "x-api-key"
            case .google: "x-goog-api-key"
            }
        }

        var prefix: String { self == .bearer ? "Bearer " : "" }
    }

    /// From the base URL on, with its query.
    package var path: String
    /// The version of the interface, where it is a part of the path.
    package var version: String?
    package var headers: CurlHeaders = [:]
    package var keyHeader = KeyHeader.bearer
    package var body: [UInt8]
}
