import ByteCoding
import HTTPTesting
import Testing
import TraceModel

/// Somebody who sends requests and knows the status they should be answered with.
struct RouteClient: Sendable {
    let server: LiveServer
    let credential: String
    var project: ProjectID?

    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: String? = nil, expect status: Int, location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        var headers = [("authorization", "Bearer \(credential)")]
        if let project { headers.append(("spandrel-project", project.uuid)) }
        if body != nil { headers.append(("content-type", "application/json")) }
        let answer = try await server.send(method, path, headers: headers, body: Array((body ?? "").utf8))
        #expect(answer.status == status, "\(method) \(path): \(answer.text)", sourceLocation: location)
        return (try? JSONValue.parse(answer.body)) ?? .null
    }
}
