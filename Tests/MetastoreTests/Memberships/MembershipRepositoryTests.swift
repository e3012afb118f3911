import Testing

@testable import Metastore

@Suite struct MembershipRepositoryTests {
    private let all = ["owner", "admin", "member", "viewer"]

    @Test("an organization keeps an owner, however many leave at once")
    func lastOwner() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        for round in 0..<5 {
            let a = try await test.makeUser("a\(round)@x", role: "owner"), b = try await test.makeUser("b\(round)@x", role: "owner")
            // Those of earlier rounds who stayed.
            for member in try await members.list(in: organization, page: PageRequest()).items where ![a, b].contains(member.userID) {
                _ = try await members.remove(member.userID, from: organization, among: all, audit: test.audit)
            }
            async let first = failure { try await members.remove(a, from: organization, among: all, audit: test.audit) }
            async let second = failure { try await members.change(b, in: organization, to: "viewer", among: all, audit: test.audit) }
            let failures = await [first, second].compactMap { $0 }
            #expect(failures.count == 1 && failures[0].code == .conflict && failures[0].field == "role", "\(failures)")
            let owners = try await members.list(in: organization, page: PageRequest()).items.filter { $0.role == "owner" }
            #expect(owners.count == 1)
        }
    }

    @Test("a member whose role is not among the caller's is left alone")
    func among() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id
        let owner = try await test.makeUser("o@x", role: "owner"), viewer = try await test.makeUser("v@x", role: "viewer")
        let few = ["admin", "member", "viewer"]
        #expect(try await members.change(owner, in: organization, to: "viewer", among: few, audit: test.audit) == .notAllowed)
        #expect(try await members.remove(owner, from: organization, among: few, audit: test.audit) == .notAllowed)
        #expect(try await members.change(.make(), in: organization, to: "viewer", among: few, audit: test.audit) == .notFound)
        let outcome = try await members.change(viewer, in: organization, to: "admin", among: few, audit: test.audit)
        guard case .done(let member) = outcome else { throw MetastoreError(.internal, "\(outcome)") }
        #expect(member.role == "admin" && member.userID == viewer)
        #expect(
            await failure { try await members.change(viewer, in: organization, to: "root", among: few, audit: test.audit) }?.field == "role"
        )
    }

    @Test("roles in projects come and go with the organization's membership")
    func projects() async throws {
        let test = try await TestMetastore.open()
        let members = test.metastore.memberships, organization = test.organization.id, project = test.project.id
        _ = try await test.makeUser("o@x", role: "owner")
        let user = try await test.makeUser("u@x", role: "viewer"), stranger = try await test.makeUser("s@x")
        #expect(try await members.setRole(stranger, in: project, of: organization, to: "admin", among: all, audit: test.audit) == .notFound)
        #expect(try await members.setRole(user, in: .make(), of: organization, to: "admin", among: all, audit: test.audit) == .notFound)
        _ = try await members.setRole(user, in: project, of: organization, to: "admin", among: all, audit: test.audit)
        let known = try await members.all(of: user)
        #expect(known.projects == [.init(projectID: project, organizationID: organization, role: "admin")])
        #expect(known.organizations == [.init(organizationID: organization, role: "viewer")])
        #expect(try await members.list(in: project, page: PageRequest()).items.map(\.userID) == [user])
        _ = try await members.remove(user, from: organization, among: all, audit: test.audit)
        #expect(try await members.all(of: user) == UserMemberships(organizations: [], projects: []))
    }
}
