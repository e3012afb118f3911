/// `/api/v1/users/me`: a signed-in user's own profile, password, sessions, invitations and feedback.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore

struct UsersHandlers: Sendable {
    let metastore: Metastore
    let accounts: Accounts

    /// Of each of the two objects a client keeps with a user.
    static let maximumObjectByteCount = 16 << 10
    static let maximumFeedbackByteCount = 10_000

    func routes(_ builder: OperationBuilder) -> [Route] {
        let me = "/api/v1/users/me"
        return [
            builder.operation("getMe", .get, me, .signedIn, statuses: [200], handler: getMe),
            builder.operation("updateMe", .patch, me, .signedIn, body: .json, statuses: [200], handler: updateMe),
            builder.operation(
                "changePassword", .put, me + "/password", .signedIn, body: .json, statuses: [204], handler: changePassword),
            builder.operation(
                "listMySessions", .get, me + "/sessions", .signedIn, query: ["limit", "cursor"], statuses: [200], handler: listMySessions),
            builder.operation(
                "endMySession", .delete, me + "/sessions/{session_id}", .signedIn, statuses: [204, 404], handler: endMySession),
            builder.operation(
                "acceptInvitationAsMe", .post, me + "/invitations", .signedIn, body: .json, statuses: [200, 404],
                handler: acceptInvitationAsMe),
            builder.operation("sendFeedback", .post, me + "/feedback", .signedIn, body: .json, statuses: [201], handler: sendFeedback),
        ]
    }

    func getMe(_ request: APIRequest) async throws -> Response {
        let id = try request.user.id
        guard let user = try await metastore.users.find(id) else { throw AccessError.notFound("user") }
        let memberships = try await metastore.memberships.all(of: id)
        let names = try await metastore.organizations.names(of: id)
        return .json { writer in
            writer.beginObject()
            writer.key("user")
            writer.user(user)
            writer.key("organizations")
            writer.beginArray()
            for (organization, name) in names {
                writer.beginObject()
                writer.member("organization_id", organization.uuid)
                writer.member("name", name)
                writer.member("role", memberships.organizations.first { $0.organizationID == organization }?.role)
                writer.endObject()
            }
            writer.endArray()
            writer.key("projects")
            writer.beginArray()
            for project in memberships.projects {
                writer.beginObject()
                writer.member("project_id", project.projectID.uuid)
                writer.member("organization_id", project.organizationID.uuid)
                writer.member("role", project.role)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    func updateMe(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name", "profile", "settings"])
        let change = UserChange(
            name: try request.text("name", maximumByteCount: 400), profile: try Self.object("profile", request),
            settings: try Self.object("settings", request))
        guard let user = try await metastore.users.update(try request.user.id, change, audit: try request.audit) else {
            throw AccessError.notFound("user")
        }
        return .json { $0.user(user) }
    }

    func changePassword(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["current_password", "new_password"])
        let user = try request.user
        try await accounts.passwordResets.changePassword(
            of: user.id, session: user.session,
            old: try request.requiredText("current_password", maximumByteCount: AccessLimits.maximumPasswordByteCount),
            new: try request.requiredText("new_password", maximumByteCount: AccessLimits.maximumPasswordByteCount),
            origin: request.origin, audit: try request.audit)
        return .empty(.noContent)
    }

    func listMySessions(_ request: APIRequest) async throws -> Response {
        let user = try request.user
        let page = try await metastore.sessions.list(of: user.id, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { writer, session in
            writer.beginObject()
            writer.member("id", session.id.uuid)
            writer.member("user_agent", session.userAgent)
            writer.member("address", session.address)
            writer.key("is_current")
            writer.bool(session.id == user.session)
            writer.member("created_at", unixNano: session.createdTimeUnixNano)
            writer.member("last_used_at", unixNano: session.useTimeUnixNano)
            writer.member("expires_at", unixNano: session.expiryTimeUnixNano)
            writer.endObject()
        }
    }

    func endMySession(_ request: APIRequest) async throws -> Response {
        guard let id = SessionID(uuid: request.path("session_id")) else { throw AccessError.notFound("session") }
        try await accounts.signIn.signOut(id, of: try request.user.id, audit: try request.audit)
        return .empty(.noContent)
    }

    func acceptInvitationAsMe(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["token"])
        let token = try request.requiredText("token", maximumByteCount: AuthenticationHandlers.maximumTokenByteCount)
        let (invitation, _) = try await accounts.invitations.accept(token: token, as: try request.user.id, audit: try request.audit)
        return .json { $0.invitation(invitation) }
    }

    func sendFeedback(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["message"])
        let message = try request.requiredText("message", maximumByteCount: Self.maximumFeedbackByteCount)
        let id = try await metastore.users.addFeedback(message, of: try request.user.id, audit: try request.audit)
        return .json(.created) { writer in
            writer.beginObject()
            writer.member("id", id.uuid)
            writer.endObject()
        }
    }

    private static func object(_ name: String, _ request: APIRequest) throws(Problem) -> [UInt8]? {
        guard let value = request.body[name], !value.isNull else { return nil }
        let bytes = value.bytes
        guard value.objectValue != nil, bytes.count <= maximumObjectByteCount else {
            throw .unprocessable(name, "must be an object of at most \(maximumObjectByteCount) bytes")
        }
        return bytes
    }
}

extension JSONWriter {
    fileprivate mutating func user(_ user: User) {
        beginObject()
        member("id", user.id.uuid)
        member("email", user.email)
        member("name", user.name)
        key("profile")
        raw(user.profile)
        key("settings")
        raw(user.settings)
        member("created_at", unixNano: user.createdTimeUnixNano)
        endObject()
    }
}
