/// Members of an organization and those invited to it, as somebody with a role there sees them.

import Access
import ByteCoding
import TraceQuery

struct MembersContent: Sendable {
    let ownID: String
    let ownRole: Role
    /// Unix nanoseconds.
    let now: Int64

    private var mayManage: Bool { ownRole >= Permission.manageMembers.requirement.leastRole }

    private static let roles: [Role] = [.owner, .admin, .member, .viewer]
    private static let invitationTexts: [(role: Role, text: String)] = [
        (.viewer, "viewer: reads"), (.member, "member: reads, writes, starts runs"), (.admin, "admin: settings, keys, promotions"),
        (.owner, "owner: everything"),
    ]

    func set(_ members: [JSONValue], invitations: [JSONValue], in context: inout PageContext) {
        context.set("members", members.map(member))
        let shown = invitations.filter { !$0.has("accepted_at") }
        // Nobody invites to a role above the own.
        context.set(
            "invitation_roles",
            Self.invitationTexts.filter { $0.role <= ownRole }.map { role, text in
                .make {
                    $0.set("value", role.rawValue)
                    $0.set("text", text)
                    $0.set("is_selected", role == .member)
                }
            })
        context.set("has_invitations", !shown.isEmpty)
        context.set("invitations", shown.map(invitation))
    }

    private func member(_ member: JSONValue) -> PageContext {
        let role = member.text("role"), email = member.text("email"), name = member.text("name").isEmpty ? email : member.text("name")
        return .make { context in
            context.set("user_id", member.text("user_id"))
            context.set("name", name)
            context.set("email", email)
            context.set("initials", PageFrame.initials(name))
            context.set("role", role)
            // Nobody changes a role above the own, and nobody their own here.
            let isWithin = mayManage && ownRole >= (Role(rawValue: role) ?? .owner)
            context.set("can_change", isWithin && member.text("user_id") != ownID)
            context.set(
                "roles",
                Self.roles.filter { $0 <= ownRole || $0.rawValue == role }.map { choice in
                    .make {
                        $0.set("value", choice.rawValue)
                        $0.set("is_selected", choice.rawValue == role)
                    }
                })
            context.setTime("created", member.text("created_at"))
        }
    }

    private func invitation(_ invitation: JSONValue) -> PageContext {
        let isRevoked = invitation.has("revoked_at"), end = TimeText.unixNano(invitation.text("expires_at")) ?? 0
        let isWaiting = !isRevoked && end >= now
        return .make {
            $0.set("id", invitation.text("id"))
            $0.set("email", invitation.text("email"))
            $0.set("role", invitation.text("role"))
            $0.set("state_text", isRevoked ? "taken back" : isWaiting ? "waiting" : "expired")
            $0.set("tone", isWaiting ? "info" : "faint")
            $0.setTime("expires", invitation.text("expires_at"))
            $0.set("can_revoke", mayManage && isWaiting)
        }
    }
}
