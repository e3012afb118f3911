/// `/docs` and `/docs/{tag}`: the OpenAPI document as pages.

import ByteCoding
import Crypto
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore

struct DocumentationHandlers: Sendable {
    private let pages: DocumentationPage
    /// Nothing but the one style sheet in the page, known by its hash.
    private let policy: String

    init() throws {
        pages = DocumentationPage(document: try JSONValue.parse(OpenAPIDocument.text))
        let sheet = DocumentationStyle.sheet.withUTF8Buffer { Array($0) }
        let hash = Base64.text(Array(SHA256.hash(data: sheet)))
        policy = "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    var routes: [Route] {
        [
            Route("getDocumentation", .get, "/docs", statuses: [200]) { _, _ in getDocumentation() },
            Route("getDocumentationOfTag", .get, "/docs/{tag}", statuses: [200, 404]) { _, context in
                try getDocumentationOfTag(context.parameters.get("tag") ?? "")
            },
        ]
    }

    func getDocumentation() -> Response { page(pages.index()) }

    func getDocumentationOfTag(_ tag: String) throws -> Response {
        guard let text = pages.page(ofTag: tag) else { throw Problem(.notFound, "there is no page of this name; /docs lists them") }
        return page(text)
    }

    private func page(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
