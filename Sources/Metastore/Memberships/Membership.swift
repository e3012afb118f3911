import TraceModel

/// A user as a member of an organization or of a project.
package struct Member: Sendable, Equatable {
    package let userID: UserID
    package let email: String
    package let name: String
    /// Among `owner`, `admin`, `member`, `viewer`; Access gives them meaning.
    package let role: String
    package let createdTimeUnixNano: Int64
}

/// Where a user may do something.
package struct UserMemberships: Sendable, Equatable {
    package struct OrganizationRole: Sendable, Equatable {
        package let organizationID: OrganizationID
        package let role: String

        package init(organizationID: OrganizationID, role: String) {
            self.organizationID = organizationID
            self.role = role
        }
    }

    package struct ProjectRole: Sendable, Equatable {
        package let projectID: ProjectID
        package let organizationID: OrganizationID
        package let role: String

        package init(projectID: ProjectID, organizationID: OrganizationID, role: String) {
            self.projectID = projectID
            self.organizationID = organizationID
            self.role = role
        }
    }

    /// The oldest first.
    package let organizations: [OrganizationRole]
    /// The oldest first.
    package let projects: [ProjectRole]

    package init(organizations: [OrganizationRole], projects: [ProjectRole]) {
        self.organizations = organizations
        self.projects = projects
    }
}

/// Somebody who was a member of an organization, or of projects of it, until now.
package struct RemovedMember: Sendable, Equatable {
    package let userID: UserID
    /// Keys made by the user, and by those keys, that were revoked along.
    package let revokedKeys: [APIKeyID]
}
