/// Who asks, proven, and what that allows: an API key, bound to one project, or a signed-in user in one organization.

import Metastore
import TraceModel

package enum Caller: Sendable, Hashable {
    case key(APIKeyID)
    case user(UserID, session: SessionID)
}

package enum Grants: Sendable, Hashable {
    /// Of a key.
    case scopes(Set<Scope>, reach: KeyReach = .project)
    /// Of a user: in the organization, and in the project that was named.
    case roles(organization: Role?, project: Role?)
}

/// Where a key's scopes count.
package enum KeyReach: Sendable, Hashable {
    /// In its own project.
    case project
    /// In its own project, and in what belongs to the organization: a key says so when it is made.
    case organization
    /// Such a key in another project of its organization, whose keys it manages and nothing else.
    case otherProject
    /// In a project that the key was bound to beside its own: it sends there and nothing else.
    case furtherProject
}

package struct Principal: Sendable, Hashable {
    package let caller: Caller
    /// A key's prefix, a user's e-mail address: for the audit log.
    package let name: String
    /// nil for a user who is a member of nothing.
    package let knownOrganizationID: OrganizationID?
    /// nil for a user who named no project.
    package let projectID: ProjectID?
    package let grants: Grants
    /// What the key's requests are held to; none for users.
    package let limits: RequestLimits
    /// Its own project and those that it was bound to beside it; empty for a key with one project, and for users.
    package let choices: [KeyProject]

    package init(
        caller: Caller, name: String, organizationID: OrganizationID?, projectID: ProjectID?, grants: Grants,
        limits: RequestLimits = RequestLimits(), choices: [KeyProject] = []
    ) {
        self.caller = caller
        self.name = name
        knownOrganizationID = organizationID
        self.projectID = projectID
        self.grants = grants
        self.limits = limits
        self.choices = choices
    }

    /// Errors: `unauthenticated` (noMembership).
    package var organizationID: OrganizationID {
        get throws(AccessError) {
            guard let knownOrganizationID else { throw .unauthenticated(.noMembership) }
            return knownOrganizationID
        }
    }

    package var keyID: APIKeyID? { if case .key(let id) = caller { id } else { nil } }

    package var userID: UserID? { if case .user(let id, _) = caller { id } else { nil } }

    package var sessionID: SessionID? { if case .user(_, let id) = caller { id } else { nil } }

    /// A key's; empty for users.
    package var scopes: Set<Scope> { if case .scopes(let scopes, _) = grants { scopes } else { [] } }

    /// A key's; nil for users.
    package var reach: KeyReach? { if case .scopes(_, let reach) = grants { reach } else { nil } }

    /// The higher of a user's roles; nil for keys.
    package var role: Role? {
        guard case .roles(let organization, let project) = grants else { return nil }
        guard let organization else { return project }
        return project.map { max($0, organization) } ?? organization
    }

    package func has(_ scope: Scope) -> Bool { scopes.contains(scope) }

    package func allows(_ permission: Permission) -> Bool {
        let needed = permission.requirement
        switch grants {
        case .scopes(let scopes, let reach):
            guard let scope = needed.scope, scopes.contains(scope) else { return false }
            return switch reach {
            case .project: needed.level != .organization
            case .organization: true
            case .otherProject: permission.isOfOtherProjects
            case .furtherProject: permission.isOfFurtherProjects
            }
        case .roles(let organization, _):
            let role: Role? =
                switch needed.level {
                case .organization: organization
                case .project: projectID == nil ? nil : self.role
                case .either: projectID == nil ? organization : self.role
                }
            return role.map { $0 >= needed.leastRole } ?? false
        }
    }

    /// Errors: `projectMissing` when a user has to name one, `forbidden` for a key without the scope, `keyEndsAtProject`, `notPermitted`.
    package func require(_ permission: Permission) throws(AccessError) {
        if projectID == nil, permission.requirement.level == .project { throw .projectMissing }
        if allows(permission) { return }
        if case .scopes(let scopes, _) = grants, let scope = permission.requirement.scope {
            throw scopes.contains(scope) ? .keyEndsAtProject(permission) : .forbidden(needed: scope)
        }
        throw .notPermitted(permission)
    }

    /// Errors: `notPermitted` for a key where a user is needed.
    package func require(_ access: OperationAccess) throws(AccessError) {
        switch access {
        case .public: return
        case .signedIn: if userID == nil { throw .userNeeded }
        case .permission(let permission): try require(permission)
        }
    }

    /// Errors: `forbidden` when the key lacks the scope.
    package func require(_ scope: Scope) throws(AccessError) { if !has(scope) { throw .forbidden(needed: scope) } }

    /// The beginning of an audit entry for something this principal does.
    package func audit(_ action: String, address: String?, requestID: String) -> AuditDraft {
        let caller: AuditDraft.Caller =
            switch self.caller {
            case .key(let id): .apiKey(id)
            case .user(let id, _): .user(id)
            }
        return AuditDraft(caller: caller, callerName: name, address: address, requestID: requestID, action: action)
    }
}
