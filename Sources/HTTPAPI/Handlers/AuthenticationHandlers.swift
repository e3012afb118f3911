/// `/api/v1/auth`: signing in and out, and the links that let somebody in: password resets and invitations.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceQuery

struct AuthenticationHandlers: Sendable {
    let accounts: Accounts
    let mails: AccountMails

    /// Longer ones are nobody's.
    static let maximumTokenByteCount = 256
    static let maximumEmailByteCount = 254

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/auth"
        return [
            builder.operation("signIn", .post, root + "/sign-in", .public, body: .json, statuses: [200, 401], handler: signIn),
            builder.operation(
                "refreshSession", .post, root + "/refresh", .public, body: .json, statuses: [200, 401], handler: refreshSession),
            builder.operation("signOut", .post, root + "/sign-out", .signedIn, statuses: [204], handler: signOut),
            builder.operation(
                "signOutEverywhere", .post, root + "/sign-out-everywhere", .signedIn, statuses: [204], handler: signOutEverywhere),
            builder.operation(
                "requestPasswordReset", .post, root + "/password-resets", .public, body: .json, statuses: [202],
                handler: requestPasswordReset),
            builder.operation(
                "resetPassword", .post, root + "/password-resets/confirm", .public, body: .json, statuses: [204, 404],
                handler: resetPassword),
            builder.operation(
                "acceptInvitation", .post, root + "/invitations/accept", .public, body: .json, statuses: [201, 404, 409],
                handler: acceptInvitation),
        ]
    }

    func signIn(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["email", "password"])
        return .session(
            try await accounts.signIn.signIn(
                email: try request.requiredText("email", maximumByteCount: Self.maximumEmailByteCount),
                password: try request.requiredText("password", maximumByteCount: AccessLimits.maximumPasswordByteCount),
                origin: request.origin))
    }

    func refreshSession(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["refresh_token"])
        let token = try request.requiredText("refresh_token", maximumByteCount: Self.maximumTokenByteCount)
        return .session(try await accounts.signIn.refresh(token: token, origin: request.origin))
    }

    func signOut(_ request: APIRequest) async throws -> Response {
        let user = try request.user
        try await accounts.signIn.signOut(user.session, of: user.id, audit: try request.audit)
        return .empty(.noContent)
    }

    func signOutEverywhere(_ request: APIRequest) async throws -> Response {
        try await accounts.signIn.signOutEverywhere(try request.user.id, audit: try request.audit)
        return .empty(.noContent)
    }

    /// Answers before anybody is looked for: neither the answer nor its time tells whether the account exists. Where too many mails are on
    /// their way nothing comes, which is told nobody either.
    func requestPasswordReset(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["email"])
        let email = try request.requiredText("email", maximumByteCount: Self.maximumEmailByteCount), origin = request.origin
        let resets = accounts.passwordResets
        try await resets.countRequest(from: origin)
        if let slot = mails.takeSlot(.passwordReset) {
            mails.sendLater(in: slot) {
                try await resets.requestPasswordReset(email: email, origin: origin).map { .passwordReset(to: $0.email, token: $0.token) }
            }
        }
        return .empty(.accepted)
    }

    func resetPassword(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["token", "password"])
        try await accounts.passwordResets.resetPassword(
            token: try request.requiredText("token", maximumByteCount: Self.maximumTokenByteCount),
            newPassword: try request.requiredText("password", maximumByteCount: AccessLimits.maximumPasswordByteCount),
            origin: request.origin)
        return .empty(.noContent)
    }

    func acceptInvitation(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["token", "name", "password"])
        let (_, user) = try await accounts.invitations.accept(
            token: try request.requiredText("token", maximumByteCount: Self.maximumTokenByteCount),
            name: try request.requiredText("name", maximumByteCount: 400),
            password: try request.requiredText("password", maximumByteCount: AccessLimits.maximumPasswordByteCount),
            origin: request.origin)
        return .session(try await accounts.signIn.signIn(user.id, origin: request.origin), .created)
    }
}

extension Response {
    /// What a client has after signing in, however it did; shown once.
    static func session(_ signedIn: SignedIn, _ status: HTTPResponse.Status = .ok) -> Response {
        json(status, headers: [.cacheControl: "no-store"]) { writer in
            writer.beginObject()
            writer.member("access_token", signedIn.accessToken)
            writer.member("token_type", "Bearer")
            writer.member("expires_in", signedIn.accessTokenExpirySeconds - UnixTime.now() / 1_000_000_000)
            writer.member("expires_at", unixNano: signedIn.accessTokenExpirySeconds * 1_000_000_000)
            writer.member("refresh_token", signedIn.refreshToken.text)
            writer.member("user_id", signedIn.userID.uuid)
            writer.member("session_id", signedIn.sessionID.uuid)
            writer.endObject()
        }
    }

    static func empty(_ status: HTTPResponse.Status) -> Response { Response(status: status) }
}
