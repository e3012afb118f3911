/// Outermost around every request: finds out where it comes from, answers browsers' preflights, and puts the headers on the answer that
/// every answer has. Everything inside, the log included, sees `context.remoteAddress`.

import HTTPTypes
import Hummingbird
import IPAddresses
import NIOCore

struct EdgeMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    let configuration: EdgeConfiguration

    func handle(
        _ request: Request, context: ServerRequestContext, next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let peer = ConnectionPeer.current
        context.origin = ForwardedOrigin(
            peer: peer?.address ?? context.channel.remoteAddress.flatMap { IPAddress($0) }, isSecure: peer?.isSecure ?? false,
            headers: request.headers, trustedProxies: configuration.trustedProxies)
        var response = try await next(request, context)
        if let origin = request.headers[.origin] {
            response.headers[values: .vary].append("origin")
            if await isAllowed(origin, context) { CrossOriginHeaders.allow(origin, in: &response.headers) }
        }
        SecurityHeaders(isSecure: context.origin.isSecure).apply(
            to: &response.headers, isAuthenticated: request.headers.presentsCredentials || context.account.projectID != nil)
        return response
    }

    /// By the project's list once the key has told the project; before, by all lists, so that a page can read why it was refused.
    private func isAllowed(_ origin: String, _ context: ServerRequestContext) async -> Bool {
        if let project = context.account.projectID { return await configuration.crossOrigin.isAllowed(origin, byProject: project) }
        return await configuration.crossOrigin.isAllowedBySomeProject(origin)
    }
}

/// Answers preflights, inside of the log so that they are counted. They are anonymous by the protocol and reach no handler.
struct PreflightMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    let policy: any CrossOriginPolicy

    func handle(
        _ request: Request, context: ServerRequestContext, next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .options, let origin = request.headers[.origin], request.headers[.accessControlRequestMethod] != nil else {
            return try await next(request, context)
        }
        context.coreContext.endpointPath.value = "preflight"
        guard await policy.isAllowedBySomeProject(origin) else {
            throw Problem(.forbidden, "no project allows requests from this origin", kind: "origin-not-allowed")
        }
        return Response(status: .noContent, headers: CrossOriginHeaders.preflight(origin: origin))
    }
}

extension ServerRequestContext {
    /// Refuses a browser's request whose origin the key's project does not allow. Called by whoever has just found out the project.
    package func checkOrigin(of request: Request, project: String, _ policy: any CrossOriginPolicy) async throws {
        guard let origin = request.headers[.origin], origin != ownOrigin(of: request) else { return }
        guard await policy.isAllowed(origin, byProject: project) else {
            throw Problem(.forbidden, "the project does not allow requests from this origin", kind: "origin-not-allowed")
        }
    }

    /// The server's own, as browsers that show its pages send it; nil for a request that names no host.
    package func ownOrigin(of request: Request) -> String? {
        (origin.host ?? request.head.authority).map { (origin.isSecure ? "https://" : "http://") + $0 }
    }
}

extension HTTPFields {
    fileprivate var presentsCredentials: Bool {
        self[.authorization] != nil || self[.apiKeyHeader] != nil || self[.shortAPIKeyHeader] != nil || self[.cookie] != nil
    }
}

extension HTTPField.Name {
    // Valid tokens, so not nil.
    fileprivate static let apiKeyHeader = HTTPField.Name("x-api-key")!
    fileprivate static let shortAPIKeyHeader = HTTPField.Name("api-key")!
}
