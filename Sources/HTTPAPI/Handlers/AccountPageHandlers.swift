/// `/invitation` and `/password-reset`: the pages behind mailed links.

import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore

struct AccountPageHandlers: Sendable {
    private let invitation = AccountPage(.invitation)
    private let passwordReset = AccountPage(.passwordReset)

    var routes: [Route] {
        [
            Route("getInvitationPage", .get, "/invitation", statuses: [200]) { _, _ in getInvitationPage() },
            Route("getPasswordResetPage", .get, "/password-reset", statuses: [200]) { _, _ in getPasswordResetPage() },
        ]
    }

    func getInvitationPage() -> Response { Self.reply(invitation) }

    func getPasswordResetPage() -> Response { Self.reply(passwordReset) }

    private static func reply(_ page: AccountPage) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: page.contentSecurityPolicy, .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
    }
}
