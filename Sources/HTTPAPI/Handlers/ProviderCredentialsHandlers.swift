/// Keys of AI providers, an organization's: written and replaced here, shown never.

import Access
import ByteCoding
import CurlClient
import HTTPServer
import HTTPTypes
import Hummingbird
import IPAddresses
import Metastore

struct ProviderCredentialsHandlers: Sendable {
    let credentials: ProviderCredentials
    /// Where base URLs may lead. Checked again on every connection; here so that a slip is told at once.
    let outbound: OutboundAddressPolicy

    static let providers = ["openai", "anthropic", "gemini", "xai", "openai_compatible"]
    static let secretByteCounts = 8...4096

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/organizations/{organization_id}/provider-credentials", one = root + "/{credential_id}"
        return [
            builder.operation(
                "createProviderCredential", .post, root, .permission(.manageCredentials), body: .json, statuses: [201, 409],
                handler: createProviderCredential),
            builder.operation(
                "listProviderCredentials", .get, root, .permission(.manageCredentials), query: ["limit", "cursor"], statuses: [200],
                handler: listProviderCredentials),
            builder.operation(
                "replaceProviderCredential", .put, one, .permission(.manageCredentials), body: .json, statuses: [200],
                handler: replaceProviderCredential),
            builder.operation(
                "deleteProviderCredential", .delete, one, .permission(.manageCredentials), statuses: [204],
                handler: deleteProviderCredential),
        ]
    }

    func createProviderCredential(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["provider", "name", "base_url", "secret"])
        let provider = try request.requiredText("provider", maximumByteCount: 64)
        guard Self.providers.contains(provider) else {
            throw Problem.unprocessable("provider", "must be one of \(Self.providers.joined(separator: ", "))")
        }
        let baseURL = try baseURL(request)
        guard baseURL != nil || provider != "openai_compatible" else {
            throw Problem.unprocessable("base_url", "is missing: an openai_compatible provider is wherever this says")
        }
        let made = try await credentials.create(
            provider: provider, name: try request.requiredText("name", maximumByteCount: 400), baseURL: baseURL,
            secret: try Self.secret(request), by: try request.principal, audit: try request.audit)
        return .json(.created) { $0.providerCredential(made) }
    }

    func listProviderCredentials(_ request: APIRequest) async throws -> Response {
        let page = try await credentials.list(by: try request.principal, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.providerCredential($1) }
    }

    func replaceProviderCredential(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["secret"])
        let replaced = try await credentials.replace(
            try Self.id(request), secret: try Self.secret(request), by: try request.principal, audit: try request.audit)
        return .json { $0.providerCredential(replaced) }
    }

    func deleteProviderCredential(_ request: APIRequest) async throws -> Response {
        try await credentials.delete(try Self.id(request), by: try request.principal, audit: try request.audit)
        return .empty(.noContent)
    }

    private static func id(_ request: APIRequest) throws(AccessError) -> ProviderCredentialID {
        guard let id = ProviderCredentialID(uuid: request.path("credential_id")) else { throw .notFound("provider credential") }
        return id
    }

    private static func secret(_ request: APIRequest) throws(Problem) -> ProviderSecret {
        let text = try request.requiredText("secret", maximumByteCount: secretByteCounts.upperBound)
        guard secretByteCounts.contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .unprocessable("secret", "must be \(secretByteCounts.lowerBound) or more printable ASCII characters without spaces")
        }
        return ProviderSecret(text)
    }

    private func baseURL(_ request: APIRequest) throws(Problem) -> String? {
        guard let text = try request.text("base_url", maximumByteCount: 2000) else { return nil }
        let url: CurlURL
        do throws(CurlError) { url = try CurlURL(text) } catch { throw .unprocessable("base_url", "cannot be used: \(error.message)") }
        if let address = IPAddress(url.host), let reason = outbound.refusal(of: address) {
            throw .unprocessable(
                "base_url", "leads to an address that is not allowed (\(reason)); an operator allows it with --allow-outbound")
        }
        return url.text
    }
}

extension JSONWriter {
    fileprivate mutating func providerCredential(_ credential: ProviderCredential) {
        beginObject()
        member("id", credential.id.uuid)
        member("organization_id", credential.organizationID.uuid)
        member("provider", credential.provider)
        member("name", credential.name)
        member("base_url", credential.baseURL)
        member("version", credential.version)
        member("created_at", unixNano: credential.createdTimeUnixNano)
        member("updated_at", unixNano: credential.updateTimeUnixNano)
        endObject()
    }
}
