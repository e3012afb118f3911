/// Flags of `serve` about the identity provider that users may sign in with.

import Access
import ArgumentParser
import FileSystem
import ProcessSetup

struct OpenIDConnectOptions: ParsableArguments {
    @Option(
        name: .customLong("oidc-issuer"),
        help: "OpenID Connect provider to sign in with, as it writes itself: https://login.example.org. [SPANDREL_OIDC_ISSUER]")
    var issuer: String?

    @Option(name: .customLong("oidc-client-id"), help: "What the provider knows this server by. [SPANDREL_OIDC_CLIENT_ID]")
    var clientID: String?

    @Option(
        name: .customLong("oidc-client-secret-file"),
        help:
            "File with the client's secret. [SPANDREL_OIDC_CLIENT_SECRET_FILE; the secret itself may be in SPANDREL_OIDC_CLIENT_SECRET]")
    var clientSecretFile: String?

    /// More is no secret but the wrong file.
    private static let maximumSecretByteCount = 4 << 10

    /// Nil when no provider is named.
    func configuration(publicURL: String?) throws -> OpenIDConnectConfiguration? {
        guard let issuer = issuer ?? EnvironmentDefault.text("SPANDREL_OIDC_ISSUER") else { return nil }
        guard let clientID = clientID ?? EnvironmentDefault.text("SPANDREL_OIDC_CLIENT_ID"), let secret = try clientSecret() else {
            throw ValidationError("--oidc-issuer needs --oidc-client-id and --oidc-client-secret-file or SPANDREL_OIDC_CLIENT_SECRET")
        }
        guard let publicURL else {
            throw ValidationError("--oidc-issuer needs --public-url: the provider sends browsers back there")
        }
        do throws(AccessError) {
            return try OpenIDConnectConfiguration(issuer: issuer, clientID: clientID, clientSecret: secret, publicURL: publicURL)
        } catch { throw ValidationError(error.description) }
    }

    private func clientSecret() throws -> ClientSecret? {
        guard let path = clientSecretFile ?? EnvironmentDefault.text("SPANDREL_OIDC_CLIENT_SECRET_FILE") else {
            return EnvironmentDefault.text("SPANDREL_OIDC_CLIENT_SECRET").map { ClientSecret($0) }
        }
        do {
            let bytes = try LocalFileSystem().readWhole(path, maximumByteCount: Self.maximumSecretByteCount)
            // Editors end files with a line end, which belongs to no secret.
            return ClientSecret(String(String(decoding: bytes, as: UTF8.self).drop { $0.isNewline }.prefix { !$0.isNewline }))
        } catch { throw ValidationError("the client secret cannot be read: \(error)") }
    }
}
