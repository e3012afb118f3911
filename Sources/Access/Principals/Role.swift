/// What a member of an organization or of a project may do, in four steps, each with all of the one before.
///
/// A role in an organization counts in all of its projects; of two roles the higher one counts.

import Metastore

package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Sees.
    case viewer
    /// Sends spans and changes data.
    case member
    /// Manages projects, keys, settings and members.
    case admin
    /// Manages everything, other owners among it.
    case owner

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .member: 1
        case .admin: 2
        case .owner: 3
        }
    }

    package static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

    /// The names of this role and all below: whom a holder of it may manage.
    package var manageable: [String] { Role.allCases.filter { $0 <= self }.map(\.rawValue) }

    /// As it is given to a member of an organization.
    var given: GivenRole {
        GivenRole(name: rawValue, upTo: manageable, invitable: self >= Permission.manageMembers.requirement.leastRole ? manageable : [])
    }
}
