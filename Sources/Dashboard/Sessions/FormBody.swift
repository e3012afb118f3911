/// What a plain HTML form sends: `application/x-www-form-urlencoded`.

import HTTPAPI
import HTTPServer
import HTTPTypes
import Hummingbird

struct FormBody: Sendable {
    private let items: QueryString

    /// Errors: 415 for another type, 413, 400; RequestBodyError.
    init(of request: Request, _ context: ServerRequestContext) async throws {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw Problem(.unsupportedMediaType, "the body must be a form's: application/x-www-form-urlencoded")
        }
        let bytes = try await context.readBody(of: request, maximumByteCount: DashboardLimits.maximumFormByteCount)
        items = try QueryString(String(decoding: bytes, as: UTF8.self))
    }

    /// Empty when it is missing.
    subscript(name: String) -> String { items[name] ?? "" }
}
