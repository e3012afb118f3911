/// Answers that are pages.

import ByteCoding
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// Nothing but this server's own files, no script or style within the page, and no frame around it. `same-origin`: forms say where they
    /// come from, which CrossSiteRule needs, and links to other places do not.
    private static var pageHeaders: HTTPFields {
        [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .referrerPolicy: "same-origin",
            .contentSecurityPolicy: contentSecurityPolicy,
        ]
    }

    static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    static func page(_ html: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: pageHeaders, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    static func data(_ value: JSONValue) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.bytes)))
    }

    /// On to another page of this server, with GET.
    static func onward(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store", .referrerPolicy: "same-origin"])
    }
}

extension HTTPField.Name {
    // A valid token, so not nil.
    static let referrerPolicy = HTTPField.Name("referrer-policy")!
}
