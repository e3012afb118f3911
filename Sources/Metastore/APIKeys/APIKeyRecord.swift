import TraceModel

/// An API key as it is stored: everything but the secret, of which there is only a hash.
package struct APIKeyRecord: Sendable, Equatable {
    package let id: APIKeyID
    package let projectID: ProjectID
    package let name: String
    /// The beginning of the secret, to know it by.
    package let prefix: String
    /// Among `ingest`, `read`, `write`, `run`, `admin`; Access gives them meaning.
    package let scopes: [String]
    package let createdTimeUnixNano: Int64
    package let expiryTimeUnixNano: Int64?
    package let revocationTimeUnixNano: Int64?
    /// Late by up to a minute.
    package let lastUseTimeUnixNano: Int64?
    package let restrictions: APIKeyRestrictions
    /// The key made to take over from this one.
    package let replacementID: APIKeyID?
    /// Whether its scope `admin` counts in the whole organization.
    package let reachesOrganization: Bool
    /// Of its organization and in use, in the order in which they were named: what it sends may go there, too.
    package let furtherProjects: [KeyProject]
    /// nil: the program itself, or nobody knows any more.
    package let creator: APIKeyCreator?
    /// The creator's e-mail address, or the beginning of the creating key.
    package let creatorName: String?
}

/// A project that a key may send to, by all that a request may call it.
package struct KeyProject: Sendable, Hashable {
    package let id: ProjectID
    package let name: String

    package init(id: ProjectID, name: String) {
        self.id = id
        self.name = name
    }
}

/// Who made a key.
package enum APIKeyCreator: Sendable, Hashable {
    case user(UserID)
    case key(APIKeyID)
}

/// What a key is held to besides its scopes; the defaults hold it to nothing.
package struct APIKeyRestrictions: Sendable, Equatable {
    /// Networks as `192.0.2.0/24` or `2001:db8::/32`; empty: from anywhere.
    package var allowedNetworks: [String]
    package var requestsPerSecond: Int?
    package var bytesPerSecond: Int64?
    /// Requests at the same time.
    package var maximumConcurrency: Int?

    package init(
        allowedNetworks: [String] = [], requestsPerSecond: Int? = nil, bytesPerSecond: Int64? = nil, maximumConcurrency: Int? = nil
    ) {
        self.allowedNetworks = allowedNetworks
        self.requestsPerSecond = requestsPerSecond
        self.bytesPerSecond = bytesPerSecond
        self.maximumConcurrency = maximumConcurrency
    }
}

/// A key to store.
package struct NewAPIKey: Sendable {
    package var name: String
    package var prefix: String
    /// SHA-256 of the secret.
    package var hash: [UInt8]
    package var scopes: [String]
    package var expiryTimeUnixNano: Int64?
    package var restrictions: APIKeyRestrictions
    package var reachesOrganization: Bool
    /// Other projects of its organization that it may choose to send to.
    package var furtherProjects: [ProjectID]
    package var creator: APIKeyCreator?

    package init(
        name: String, prefix: String, hash: [UInt8], scopes: [String], expiryTimeUnixNano: Int64? = nil,
        restrictions: APIKeyRestrictions = APIKeyRestrictions(), reachesOrganization: Bool = false, furtherProjects: [ProjectID] = [],
        creator: APIKeyCreator? = nil
    ) {
        self.name = name
        self.prefix = prefix
        self.hash = hash
        self.scopes = scopes
        self.expiryTimeUnixNano = expiryTimeUnixNano
        self.restrictions = restrictions
        self.reachesOrganization = reachesOrganization
        self.furtherProjects = furtherProjects
        self.creator = creator
    }
}

/// The secret of a key that takes over from another; all else is the other's.
package struct ReplacementAPIKey: Sendable {
    package var prefix: String
    /// SHA-256 of the secret.
    package var hash: [UInt8]
    package var creator: APIKeyCreator?

    package init(prefix: String, hash: [UInt8], creator: APIKeyCreator? = nil) {
        self.prefix = prefix
        self.hash = hash
        self.creator = creator
    }
}

/// A key found by its hash, with what decides whether it may be used.
package struct KnownAPIKey: Sendable, Equatable {
    package let record: APIKeyRecord
    package let organizationID: OrganizationID
    /// Of its own project.
    package let projectName: String
    /// SHA-256 of the secret, as stored.
    package let hash: [UInt8]
    package let isProjectArchived: Bool

    package init(
        record: APIKeyRecord, organizationID: OrganizationID, projectName: String = "", hash: [UInt8], isProjectArchived: Bool
    ) {
        self.record = record
        self.organizationID = organizationID
        self.projectName = projectName
        self.hash = hash
        self.isProjectArchived = isProjectArchived
    }
}

extension APIKeyRecord {
    package init(
        id: APIKeyID, projectID: ProjectID, name: String, prefix: String, scopes: [String], createdTimeUnixNano: Int64,
        expiryTimeUnixNano: Int64?, restrictions: APIKeyRestrictions = APIKeyRestrictions(), reachesOrganization: Bool = false,
        furtherProjects: [KeyProject] = []
    ) {
        self.init(
            id: id, projectID: projectID, name: name, prefix: prefix, scopes: scopes, createdTimeUnixNano: createdTimeUnixNano,
            expiryTimeUnixNano: expiryTimeUnixNano, revocationTimeUnixNano: nil, lastUseTimeUnixNano: nil, restrictions: restrictions,
            replacementID: nil, reachesOrganization: reachesOrganization, furtherProjects: furtherProjects, creator: nil,
            creatorName: nil)
    }
}
