/// `/openapi.json`: the document every operation is held against, as it stands in `openapi/`.

import HTTPServer
import Hummingbird

struct OpenAPIHandlers: Sendable {
    var routes: [Route] { [Route("getOpenAPI", .get, "/openapi.json", statuses: [200]) { _, _ in getOpenAPI() }] }

    func getOpenAPI() -> Response { .json(bytes: Array(OpenAPIDocument.text.utf8)) }
}
