/// Whose doing a change of members or invitations is, and what that allows: asked of the roles which the caller has when the change
/// is made, under the organization's lock. What a request read of them before may not hold any more: two owners who demote each other
/// at once must not both succeed, nor somebody go on giving who was removed meanwhile.

import PostgresClient
import TraceModel

package struct MembershipAuthority: Sendable {
    /// The caller.
    let user: UserID
    /// From the caller's roles in the organization, and in the project that the change is about, to the roles which the caller may give,
    /// take and touch; empty where the caller may not change anything.
    let manageable: @Sendable (_ organization: String?, _ project: String?) -> [String]

    package init(user: UserID, manageable: @escaping @Sendable (_ organization: String?, _ project: String?) -> [String]) {
        self.user = user
        self.manageable = manageable
    }
}

/// A role to give, with what follows from having it; Access gives roles their order.
package struct GivenRole: Sendable, Equatable {
    package let name: String
    /// This role and those below it.
    package let upTo: [String]
    /// Which ones its holder may invite others to.
    package let invitable: [String]

    package init(name: String, upTo: [String], invitable: [String]) {
        self.name = name
        self.upTo = upTo
        self.invitable = invitable
    }
}

/// What became of a change to members or invitations.
package enum MembershipOutcome<Value: Sendable>: Sendable {
    case done(Value)
    /// There is no such member or invitation.
    case notFound
    /// The role that is given, or one that is touched, is none the caller may manage.
    case notAllowed
    /// The caller may not manage any.
    case callerNotAllowed
}

extension MembershipOutcome: Equatable where Value: Equatable {}

extension PostgresConnection {
    /// Makes changes of an organization's members and invitations go one after the other, until the transaction ends. First of all
    /// locks: `keep_one_owner` locks in this order, too.
    func lock(_ organization: OrganizationID) async throws(PostgresError) {
        try await query("SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE", [organization.value])
    }

    /// What the caller may manage now; to be asked under the lock.
    func manageable(
        by authority: MembershipAuthority, in organization: OrganizationID, _ project: ProjectID? = nil
    ) async throws(PostgresError) -> [String] {
        let roles = try await query(
            """
            SELECT (SELECT role FROM organization_memberships WHERE organization_id = $1 AND user_id = $3) AS organization_role,
                (SELECT role FROM project_memberships WHERE project_id = $2 AND user_id = $3) AS project_role
            """, [organization.value, .optional(project) { $0.value }, authority.user.value]
        ).only { row throws(PostgresError) in
            (try row.decodeIfPresent("organization_role", as: String.self), try row.decodeIfPresent("project_role", as: String.self))
        }
        return authority.manageable(roles.0, roles.1)
    }
}
