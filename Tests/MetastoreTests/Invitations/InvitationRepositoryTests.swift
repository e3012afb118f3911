import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite struct InvitationRepositoryTests {
    private func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    private func invite(_ test: TestMetastore, _ byte: UInt8, project: ProjectID? = nil, role: String = "member") async throws -> Invitation
    {
        let made = try await make(test, byte, project: project, role: role)
        guard case .done(let invitation) = made else { throw MetastoreError(.internal, "\(made)") }
        return invitation
    }

    private func make(_ test: TestMetastore, _ byte: UInt8, project: ProjectID? = nil, role: String = "member") async throws
        -> MembershipOutcome<Invitation>
    {
        let inviter = UserID.make()
        try await test.connection.query(
            "INSERT INTO users (id, email, name) VALUES ($1, $2, 'Inviter')", [inviter.value, .text("inviter\(byte)@x")])
        return try await test.metastore.invitations.create(
            NewInvitation(
                organizationID: test.organization.id, projectID: project, email: "New@X", role: role, tokenHash: hash(byte),
                expiryTimeUnixNano: UnixTime.now() + 60_000_000_000), by: test.authority(user: inviter), audit: test.audit)
    }

    @Test("an invitation makes an account and a membership, once")
    func accepting() async throws {
        let test = try await TestMetastore.open()
        let invitations = test.metastore.invitations
        let made = try await invite(test, 1)
        #expect(made.email == "new@x")
        let guest = InvitationGuest.new(name: "New", passwordHash: "$scrypt$x")
        let outcome = try await invitations.accept(tokenHash: hash(1), as: guest, audit: test.audit)
        guard case .accepted(let accepted, let user) = outcome else { throw MetastoreError(.internal, "\(outcome)") }
        #expect(accepted.id == made.id && user.email == "new@x")
        #expect(try await test.metastore.memberships.find(user.id, in: test.organization.id)?.role == "member")
        #expect(try await invitations.accept(tokenHash: hash(1), as: guest, audit: test.audit) == .unknown)
        #expect(
            try await invitations.revoke(made.id, in: test.organization.id, by: test.authority(), audit: test.audit) == .notFound,
            "accepted already")
        // A second one is for the account's owner, and never lowers a role.
        _ = try await invite(test, 2, role: "viewer")
        #expect(try await invitations.accept(tokenHash: hash(2), as: guest, audit: test.audit) == .accountExists)
        #expect(try await invitations.accept(tokenHash: hash(2), as: .known(.make()), audit: test.audit) == .unknown)
        _ = try await invitations.accept(tokenHash: hash(2), as: .known(user.id), audit: test.audit)
        #expect(try await test.metastore.memberships.find(user.id, in: test.organization.id)?.role == "member")
    }

    @Test("an invitation into a project gives nothing in the organization; another organization's project is none")
    func project() async throws {
        let test = try await TestMetastore.open()
        _ = try await invite(test, 1, project: test.project.id, role: "admin")
        let outcome = try await test.metastore.invitations.accept(
            tokenHash: hash(1), as: .new(name: "New", passwordHash: nil), audit: test.audit)
        guard case .accepted(_, let user) = outcome else { throw MetastoreError(.internal, "\(outcome)") }
        let known = try await test.metastore.memberships.all(of: user.id)
        #expect(known.organizations.isEmpty && known.projects.map(\.role) == ["admin"])
        let stranger = try await test.metastore.organizations.create(name: "Stranger")
        let foreign = try await test.metastore.projects.create(name: "P", in: stranger.id)
        #expect(try await make(test, 3, project: foreign.id) == .notFound)
    }

    @Test("nobody comes into an archived project, by an old invitation or a new one")
    func archived() async throws {
        let test = try await TestMetastore.open()
        _ = try await invite(test, 1, project: test.project.id)
        _ = try await test.metastore.projects.archive(test.project.id, in: test.organization.id)
        #expect(try await test.metastore.invitations.find(tokenHash: hash(1)) == nil)
        let outcome = try await test.metastore.invitations.accept(
            tokenHash: hash(1), as: .new(name: "New", passwordHash: nil), audit: test.audit)
        #expect(outcome == .unknown)
        #expect(try await make(test, 2, project: test.project.id) == .notFound)
    }

    @Test("an invitation to a role above the caller's is left alone")
    func above() async throws {
        let test = try await TestMetastore.open()
        let made = try await invite(test, 1, role: "owner"), admin = test.authority(["admin", "member", "viewer"])
        let invitations = test.metastore.invitations
        #expect(try await invitations.revoke(made.id, in: test.organization.id, by: admin, audit: test.audit) == .notAllowed)
        #expect(
            try await invitations.revoke(made.id, in: test.organization.id, by: test.authority([]), audit: test.audit) == .callerNotAllowed)
        #expect(try await invitations.find(tokenHash: hash(1)) == made)
    }

    @Test("a revoked or expired invitation opens nothing")
    func ended() async throws {
        let test = try await TestMetastore.open()
        let invitations = test.metastore.invitations
        let made = try await invite(test, 1)
        #expect(try await invitations.find(tokenHash: hash(1)) == made)
        #expect(try await invitations.revoke(made.id, in: .make(), by: test.authority(), audit: test.audit) == .notFound)
        let revoked = try await invitations.revoke(made.id, in: test.organization.id, by: test.authority(), audit: test.audit)
        guard case .done(let ended) = revoked else { throw MetastoreError(.internal, "\(revoked)") }
        #expect(ended.revocationTimeUnixNano != nil)
        #expect(try await invitations.find(tokenHash: hash(1)) == nil)
        _ = try await invite(test, 2)
        _ = try await test.connection.script(
            "UPDATE invitations SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day' WHERE revoked_at IS NULL")
        #expect(try await invitations.accept(tokenHash: hash(2), as: .new(name: "N", passwordHash: nil), audit: test.audit) == .unknown)
        #expect(try await invitations.list(in: test.organization.id, page: PageRequest()).items.count == 2)
    }
}
