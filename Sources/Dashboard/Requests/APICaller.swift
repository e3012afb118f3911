/// Calls the JSON API within this process as the user whose page it is: the API's own router, with its authentication, authorization, limits
/// and validation. There is no other way from a page to data.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// What the API's routes answer, once they are there.
struct APIResponder: Sendable {
    private let responder: any HTTPResponder<ServerRequestContext>
    private let problem: @Sendable (any Error) -> Problem

    /// `routes`: the API's. `problem`: what a thrown error means.
    init(routes: [Route], problem: @escaping @Sendable (any Error) -> Problem) {
        let router = Router(context: ServerRequestContext.self)
        for route in routes { router.on(RouterPath(route.path), method: route.method, use: route.handler) }
        responder = router.buildResponder()
        self.problem = problem
    }

    func respond(to request: Request, onBehalfOf context: ServerRequestContext) async throws(Problem) -> Response {
        let inner = ServerRequestContext(onBehalfOf: context)
        do {
            var response = try await responder.respond(to: request, context: inner)
            for field in inner.account.headers { response.headers[field.name] = field.value }
            return response
        } catch { throw problem(error) }
    }
}

struct APICaller: Sendable {
    private let responder: APIResponder
    private let request: Request
    private let context: ServerRequestContext
    /// Named in `Spandrel-Project`.
    private let project: String?

    init(_ responder: APIResponder, for request: Request, _ context: ServerRequestContext, project: String?) {
        self.responder = responder
        self.request = request
        self.context = context
        self.project = project
    }

    /// A GET. `query`: names and values as they are. Errors: the API's own problem.
    func get(_ path: String, _ query: [(String, String)] = []) async throws(Problem) -> JSONValue {
        try await call(.get, path, query, body: nil)
    }

    /// The same; nil where the API knows no such thing, or does not let this user see it.
    func find(_ path: String, _ query: [(String, String)] = []) async throws(Problem) -> JSONValue? {
        do throws(Problem) { return try await get(path, query) } catch {
            if [.notFound, .forbidden].contains(error.status) { return nil }
            throw error
        }
    }

    /// A POST that asks and changes nothing. Errors: as above.
    func ask(_ path: String, _ body: JSONValue) async throws(Problem) -> JSONValue { try await call(.post, path, [], body: body) }

    private func call(
        _ method: HTTPRequest.Method, _ path: String, _ query: [(String, String)], body: JSONValue?
    ) async throws(Problem) -> JSONValue {
        let target = query.isEmpty ? path : path + "?" + URLText.query(query)
        var head = HTTPRequest(method: method, scheme: nil, authority: request.head.authority, path: target)
        head.headerFields[.cookie] = request.headers[.cookie]
        if let project { head.headerFields[.spandrelProject] = project }
        // This server's own page asks: what CrossSiteRule wants to know.
        head.headerFields[.fetchSite] = "same-origin"
        let bytes = body?.bytes ?? []
        if body != nil {
            head.headerFields[.contentType] = "application/json"
            head.headerFields[.contentLength] = String(bytes.count)
        }
        let inner = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: bytes)))
        let response = try await responder.respond(to: inner, onBehalfOf: context)
        let answer = try await Self.read(response)
        guard response.status.kind == .successful else {
            throw Problem(response.status, "the API does not answer \(method.rawValue) \(path)", kind: "defect")
        }
        guard !answer.isEmpty else { return .null }
        do { return try JSONValue.parse(answer) } catch {
            throw Problem(.internalServerError, "the server failed; its log has the cause under this request id", kind: "defect")
        }
    }

    private static func read(_ response: Response) async throws(Problem) -> [UInt8] {
        let bytes = CollectedBytes()
        do { try await response.body.write(bytes.writer) } catch let problem as Problem { throw problem } catch {
            throw Problem(.internalServerError, "the server failed; its log has the cause under this request id", kind: "defect")
        }
        return bytes.value
    }
}

/// The bytes of an answer, in one array.
private final class CollectedBytes: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var value: [UInt8] { bytes.withLock { $0 } }

    var writer: Writer { Writer(collected: self) }

    struct Writer: ResponseBodyWriter {
        let collected: CollectedBytes

        mutating func write(_ buffer: ByteBuffer) async throws {
            try collected.bytes.withLock { bytes in
                guard bytes.count + buffer.readableBytes <= DashboardLimits.maximumAnswerByteCount else {
                    throw Problem(.contentTooLarge, "there is more of this than a page can show; ask the API for it")
                }
                buffer.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
            }
        }

        consuming func finish(_: HTTPFields?) async throws {}
    }
}
