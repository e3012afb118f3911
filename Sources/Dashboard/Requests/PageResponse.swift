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

    /// The same, packed where the browser takes that: a list says most things again in each row.
    static func page(_ html: String, _ status: HTTPResponse.Status = .ok, packedFor request: Request) -> Response {
        guard request.headers[values: .acceptEncoding].contains(where: { $0.contains("gzip") }) else { return page(html, status) }
        let bytes = Array(html.utf8)
        // A level at which a page of 100 KiB takes a millisecond or two.
        let packed = Gzip.pack(bytes, level: 5)
        guard packed.count < bytes.count else { return page(html, status) }
        var headers = pageHeaders
        headers[.contentEncoding] = "gzip"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: packed)))
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
