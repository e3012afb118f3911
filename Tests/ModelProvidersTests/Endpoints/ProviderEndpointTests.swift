import CurlClient
import ModelProviders
import Testing

@Suite("An endpoint")
struct ProviderEndpointTests {
    @Test("refuses what cannot work, and never shows its key")
    func validation() throws {
        #expect(fault { try endpoint(.openAICompatible) }?.kind == .invalid)
        #expect(fault { try endpoint(.gemini, dialect: .openAIChat) }?.kind == .invalid)
        for url in ["ftp://example.org", "nonsense", "https://u:p@example.org", "https://example.org/?key=1", "https://example.org/#a"] {
            #expect(fault { try endpoint(.openAI, url) }?.kind == .invalid, "\(url)")
        }
        #expect(fault { try endpoint(.openAI, key: "sk a") }?.kind == .invalid)
        #expect(fault { try endpoint(.openAI, headers: ["a\r\nb": "c"]) }?.kind == .invalid)
        let whole = try endpoint(.xAI, key: "sk-secret")
        #expect(whole.baseURL == "https://api.x.ai/v1" && whole.dialect == .openAIChat)
        #expect(!"\(whole) \(String(reflecting: whole.key)) \(whole)".contains("sk-secret"))
        var dumped = ""
        dump(whole, to: &dumped)
        #expect(!dumped.contains("sk-secret"))
    }

    private func endpoint(
        _ provider: Provider, _ url: String? = nil, dialect: ProviderDialect? = nil, key: String = "k", headers: CurlHeaders = [:]
    ) throws -> ProviderEndpoint {
        try ProviderEndpoint(
            provider: provider, dialect: dialect, baseURL: url, key: ProviderKey(key), credentialID: "c", headers: headers)
    }
}
