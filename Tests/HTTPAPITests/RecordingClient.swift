import ByteCoding
import HTTPTesting
import Testing

/// A client that holds every answer it gets to the document: its status is declared, its body fits the schema.
actor RecordingClient {
    private let server: LiveServer
    private let contract: Contract
    private let key: String?
    private(set) var seen: Set<String> = []

    init(_ server: LiveServer, _ contract: Contract, key: String?) {
        self.server = server
        self.contract = contract
        self.key = key
    }

    /// - Parameter path: with placeholders filled in, and with its query.
    @discardableResult
    func send(
        _ operation: String, _ path: String, body: String? = nil, headers: [(String, String)] = [], expect status: Int,
        location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let method = contract.operations.first { $0.id == operation }?.method.uppercased() ?? "GET"
        var all = headers
        if let key { all.append(("authorization", "Bearer \(key)")) }
        if body != nil, !headers.contains(where: { $0.0 == "content-type" }) { all.append(("content-type", "application/json")) }
        let answer = try await server.send(method, path, headers: all, body: Array((body ?? "").utf8))
        #expect(answer.status == status, "\(operation): \(answer.text)", sourceLocation: location)
        #expect(answer.headers["x-request-id"] != nil, sourceLocation: location)
        return check(operation, answer, location)
    }

    private func check(_ operation: String, _ answer: HTTPAnswer, _ location: SourceLocation) -> JSONValue {
        seen.insert("\(operation) \(answer.status)")
        let type = answer.headers["content-type"] ?? ""
        guard let schema = contract.schema(of: operation, status: answer.status, contentType: type) else {
            Issue.record("\(operation) answers \(answer.status) as \(type), which is not in the document", sourceLocation: location)
            return .null
        }
        let mediaType = type.prefix { $0 != ";" }
        guard mediaType == "application/json" || mediaType.hasSuffix("+json") else { return .string(answer.text) }
        guard let value = try? JSONValue.parse(answer.body) else {
            Issue.record("\(operation) answers \(answer.status) with no JSON", sourceLocation: location)
            return .null
        }
        for fault in SchemaChecker(document: contract.document).faults(in: value, against: schema) {
            Issue.record("\(operation) \(answer.status): \(fault)", sourceLocation: location)
        }
        return value
    }
}
