/// `/assets/{hash}/...`: what never changes under its path, and so is kept by browsers for as long as they like.

import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore

struct AssetHandlers: Sendable {
    let assets: AssetLibrary

    var routes: [Route] {
        [
            Route("getAsset", .get, "/assets/{hash}/**", statuses: [200, 404], handler: getAsset),
            // Browsers that ask on their own.
            Route("getFavicon", .get, "/favicon.ico", statuses: [200, 404]) { request, _ in try answer(request, "favicon.svg") },
        ]
    }

    private func getAsset(_ request: Request, _ context: ServerRequestContext) throws -> Response {
        var response = try answer(request, context.parameters.getCatchAll().joined(separator: "/"))
        // The hash of another build may be in a page that is still open: it gets what there is now, for now.
        if context.parameters.get("hash") != assets.hash { response.headers[.cacheControl] = "no-cache" }
        return response
    }

    private func answer(_ request: Request, _ path: String) throws -> Response {
        guard let asset = assets[path] else { throw Problem(.notFound, "there is no such asset") }
        var headers: HTTPFields = [
            .contentType: asset.contentType, .cacheControl: "public, max-age=31536000, immutable", .vary: "accept-encoding",
        ]
        guard let gzip = asset.gzip, request.headers[values: .acceptEncoding].contains(where: { $0.contains("gzip") }) else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: gzip)))
    }
}
