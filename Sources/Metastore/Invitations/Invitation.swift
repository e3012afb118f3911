import TraceModel

/// A way into an organization, or into one project of it, for whoever holds its token.
package struct Invitation: Sendable, Equatable {
    package let id: InvitationID
    package let organizationID: OrganizationID
    /// nil: into the organization.
    package let projectID: ProjectID?
    package let email: String
    package let role: String
    package let createdTimeUnixNano: Int64
    package let expiryTimeUnixNano: Int64
    package let acceptanceTimeUnixNano: Int64?
    package let revocationTimeUnixNano: Int64?
    /// Who made it; nil: from before this was written down.
    package let creatorID: UserID?
}

package struct NewInvitation: Sendable, CustomStringConvertible {
    package var organizationID: OrganizationID
    package var projectID: ProjectID?
    package var email: String
    package var role: String
    /// SHA-256 of the token.
    package var tokenHash: [UInt8]
    /// Whether the token goes out by mail and is shown to nobody else: then whoever accepts has the address.
    package var isMailed: Bool
    package var expiryTimeUnixNano: Int64

    package init(
        organizationID: OrganizationID, projectID: ProjectID?, email: String, role: String, tokenHash: [UInt8], isMailed: Bool = false,
        expiryTimeUnixNano: Int64
    ) {
        self.organizationID = organizationID
        self.projectID = projectID
        self.email = EmailAddress.normalForm(email) ?? email
        self.role = role
        self.tokenHash = tokenHash
        self.isMailed = isMailed
        self.expiryTimeUnixNano = expiryTimeUnixNano
    }

    package var description: String { "NewInvitation(\(email))" }
}

/// Who accepts: the holder of an account already, or somebody who makes one by it.
package enum InvitationGuest: Sendable {
    case known(UserID)
    case new(name: String, passwordHash: String?)
}

package enum AcceptanceOutcome: Sendable, Equatable {
    case accepted(Invitation, User)
    /// The token is none, was used or revoked, or has expired; or its address is not the known guest's.
    case unknown
    /// The address has an account: its owner must sign in and accept.
    case accountExists
}
