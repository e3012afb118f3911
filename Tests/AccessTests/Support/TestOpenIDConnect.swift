import CurlClient
import HTTPTesting
import PostgresTesting

@testable import Access

extension OpenIDConnectConfiguration {
    static let publicURL = "https://spandrel.example.org/"

    /// Of the provider of a test.
    static func test(
        _ issuer: String, clientID: String = TestProvider.clientID, publicURL: String = publicURL
    ) throws -> OpenIDConnectConfiguration {
        try OpenIDConnectConfiguration(
            issuer: issuer, clientID: clientID, clientSecret: ClientSecret(TestProvider.clientSecret), publicURL: publicURL)
    }
}

extension IdentityProvider {
    static func test(_ provider: TestProvider, clock: TestClock = .real()) throws -> IdentityProvider {
        IdentityProvider(try .test(provider.issuer), client: CurlClient(), clock: clock)
    }
}

extension TestClock {
    var seconds: Int64 { nano.value / 1_000_000_000 }
}
