import Metastore
import Testing
import TraceModel

@testable import Access

@Suite struct PermissionTests {
    private static let project = ProjectID(high: 2, low: 2)

    private func user(_ organization: Role?, _ project: Role?, in projectID: ProjectID? = PermissionTests.project) -> Principal {
        Principal(
            caller: .user(UserID(high: 1, low: 1), session: SessionID(high: 1, low: 2)), name: "u@x",
            organizationID: OrganizationID(high: 1, low: 1), projectID: projectID,
            grants: .roles(organization: organization, project: project))
    }

    private func key(_ scopes: Set<Scope>, reach: KeyReach = .organization) -> Principal {
        Principal(
            caller: .key(APIKeyID(high: 1, low: 1)), name: "spdrl_abc", organizationID: OrganizationID(high: 1, low: 1),
            projectID: Self.project, grants: .scopes(scopes, reach: reach))
    }

    /// The table of the contract, written down a second time.
    static let table: [(String, Permission.Level, Scope?, Role)] = [
        ("spans.ingest", .project, .ingest, .member), ("traces.read", .project, .read, .viewer), ("query.run", .project, .read, .viewer),
        ("prices.read", .project, .read, .viewer), ("prices.write", .organization, .admin, .admin), ("keys.read", .project, .admin, .admin),
        ("keys.manage", .project, .admin, .admin), ("project.read", .project, .admin, .viewer),
        ("project.manage", .project, .admin, .admin),
        ("store.seal", .project, .admin, .admin), ("telemetry.delete", .project, .admin, .admin),
        ("quarantine.read", .project, .read, .viewer),
        ("quarantine.replay", .project, .write, .member), ("settings.read", .project, .read, .viewer),
        ("settings.manage", .project, .admin, .admin), ("redaction.preview", .project, .read, .viewer),
        ("audit.read", .either, .admin, .admin), ("tasks.read", .project, .read, .viewer), ("features.read", .project, .read, .viewer),
        ("suites.read", .project, .read, .viewer), ("suites.write", .project, .write, .member), ("runs.read", .project, .read, .viewer),
        ("runs.start", .project, .run, .member), ("scores.read", .project, .read, .viewer), ("scores.write", .project, .write, .member),
        ("knowledge.read", .project, .read, .viewer), ("knowledge.write", .project, .write, .member),
        ("knowledge.review", .project, nil, .member), ("knowledge.promote", .project, .admin, .admin),
        ("organization.read", .organization, .admin, .viewer), ("organization.manage", .organization, nil, .admin),
        ("organizations.create", .organization, nil, .owner), ("members.read", .organization, nil, .viewer),
        ("members.manage", .organization, nil, .admin), ("projects.list", .organization, .admin, .viewer),
        ("projects.create", .organization, .admin, .admin), ("credentials.manage", .organization, nil, .admin),
        ("features.manage", .organization, nil, .owner), ("workers.manage", .organization, .admin, .admin),
        ("health.read", .organization, .admin, .admin),
    ]

    @Test("the table is the contract's")
    func contract() {
        #expect(Set(Self.table.map(\.0)) == Set(Permission.allCases.map(\.rawValue)))
        for (name, level, scope, role) in Self.table {
            #expect(Permission(rawValue: name)?.requirement == .init(level: level, leastRole: role, scope: scope), "\(name)")
        }
    }

    @Test("each permission is given to exactly the keys with its scope", arguments: Permission.allCases)
    func keys(permission: Permission) {
        for scope in Scope.allCases { #expect(key([scope]).allows(permission) == (permission.requirement.scope == scope)) }
        #expect(key(Set(Scope.allCases)).allows(permission) == (permission.requirement.scope != nil))
        #expect(!key([]).allows(permission))
    }

    @Test("a key that was not made to reach its organization has nothing of it; in other projects, one that was has their keys")
    func reach() {
        let all = Set(Scope.allCases)
        for permission in Permission.allCases {
            let requirement = permission.requirement
            let inProject = requirement.scope != nil && requirement.level != .organization
            #expect(key(all, reach: .project).allows(permission) == inProject, "\(permission)")
            let elsewhere: Set<Permission> = [.readProject, .readKeys, .manageKeys]
            #expect(key(all, reach: .otherProject).allows(permission) == elsewhere.contains(permission), "\(permission)")
        }
        #expect(throws: AccessError.keyEndsAtProject(.listProjects)) {
            try key([.admin], reach: .project).require(.listProjects as Permission)
        }
        #expect(throws: AccessError.forbidden(needed: .admin)) { try key([.read], reach: .project).require(.listProjects as Permission) }
    }

    @Test("each permission is given to its least role and all above; the higher of two roles counts", arguments: Permission.allCases)
    func roles(permission: Permission) {
        let needed = permission.requirement
        for organization in [nil] + Role.allCases.map(Optional.some) {
            for project in [nil] + Role.allCases.map(Optional.some) {
                let atOrganization = organization.map { $0 >= needed.leastRole } ?? false
                let atProject = project.map { $0 >= needed.leastRole } ?? false
                let expected = needed.level == .organization ? atOrganization : atOrganization || atProject
                #expect(user(organization, project).allows(permission) == expected, "\(String(describing: (organization, project)))")
            }
        }
    }

    @Test("who names no project can do nothing in one, and is told so")
    func noProject() {
        #expect(throws: AccessError.projectMissing) { try user(.owner, nil, in: nil).require(.readTraces as Permission) }
        #expect(user(.owner, nil, in: nil).allows(.createProjects))
        #expect(throws: AccessError.notPermitted(.manageFeatures)) { try user(.admin, nil).require(.manageFeatures as Permission) }
        #expect(throws: AccessError.forbidden(needed: .read)) { try key([.ingest]).require(.readTraces as Permission) }
        #expect(throws: AccessError.notPermitted(.manageMembers)) { try key([.admin]).require(.manageMembers as Permission) }
        #expect(throws: AccessError.userNeeded) { try key([.admin]).require(OperationAccess.signedIn) }
    }

    @Test("the audit log is open to an organization's admins without a project, and to a project's within it")
    func either() {
        #expect(user(.admin, nil, in: nil).allows(.readAudit) && !user(.viewer, .admin, in: nil).allows(.readAudit))
        #expect(user(.viewer, .admin).allows(.readAudit))
        #expect(throws: AccessError.notPermitted(.readAudit)) { try user(.member, nil, in: nil).require(.readAudit as Permission) }
    }

    @Test("roles are in order")
    func order() {
        #expect(Role.allCases.sorted() == [.viewer, .member, .admin, .owner])
        #expect(Role.admin.manageable == ["viewer", "member", "admin"])
    }
}
