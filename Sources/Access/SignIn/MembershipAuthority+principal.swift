/// What a caller's roles allow to be changed of members and invitations; the metastore asks it of the roles as they are under its lock.

import Metastore

extension MembershipAuthority {
    /// Of members of the organization and invitations to it: the role there alone counts, whatever the caller is in a project of it.
    static func organization(_ user: UserID) -> MembershipAuthority {
        MembershipAuthority(user: user) { organization, _ in managing(organization)?.manageable ?? [] }
    }

    /// Of members of a project: the higher of both roles, for whoever manages the organization's members.
    static func project(_ user: UserID) -> MembershipAuthority {
        MembershipAuthority(user: user) { organization, project in
            guard let role = managing(organization) else { return [] }
            return max(role, project.flatMap { Role(rawValue: $0) } ?? role).manageable
        }
    }

    /// Of the own membership, by leaving.
    static func leaving(_ user: UserID) -> MembershipAuthority {
        MembershipAuthority(user: user) { _, _ in Role.owner.manageable }
    }

    private static func managing(_ organization: String?) -> Role? {
        guard let role = organization.flatMap({ Role(rawValue: $0) }), role >= Permission.manageMembers.requirement.leastRole else {
            return nil
        }
        return role
    }
}

extension MembershipOutcome {
    /// Errors: `notFound` (`noun`), `roleTooHigh`, `notPermitted`.
    func get(_ noun: String) throws(AccessError) -> Value {
        switch self {
        case .done(let value): return value
        case .notFound: throw .notFound(noun)
        case .notAllowed: throw .roleTooHigh
        case .callerNotAllowed: throw .notPermitted(.manageMembers)
        }
    }
}
