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
    /// Where a user works who names no project: the oldest membership.
    private let homeOrganization: OrganizationID

    private struct ProjectRole: Sendable, Equatable {
        let organization: OrganizationID
        let role: Role
    }

    /// nil for someone who is a member of nothing. Roles this program does not know (a newer one's) give nothing.
    init?(_ known: KnownSession) {
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
        guard let home = homes.first, !(organizations.isEmpty && projects.isEmpty) else { return nil }
        organizationRoles = organizations
        projectRoles = projects
        homeOrganization = home
    }

    /// In the oldest organization, or in the one that is named if the user has a role there.
    func principal(in organization: OrganizationID?) -> Principal? {
        let organization = organization ?? homeOrganization
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
