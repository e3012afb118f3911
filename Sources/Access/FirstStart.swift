/// What a new installation begins with: an organization, a project, a key with every scope, and the first owner. Both secrets
/// exist here once.

import Metastore
import TraceModel

package struct FirstStart: Sendable {
    package static let ownerEmail = "owner@localhost"

    package let organizationID: OrganizationID
    package let projectID: ProjectID
    package let ownerID: UserID
    /// Shown and written down by the caller; stored nowhere.
    package let secret: APIKeySecret
    /// The owner's; to be changed after the first sign-in.
    package let password: InitialPassword

    /// Makes all of it on an empty database; nil when there is something already. Errors: `unavailable`.
    package static func run(
        _ metastore: Metastore, organization: String = "Default", project: String = "Default",
        passwordCost: PasswordHash.Cost = .current
    ) async throws(MetastoreError) -> FirstStart? {
        guard try await !metastore.hasOrganization() else { return nil }
        let secret = APIKeySecret.generate(), password = InitialPassword.generate()
        guard let hash = PasswordHash(hashing: password.text, cost: passwordCost) else {
            throw MetastoreError(.unavailable, "there is not enough memory to hash a password")
        }
        let key = NewAPIKey(name: "First key", secret: secret, scopes: Set(Scope.allCases), reachesOrganization: true)
        let owner = NewUser(email: ownerEmail, name: "Owner", passwordHash: hash.text)
        guard let records = try await metastore.createFirst(organization: organization, project: project, key: key, owner: owner) else {
            return nil
        }
        return FirstStart(
            organizationID: records.organization.id, projectID: records.project.id, ownerID: records.owner.id, secret: secret,
            password: password)
    }
}

extension FirstStart {
    /// An owner of every organization of a database from before there were users; nil when there is a user. Errors: `unavailable`.
    package static func makeMissingOwner(
        _ metastore: Metastore, passwordCost: PasswordHash.Cost = .current
    ) async throws(MetastoreError) -> InitialPassword? {
        guard try await !metastore.hasUser() else { return nil }
        let password = InitialPassword.generate()
        guard let hash = PasswordHash(hashing: password.text, cost: passwordCost) else {
            throw MetastoreError(.unavailable, "there is not enough memory to hash a password")
        }
        let owner = NewUser(email: ownerEmail, name: "Owner", passwordHash: hash.text)
        return try await metastore.createMissingOwner(owner) ? password : nil
    }
}

/// A random password: 26 letters and digits, 128 bits and more. Never prints itself.
package struct InitialPassword: Sendable, CustomStringConvertible {
    package let text: String

    static func generate() -> InitialPassword {
        // Without letters and digits that look alike.
        let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var generator = SystemRandomNumberGenerator()
        return InitialPassword(text: String((0..<26).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }))
    }

    package var description: String { "(password)" }
}

extension NewAPIKey {
    /// A key to store for a secret; `expiryTimeUnixNano`: nil for never.
    package init(
        name: String, secret: APIKeySecret, scopes: Set<Scope>, expiryTimeUnixNano: Int64? = nil,
        restrictions: APIKeyRestrictions = APIKeyRestrictions(), reachesOrganization: Bool = false, furtherProjects: [ProjectID] = []
    ) {
        self.init(
            name: name, prefix: secret.prefix, hash: secret.hash, scopes: scopes.sorted().map(\.rawValue),
            expiryTimeUnixNano: expiryTimeUnixNano, restrictions: restrictions, reachesOrganization: reachesOrganization,
            furtherProjects: furtherProjects)
    }
}
