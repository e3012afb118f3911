/// A key of an AI provider as it is stored: sealed, and never shown again.
package struct ProviderCredential: Sendable, Equatable {
    package let id: ProviderCredentialID
    package let organizationID: OrganizationID
    /// `openai`, `anthropic`, ...
    package let provider: String
    package let name: String
    /// nil: the provider's own.
    package let baseURL: String?
    /// Counted up by each replacement of the secret.
    package let version: Int
    package let createdTimeUnixNano: Int64
    package let updateTimeUnixNano: Int64
}

/// A secret under a data key: nonce, ciphertext, tag.
package struct SealedSecret: Sendable, Equatable {
    package let bytes: [UInt8]
    package let dataKeyID: DataKeyID

    package init(bytes: [UInt8], dataKeyID: DataKeyID) {
        self.bytes = bytes
        self.dataKeyID = dataKeyID
    }
}

/// A data key as it is stored, wrapped by a master key.
package struct WrappedDataKey: Sendable, Equatable {
    package let id: DataKeyID
    /// nil: the installation's.
    package let organizationID: OrganizationID?
    package let purpose: DataKeyPurpose
    package let wrapped: [UInt8]
    package let masterKeyID: String

    package init(id: DataKeyID, organizationID: OrganizationID?, purpose: DataKeyPurpose, wrapped: [UInt8], masterKeyID: String) {
        self.id = id
        self.organizationID = organizationID
        self.purpose = purpose
        self.wrapped = wrapped
        self.masterKeyID = masterKeyID
    }
}

package enum DataKeyPurpose: String, Sendable {
    /// Seals an organization's provider credentials.
    case credentials
    /// Signs access tokens.
    case tokens
    /// Salts the hashes that redaction puts in the place of values.
    case redaction
}
