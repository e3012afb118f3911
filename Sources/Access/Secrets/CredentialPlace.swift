/// What a provider's key is sealed for: a key moved to another credential does not open, and neither does one whose credential was made
/// to lead to another provider or URL by somebody who can write to the database.

import Metastore

struct CredentialPlace: Sendable {
    let id: ProviderCredentialID
    let organizationID: OrganizationID
    let provider: String
    /// nil: the provider's own.
    let baseURL: String?

    init(id: ProviderCredentialID, organizationID: OrganizationID, provider: String, baseURL: String?) {
        self.id = id
        self.organizationID = organizationID
        self.provider = provider
        self.baseURL = baseURL
    }

    init(_ credential: ProviderCredential) {
        self.init(
            id: credential.id, organizationID: credential.organizationID, provider: credential.provider, baseURL: credential.baseURL)
    }

    /// The schema lets no line end into any part but the last.
    var binding: String {
        "spandrel provider credential 2\n\(organizationID.uuid)\n\(id.uuid)\n\(provider)\n\(baseURL ?? "")"
    }

    /// What keys were sealed for at first, without provider and URL; replacing a key seals it anew.
    var formerBinding: String { "spandrel provider credential \(organizationID.uuid) \(id.uuid)" }
}
