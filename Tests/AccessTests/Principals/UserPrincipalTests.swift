import IPAddresses
import Metastore
import Testing
import TraceModel

@testable import Access

@Suite struct UserPrincipalTests {
    @Test("a user's roles follow the project that is named; another organization's project is an unknown one")
    func projects() async throws {
        try await TestAccess.run { access in
            let metastore = access.metastore, organization = access.first.organizationID
            let owner = try await access.signInOwner()
            let home = try await access.principal(owner)
            #expect(home.projectID == nil && home.grants == .roles(organization: .owner, project: nil) && home.name == "owner@localhost")
            let there = try await access.principal(owner, project: access.first.projectID)
            #expect(there.projectID == access.first.projectID && there.allows(.manageKeys))
            let stranger = try await metastore.organizations.create(name: "Stranger")
            let foreign = try await metastore.projects.create(name: "Foreign", in: stranger.id)
            #expect(await accessError { try await access.principal(owner, project: foreign.id) } == .unknownProject)
            #expect(await accessError { try await access.principal(owner, project: .make()) } == .unknownProject)
            #expect(await accessError { try await access.authenticator.narrow(home, to: foreign.id) } == .unknownProject)
            #expect(try await access.authenticator.narrow(home, to: access.first.projectID).allows(.readTraces))
            #expect(await accessError { try await access.authenticator.narrow(home, to: stranger.id) } == .notFound("organization"))
            // A member of one project alone.
            let guest = try await access.makeUser("guest@x", role: .admin, project: access.first.projectID)
            let other = try await metastore.projects.create(name: "Other", in: organization)
            #expect(try await access.principal(guest, project: access.first.projectID).allows(.manageKeys))
            #expect(try await access.principal(guest).allows(.createProjects) == false)
            #expect(await accessError { try await access.principal(guest, project: other.id) } == .unknownProject)
        }
    }

    @Test("a key ends at its own project, unless it was made to reach its organization: then it manages the keys of the others")
    func keys() async throws {
        try await TestAccess.run { access in
            let other = try await access.metastore.projects.create(name: "Other", in: access.first.organizationID)
            let credential = Credential(access.first.secret.text)
            let own = try await access.authenticator.authenticate(credential, project: access.first.projectID)
            #expect(await accessError { try await access.authenticator.authenticate(credential, project: other.id) } == .unknownProject)
            let there = try await access.authenticator.narrow(own, to: other.id)
            #expect(there.projectID == other.id && !there.allows(.readTraces) && !there.allows(.manageProject) && there.allows(.manageKeys))
            for scopes: Set<Scope> in [[.read], [.admin]] {
                let secret = APIKeySecret.generate()
                _ = try await access.metastore.apiKeys.create(
                    NewAPIKey(name: "narrow", secret: secret, scopes: scopes), in: access.first.projectID)
                let narrow = try await access.authenticator.authenticate(Credential(secret.text))
                #expect(await accessError { try await access.authenticator.narrow(narrow, to: other.id) } == .unknownProject)
                #expect(!narrow.allows(.listProjects) && !narrow.allows(.createProjects) && !narrow.allows(.readOrganization))
            }
        }
    }

    @Test("a key works from its networks only")
    func networks() async throws {
        try await TestAccess.run { access in
            let secret = APIKeySecret.generate()
            let restrictions = try APIKeyRestrictions(
                networks: ["192.0.2.0/24", "2001:db8::/32"], requestsPerSecond: nil, bytesPerSecond: nil, maximumConcurrency: 1)
            _ = try await access.metastore.apiKeys.create(
                NewAPIKey(name: "office", secret: secret, scopes: [.read], restrictions: restrictions), in: access.first.projectID)
            func error(_ address: String?) async -> AccessError? {
                await accessError {
                    try await access.authenticator.authenticate(Credential(secret.text), address: address.flatMap { IPAddress($0) })
                }
            }
            for address in ["192.0.2.7", "2001:db8:1::5", "::ffff:192.0.2.7"] { #expect(await error(address) == nil, "\(address)") }
            for address in ["192.0.3.7", "2001:db9::5", nil] { #expect(await error(address) == .networkNotAllowed) }
        }
    }
}
