/// API keys: `/api/v1/api-keys` for the caller's own project, `/api/v1/projects/{project_id}/api-keys` for any of its
/// organization. A key's secret is in the answer to its creation and nowhere else.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel
import TraceQuery

struct APIKeysHandlers: Sendable {
    let metastore: Metastore
    let authenticator: Authenticator

    func routes(_ builder: OperationBuilder) -> [Route] {
        let own = "/api/v1/api-keys", ofProject = "/api/v1/projects/{project_id}/api-keys"
        let page = ["limit", "cursor"]
        return [
            builder.operation("createAPIKey", .post, own, scope: .admin, body: .json, statuses: [201]) { try await createAPIKey($0) },
            builder.operation("listAPIKeys", .get, own, scope: .admin, query: page, statuses: [200]) { try await listAPIKeys($0) },
            builder.operation("revokeAPIKey", .delete, own + "/{api_key_id}", scope: .admin, statuses: [200, 404]) {
                try await revokeAPIKey($0)
            },
            builder.operation("createProjectAPIKey", .post, ofProject, scope: .admin, body: .json, statuses: [201, 404]) {
                try await createAPIKey($0)
            },
            builder.operation("listProjectAPIKeys", .get, ofProject, scope: .admin, query: page, statuses: [200, 404]) {
                try await listAPIKeys($0)
            },
            builder.operation("revokeProjectAPIKey", .delete, ofProject + "/{api_key_id}", scope: .admin, statuses: [200, 404]) {
                try await revokeAPIKey($0)
            },
        ]
    }

    func createAPIKey(_ request: APIRequest) async throws -> Response {
        let project = try await project(request)
        try request.requireOnly(["name", "scopes", "expires_at"])
        let name = try request.requiredText("name", maximumByteCount: 400)
        var expiry: Int64?
        if let text = try request.text("expires_at", maximumByteCount: 64) {
            guard let time = TimeText.unixNano(text), time > UnixTime.now() else {
                throw Problem.unprocessable("expires_at", "must be a time in the future like 2027-01-01T00:00:00Z")
            }
            expiry = time
        }
        let secret = APIKeySecret.generate()
        let record = try await metastore.apiKeys.create(
            NewAPIKey(name: name, secret: secret, scopes: try Self.scopes(request), expiryTimeUnixNano: expiry), in: project)
        return .json(.created) { $0.apiKey(record, secret: secret) }
    }

    func listAPIKeys(_ request: APIRequest) async throws -> Response {
        let page = try await metastore.apiKeys.list(in: try await project(request), page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.apiKey($1, secret: nil) }
    }

    func revokeAPIKey(_ request: APIRequest) async throws -> Response {
        let project = try await project(request)
        guard let id = APIKeyID(uuid: request.path("api_key_id")), let record = try await metastore.apiKeys.revoke(id, in: project) else {
            throw Problem.notFound("API key")
        }
        authenticator.forget(id)
        return .json { $0.apiKey(record, secret: nil) }
    }

    /// The project of the path, which must be one of the caller's organization; without one in the path, the caller's own.
    private func project(_ request: APIRequest) async throws -> ProjectID {
        let text = request.path("project_id")
        guard !text.isEmpty else { return request.project }
        guard let id = ProjectID(uuid: text), try await metastore.projects.find(id, in: request.principal.organizationID) != nil else {
            throw Problem(.notFound, "there is no such project in this organization")
        }
        return id
    }

    private static func scopes(_ request: APIRequest) throws(Problem) -> Set<Scope> {
        let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
        guard let values = request.body["scopes"]?.arrayValue, !values.isEmpty, values.count <= Scope.allCases.count else {
            throw .unprocessable("scopes", "must be a list of one or more of \(known)")
        }
        var scopes = Set<Scope>()
        for (index, value) in values.enumerated() {
            guard let scope = value.stringValue.flatMap(Scope.init(rawValue:)) else {
                throw .unprocessable("scopes[\(index)]", "must be one of \(known)")
            }
            scopes.insert(scope)
        }
        return scopes
    }
}

extension JSONWriter {
    fileprivate mutating func apiKey(_ record: APIKeyRecord, secret: APIKeySecret?) {
        beginObject()
        member("id", record.id.uuid)
        member("project_id", record.projectID.uuid)
        member("name", record.name)
        member("prefix", record.prefix)
        member("scopes", record.scopes)
        if let secret { member("key", secret.text) }
        member("created_at", unixNano: record.createdTimeUnixNano)
        member("expires_at", unixNano: record.expiryTimeUnixNano)
        member("revoked_at", unixNano: record.revocationTimeUnixNano)
        member("last_used_at", unixNano: record.lastUseTimeUnixNano)
        endObject()
    }
}
