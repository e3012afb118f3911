/// Members of organizations and of projects, and the invitations that make them.

import Access
import ByteCoding
import CurlClient
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct MembersHandlers: Sendable {
    let accounts: Accounts
    let mails: AccountMails

    func routes(_ builder: OperationBuilder) -> [Route] {
        let members = "/api/v1/organizations/{organization_id}/members"
        let ofProject = "/api/v1/projects/{project_id}/members"
        let invitations = "/api/v1/organizations/{organization_id}/invitations"
        let page = ["limit", "cursor"]
        return [
            builder.operation("listMembers", .get, members, .permission(.readMembers), query: page, statuses: [200], handler: listMembers),
            builder.operation(
                "setMemberRole", .put, members + "/{user_id}", .permission(.manageMembers), body: .json, statuses: [200, 409],
                handler: setMemberRole),
            builder.operation(
                "removeMember", .delete, members + "/{user_id}", .permission(.manageMembers), query: ["revoke_keys"], statuses: [204, 409],
                handler: removeMember),
            builder.operation(
                "leaveOrganization", .delete, "/api/v1/users/me/organizations/{organization_id}", .signedIn, statuses: [204, 404, 409],
                handler: leaveOrganization),
            builder.operation(
                "listProjectMembers", .get, ofProject, .permission(.readMembers), query: page, statuses: [200],
                handler: listProjectMembers),
            builder.operation(
                "setProjectMemberRole", .put, ofProject + "/{user_id}", .permission(.manageMembers), body: .json, statuses: [200],
                handler: setProjectMemberRole),
            builder.operation(
                "removeProjectMember", .delete, ofProject + "/{user_id}", .permission(.manageMembers), statuses: [204],
                handler: removeProjectMember),
            builder.operation(
                "createInvitation", .post, invitations, .permission(.manageMembers), body: .json, statuses: [201],
                handler: createInvitation),
            builder.operation(
                "listInvitations", .get, invitations, .permission(.manageMembers), query: page, statuses: [200], handler: listInvitations),
            builder.operation(
                "revokeInvitation", .delete, invitations + "/{invitation_id}", .permission(.manageMembers), statuses: [200],
                handler: revokeInvitation),
        ]
    }

    func listMembers(_ request: APIRequest) async throws -> Response {
        let page = try await accounts.members.list(by: try request.principal, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.organizationMember($1) }
    }

    func setMemberRole(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["role"])
        let member = try await accounts.members.change(
            try Self.user(request), to: try Self.role(request), by: try request.principal, audit: try request.audit)
        return .json { $0.organizationMember(member) }
    }

    func removeMember(_ request: APIRequest) async throws -> Response {
        try await accounts.members.remove(
            try Self.user(request), revokingKeys: try request.boolean("revoke_keys"), by: try request.principal, audit: try request.audit)
        return .empty(.noContent)
    }

    func leaveOrganization(_ request: APIRequest) async throws -> Response {
        try await accounts.members.leave(try request.principal, audit: try request.audit)
        return .empty(.noContent)
    }

    func listProjectMembers(_ request: APIRequest) async throws -> Response {
        let page = try await accounts.members.listInProject(by: try request.principal, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.organizationMember($1) }
    }

    func setProjectMemberRole(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["role"])
        let member = try await accounts.members.changeInProject(
            try Self.user(request), to: try Self.role(request), by: try request.principal, audit: try request.audit)
        return .json { $0.organizationMember(member) }
    }

    func removeProjectMember(_ request: APIRequest) async throws -> Response {
        try await accounts.members.removeFromProject(try Self.user(request), by: try request.principal, audit: try request.audit)
        return .empty(.noContent)
    }

    // MARK: Invitations

    func createInvitation(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["email", "role", "project_id"])
        var project: ProjectID?
        if let text = try request.text("project_id", maximumByteCount: 64) {
            guard let id = ProjectID(uuid: text) else { throw Problem.unprocessable("project_id", "must be a project's id") }
            project = id
        }
        let email = try request.requiredText("email", maximumByteCount: AuthenticationHandlers.maximumEmailByteCount)
        guard !mails.delivers || MailAddress(email) != nil else {
            throw Problem.unprocessable("email", "is no address that mail servers take, so the invitation would reach nobody")
        }
        // Before there is an invitation: one whose mail is not sent is of use to nobody.
        guard let slot = mails.takeSlot(.invitation, for: try request.principal.organizationID.uuid) else {
            throw Problem(.serviceUnavailable, "too many invitations are on their way; try again", retryAfterSeconds: 5)
        }
        let isMailed = mails.delivers
        let made = try await accounts.invitations.invite(
            email: email, role: try Self.role(request), project: project, isMailed: isMailed, by: try request.principal,
            audit: try request.audit)
        // Without a mail server it goes to the log, for the operator to pass on.
        mails.sendLater(in: slot) { .invitation(to: made.invitation.email, token: made.token) }
        return .json(.created) { writer in
            writer.beginObject()
            writer.invitationMembers(made.invitation)
            // A link that is mailed shows that its user has the address: nobody else sees it.
            if !isMailed {
                writer.member("url", mails.links.invitation(made.token))
                writer.member("token", made.token.text)
            }
            writer.key("is_mailed")
            writer.bool(isMailed)
            writer.endObject()
        }
    }

    func listInvitations(_ request: APIRequest) async throws -> Response {
        let page = try await accounts.invitations.list(by: try request.principal, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.invitation($1) }
    }

    func revokeInvitation(_ request: APIRequest) async throws -> Response {
        guard let id = InvitationID(uuid: request.path("invitation_id")) else { throw AccessError.notFound("invitation") }
        let revoked = try await accounts.invitations.revoke(id, by: try request.principal, audit: try request.audit)
        return .json { $0.invitation(revoked) }
    }

    private static func user(_ request: APIRequest) throws(AccessError) -> UserID {
        guard let id = UserID(uuid: request.path("user_id")) else { throw .notFound("member") }
        return id
    }

    private static func role(_ request: APIRequest) throws(Problem) -> Role {
        guard let role = try Role(rawValue: request.requiredText("role", maximumByteCount: 64)) else {
            throw .unprocessable("role", "must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }
}

extension JSONWriter {
    fileprivate mutating func organizationMember(_ member: Member) {
        beginObject()
        self.member("user_id", member.userID.uuid)
        self.member("email", member.email)
        self.member("name", member.name)
        self.member("role", member.role)
        self.member("created_at", unixNano: member.createdTimeUnixNano)
        endObject()
    }

    mutating func invitation(_ invitation: Invitation) {
        beginObject()
        invitationMembers(invitation)
        endObject()
    }

    fileprivate mutating func invitationMembers(_ invitation: Invitation) {
        member("id", invitation.id.uuid)
        member("organization_id", invitation.organizationID.uuid)
        member("project_id", invitation.projectID?.uuid)
        member("email", invitation.email)
        member("role", invitation.role)
        member("created_at", unixNano: invitation.createdTimeUnixNano)
        member("expires_at", unixNano: invitation.expiryTimeUnixNano)
        member("accepted_at", unixNano: invitation.acceptanceTimeUnixNano)
        member("revoked_at", unixNano: invitation.revocationTimeUnixNano)
        member("created_by", invitation.creatorID?.uuid)
    }
}
