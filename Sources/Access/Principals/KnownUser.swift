/// A signed-in user as the authenticator remembers one: everything that decides a request, ready to be looked into.

import Metastore
import TraceModel

struct KnownUser: Sendable, Equatable {
    let session: SessionID
    let id: UserID
    let email: String
    let signInGeneration: Int
    private let organizationRoles: [OrganizationID: Role]
    private let projectRoles: [ProjectID: ProjectRole]
    /// Where a user works who names no project: the oldest membership. nil for someone who is a member of nothing.
    private let homeOrganization: OrganizationID?
    /// Those whose projects are all the user's, in one order.
    let organizations: [OrganizationID]

    private struct ProjectRole: Sendable, Equatable {
        let organization: OrganizationID
        let role: Role
    }

    /// Roles this program does not know (a newer one's) give nothing.
    init(_ known: KnownSession) {
        session = known.session.id
        id = known.session.userID
        email = known.email
        signInGeneration = known.signInGeneration
        var organizations: [OrganizationID: Role] = [:]
        for membership in known.memberships.organizations {
            organizations[membership.organizationID] = Role(rawValue: membership.role)
        }
        var projects: [ProjectID: ProjectRole] = [:]
        for membership in known.memberships.projects {
            projects[membership.projectID] = Role(rawValue: membership.role).map {
                ProjectRole(organization: membership.organizationID, role: $0)
            }
        }
        let homes = known.memberships.organizations.map(\.organizationID) + known.memberships.projects.map(\.organizationID)
        organizationRoles = organizations
        projectRoles = projects
        homeOrganization = organizations.isEmpty && projects.isEmpty ? nil : homes.first
        self.organizations = organizations.keys.sorted { ($0.high, $0.low) < ($1.high, $1.low) }
    }

    var isMember: Bool { homeOrganization != nil }

    /// For what is the user's own, and takes no membership.
    var withoutMembership: Principal {
        Principal(
            caller: .user(id, session: session), name: email, organizationID: nil, projectID: nil,
            grants: .roles(organization: nil, project: nil))
    }

    /// In the oldest organization, or in the one that is named if the user has a role there.
    func principal(in organization: OrganizationID?) -> Principal? {
        guard let organization = organization ?? homeOrganization else { return nil }
        let isKnown = organizationRoles[organization] != nil || projectRoles.values.contains { $0.organization == organization }
        return isKnown ? principal(organization, nil, organizationRoles[organization], nil) : nil
    }

    /// nil where the user has no role. `organization`: the project's, where `needsOrganization` says that it takes it.
    func principal(in project: ProjectID, of organization: OrganizationID?) -> Principal? {
        if let membership = projectRoles[project] {
            return principal(membership.organization, project, organizationRoles[membership.organization], membership.role)
        }
        guard let organization, let role = organizationRoles[organization] else { return nil }
        return principal(organization, project, role, nil)
    }

    /// Whether it takes the project's organization to know the user's role in it.
    func needsOrganization(of project: ProjectID) -> Bool { projectRoles[project] == nil && !organizationRoles.isEmpty }

    private func principal(
        _ organization: OrganizationID, _ project: ProjectID?, _ organizationRole: Role?, _ projectRole: Role?
    ) -> Principal {
        Principal(
            caller: .user(id, session: session), name: email, organizationID: organization, projectID: project,
            grants: .roles(organization: organizationRole, project: projectRole))
    }
}
