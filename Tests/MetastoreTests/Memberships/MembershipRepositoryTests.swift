import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite struct MembershipRepositoryTests {
    private static let order = ["viewer", "member", "admin", "owner"]

    /// As Access has it: a role, those up to it, and what its holder may invite to.
    private func given(_ role: String) -> GivenRole {
        let upTo = Self.order.firstIndex(of: role).map { Array(Self.order[...$0]) } ?? []
        return GivenRole(name: role, upTo: upTo, invitable: upTo.count > 2 ? upTo : [])
    }

    /// The rules of Access for the organization's members, asked of whatever roles the caller has.
    private func authority(_ user: UserID) -> MembershipAuthority {
        MembershipAuthority(user: user) { role, _ in
            guard let role, let rank = Self.order.firstIndex(of: role), rank >= 2 else { return [] }
            return Array(Self.order[...rank])
        }
    }

    @Test("an organization keeps an owner, however many leave at once")
    func lastOwner() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        for round in 0..<5 {
            let a = try await test.makeUser("a\(round)@x", role: "owner"), b = try await test.makeUser("b\(round)@x", role: "owner")
            // Those of earlier rounds who stayed.
            for member in try await members.list(in: organization, page: PageRequest()).items where ![a, b].contains(member.userID) {
                _ = try await members.remove(member.userID, from: organization, by: test.authority(), audit: test.audit)
            }
            async let first = failure { try await members.remove(a, from: organization, by: test.authority(), audit: test.audit) }
            async let second = failure {
                try await members.change(b, in: organization, to: given("viewer"), by: test.authority(), audit: test.audit)
            }
            let failures = await [first, second].compactMap { $0 }
            #expect(failures.count == 1 && failures[0].code == .conflict && failures[0].field == "role", "\(failures)")
            let owners = try await members.list(in: organization, page: PageRequest()).items.filter { $0.role == "owner" }
            #expect(owners.count == 1)
        }
    }

    @Test("of two owners who demote each other at once, one succeeds: the other is none any more")
    func mutualDemotion() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        _ = try await test.makeUser("o@x", role: "owner")
        for round in 0..<10 {
            let a = try await test.makeUser("a\(round)@x", role: "owner"), b = try await test.makeUser("b\(round)@x", role: "owner")
            async let first = members.change(b, in: organization, to: given("viewer"), by: authority(a), audit: test.audit)
            async let second = members.change(a, in: organization, to: given("viewer"), by: authority(b), audit: test.audit)
            let outcomes = try await [first, second]
            #expect(outcomes.count { $0 == .callerNotAllowed } == 1, "\(outcomes)")
        }
    }

    @Test("a member whose role is not among the caller's is left alone")
    func among() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        let owner = try await test.makeUser("o@x", role: "owner"), viewer = try await test.makeUser("v@x", role: "viewer")
        let few = test.authority(["admin", "member", "viewer"])
        #expect(try await members.change(owner, in: organization, to: given("viewer"), by: few, audit: test.audit) == .notAllowed)
        #expect(try await members.remove(owner, from: organization, by: few, audit: test.audit) == .notAllowed)
        #expect(try await members.change(.make(), in: organization, to: given("viewer"), by: few, audit: test.audit) == .notFound)
        #expect(try await members.change(viewer, in: organization, to: given("owner"), by: few, audit: test.audit) == .notAllowed)
        let nobody = test.authority([])
        #expect(try await members.change(viewer, in: organization, to: given("viewer"), by: nobody, audit: test.audit) == .callerNotAllowed)
        let outcome = try await members.change(viewer, in: organization, to: given("admin"), by: few, audit: test.audit)
        guard case .done(let member) = outcome else { throw MetastoreError(.internal, "\(outcome)") }
        #expect(member.role == "admin" && member.userID == viewer)
    }

    @Test("roles in projects come and go with the organization's membership")
    func projects() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id, project = test.project.id
        _ = try await test.makeUser("o@x", role: "owner")
        let user = try await test.makeUser("u@x", role: "viewer"), stranger = try await test.makeUser("s@x")
        func set(_ user: UserID, in project: ProjectID) async throws -> MembershipOutcome<Member> {
            try await members.setRole(user, in: project, of: organization, to: "admin", by: test.authority(), audit: test.audit)
        }
        #expect(try await set(stranger, in: project) == .notFound)
        #expect(try await set(user, in: .make()) == .notFound)
        _ = try await set(user, in: project)
        let known = try await members.all(of: user)
        #expect(known.projects == [.init(projectID: project, organizationID: organization, role: "admin")])
        #expect(known.organizations == [.init(organizationID: organization, role: "viewer")])
        #expect(try await members.list(in: project, page: PageRequest()).items.map(\.userID) == [user])
        _ = try await members.remove(user, from: organization, by: test.authority(), audit: test.audit)
        #expect(try await members.all(of: user) == UserMemberships(organizations: [], projects: []))
        _ = try await test.metastore.projects.archive(project, in: organization)
        let late = try await test.makeUser("late@x", role: "viewer")
        #expect(try await set(late, in: project) == .notFound, "archived")
    }

    @Test("a role in a project that is given while the organization's membership ends does not outlive it")
    func race() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id, project = test.project.id
        let owner = try await test.makeUser("o@x", role: "owner")
        for round in 0..<10 {
            // Both ways: the one who gives is removed, and so is the one who gets.
            let a = try await test.makeUser("a\(round)@x", role: "admin"), b = try await test.makeUser("b\(round)@x", role: "viewer")
            async let set = members.setRole(a, in: project, of: organization, to: "admin", by: authority(a), audit: test.audit)
            async let other = members.setRole(b, in: project, of: organization, to: "viewer", by: authority(owner), audit: test.audit)
            async let first = members.remove(a, from: organization, by: authority(owner), audit: test.audit)
            async let second = members.remove(b, from: organization, by: authority(owner), audit: test.audit)
            _ = try await (set, other, first, second)
            for user in [a, b] {
                #expect(try await members.all(of: user) == UserMemberships(organizations: [], projects: []), "round \(round)")
            }
        }
    }

    @Test("somebody with roles in projects alone is removed from all of them, if the caller may touch each")
    func projectOnly() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        let second = try await test.metastore.projects.create(name: "Second", in: organization).id
        let user = try await test.makeUser("p@x")
        for (project, role) in [(test.project.id, "viewer"), (second, "owner")] {
            try await test.connection.query(
                "INSERT INTO project_memberships (project_id, user_id, role) VALUES ($1, $2, $3)", [project.value, user.value, .text(role)])
        }
        let few = test.authority(["admin", "member", "viewer"])
        #expect(try await members.remove(user, from: organization, by: few, audit: test.audit) == .notAllowed)
        let removed = try await members.remove(user, from: organization, by: test.authority(), audit: test.audit)
        #expect(removed == .done(RemovedMember(userID: user, revokedKeys: [])))
        #expect(try await members.all(of: user).projects.isEmpty)
        #expect(try await members.remove(user, from: organization, by: test.authority(), audit: test.audit) == .notFound)
        let entry = try #require(try await test.metastore.auditEntries.list(in: organization, page: PageRequest()).items.first)
        #expect(String(decoding: entry.before ?? [], as: UTF8.self).contains("project_roles"))
    }

    // MARK: What ends along

    private func invite(_ test: TestMetastore, _ email: String, _ role: String, by user: UserID, project: ProjectID? = nil) async throws
        -> InvitationID
    {
        let hash = (0..<32).map { _ in UInt8.random(in: 0...255) }
        let made = try await test.metastore.invitations.create(
            NewInvitation(
                organizationID: test.organization.id, projectID: project, email: email, role: role, tokenHash: hash,
                expiryTimeUnixNano: UnixTime.now() + 60_000_000_000), by: authority(user), audit: test.audit)
        guard case .done(let invitation) = made else { throw MetastoreError(.internal, "\(made)") }
        #expect(invitation.creatorID == user)
        return invitation.id
    }

    private func open(_ test: TestMetastore) async throws -> Set<InvitationID> {
        Set(
            try await test.metastore.invitations.list(in: test.organization.id, page: PageRequest()).items
                .filter { $0.revocationTimeUnixNano == nil }.map(\.id))
    }

    @Test("who is removed comes back by no invitation: neither by those made by the member, nor by those to the member's address")
    func removalEndsInvitations() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        let owner = try await test.makeUser("o@x", role: "owner"), admin = try await test.makeUser("a@x", role: "admin")
        let kept = try await invite(test, "other@x", "viewer", by: owner)
        let ended = [
            try await invite(test, "second@x", "admin", by: admin),
            try await invite(test, "b@x", "viewer", by: admin, project: test.project.id),
            try await invite(test, "a@x", "viewer", by: owner),
            try await invite(test, "a@x", "viewer", by: owner, project: test.project.id),
        ]
        _ = try await members.remove(admin, from: organization, by: authority(owner), audit: test.audit)
        #expect(try await open(test) == [kept])
        let entry = try #require(try await test.metastore.auditEntries.list(in: organization, page: PageRequest()).items.first)
        let after = String(decoding: entry.after ?? [], as: UTF8.self)
        for id in ended { #expect(after.contains(id.uuid)) }
        let late = NewInvitation(
            organizationID: organization, projectID: nil, email: "c@x", role: "viewer", tokenHash: [UInt8](repeating: 9, count: 32),
            expiryTimeUnixNano: UnixTime.now() + 60_000_000_000)
        #expect(try await test.metastore.invitations.create(late, by: authority(admin), audit: test.audit) == .callerNotAllowed)
    }

    @Test("who is demoted keeps the invitations that the new role may give, and none to a higher one")
    func demotionEndsInvitations() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        let owner = try await test.makeUser("o@x", role: "owner"), other = try await test.makeUser("p@x", role: "owner")
        let toOwner = try await invite(test, "b@x", "owner", by: other), toAdmin = try await invite(test, "c@x", "admin", by: other)
        let own = try await invite(test, "p@x", "owner", by: owner)
        #expect(try await open(test) == [toOwner, toAdmin, own])
        _ = try await members.change(other, in: organization, to: given("admin"), by: authority(owner), audit: test.audit)
        #expect(try await open(test) == [toAdmin])
        _ = try await members.change(other, in: organization, to: given("member"), by: authority(owner), audit: test.audit)
        #expect(try await open(test).isEmpty)
    }

    @Test("a removed member's keys go on and are named, or are revoked with those made by them")
    func keys() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id, keys = test.metastore.apiKeys
        let owner = try await test.makeUser("o@x", role: "owner")
        for isRevoking in [false, true] {
            let admin = try await test.makeUser("a\(isRevoking)@x", role: "admin")
            var made: [APIKeyID] = []
            for (number, creator) in [APIKeyCreator.user(admin), .user(owner), nil].enumerated() {
                var key = test.makeKey("k", hash: UInt8(number + (isRevoking ? 10 : 0)))
                key.creator = number == 2 ? .key(made[0]) : creator
                made.append(try await keys.create(key, in: test.project.id).id)
            }
            let outcome = try await members.remove(
                admin, from: organization, by: authority(owner), revokingKeys: isRevoking, audit: test.audit)
            #expect(outcome == .done(RemovedMember(userID: admin, revokedKeys: isRevoking ? [made[0], made[2]] : [])))
            let revoked = try await keys.list(in: test.project.id, page: PageRequest()).items.filter {
                made.contains($0.id) && $0.revocationTimeUnixNano != nil
            }
            #expect(Set(revoked.map(\.id)) == (isRevoking ? [made[0], made[2]] : []))
            let entry = try #require(try await test.metastore.auditEntries.list(in: organization, page: PageRequest()).items.first)
            let after = String(decoding: entry.after ?? [], as: UTF8.self)
            #expect(
                after.contains(isRevoking ? "revoked_keys" : "remaining_keys") && after.contains(made[2].uuid)
                    && !after.contains(made[1].uuid))
        }
    }
}
