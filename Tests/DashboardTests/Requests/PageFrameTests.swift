import Access
import ByteCoding
import Testing

@testable import Dashboard

@Suite("What pages offer to whom") struct PageFrameTests {
    private func frame(organization: Role?, project: Role?, of owner: String = "o") -> PageFrame {
        let one = PageFrame.Project(id: "p", name: "P", organizationID: owner, role: project)
        return PageFrame(
            userID: "u", email: "u@example.com", name: "U",
            organizations: [
                PageFrame.Organization(id: "other", name: "Other", role: .owner, projects: []),
                PageFrame.Organization(id: "o", name: "O", role: organization, projects: [one]),
            ], project: one)
    }

    @Test("each permission is offered from the role on that the API asks for, in the project or in its organization")
    func permissions() {
        for permission in Permission.allCases {
            let need = permission.requirement
            for role in Role.allCases {
                let isEnough = role >= need.leastRole
                #expect(frame(organization: role, project: role).may(permission) == isEnough, "\(permission) for \(role)")
                // A role in the project alone opens nothing of the organization.
                let inProject = frame(organization: nil, project: role).may(permission)
                #expect(inProject == (isEnough && need.level != .organization), "\(permission) for \(role) of the project")
            }
        }
    }

    @Test("an admin of a project is not offered what takes an admin of its organization, and another organization's owner nothing")
    func projectAdmin() {
        let admin = frame(organization: .member, project: .admin).context(page: "settings-members")
        for (name, isOffered) in [
            ("can_manage_members", false), ("can_manage_credentials", false), ("can_write_prices", false), ("can_manage_keys", true),
            ("can_manage_settings", true), ("can_write", true),
        ] { #expect(admin[name] == .bool(isOffered), "\(name)") }
        #expect(!frame(organization: nil, project: .viewer, of: "unknown").may(.manageMembers))
        #expect(frame(organization: .viewer, project: .viewer).may(.readTraces))
    }
}
