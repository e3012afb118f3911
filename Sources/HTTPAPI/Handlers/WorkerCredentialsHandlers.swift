/// `/api/v1/worker-credentials`: tokens with which worker processes send their spans. Made here, shown once.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore

struct WorkerCredentialsHandlers: Sendable {
    let credentials: WorkerCredentials

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/worker-credentials"
        return [
            builder.operation(
                "createWorkerCredential", .post, root, .permission(.manageWorkers), body: .json, statuses: [201],
                handler: createWorkerCredential),
            builder.operation(
                "listWorkerCredentials", .get, root, .permission(.manageWorkers), query: ["limit", "cursor"], statuses: [200],
                handler: listWorkerCredentials),
            builder.operation(
                "revokeWorkerCredential", .delete, root + "/{worker_credential_id}", .permission(.manageWorkers), statuses: [200],
                handler: revokeWorkerCredential),
        ]
    }

    func createWorkerCredential(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name"])
        let made = try await credentials.create(
            name: try request.requiredText("name", maximumByteCount: 400), by: try request.principal, audit: try request.audit)
        return .json(.created) { $0.workerCredential(made.credential, token: made.token) }
    }

    func listWorkerCredentials(_ request: APIRequest) async throws -> Response {
        let page = try await credentials.list(by: try request.principal, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.workerCredential($1, token: nil) }
    }

    func revokeWorkerCredential(_ request: APIRequest) async throws -> Response {
        guard let id = WorkerCredentialID(uuid: request.path("worker_credential_id")) else {
            throw AccessError.notFound("worker credential")
        }
        let revoked = try await credentials.revoke(id, by: try request.principal, audit: try request.audit)
        return .json { $0.workerCredential(revoked, token: nil) }
    }
}

extension JSONWriter {
    fileprivate mutating func workerCredential(_ credential: WorkerCredential, token: WorkerToken?) {
        beginObject()
        member("id", credential.id.uuid)
        member("name", credential.name)
        if let token { member("token", token.text) }
        member("created_at", unixNano: credential.createdTimeUnixNano)
        member("revoked_at", unixNano: credential.revocationTimeUnixNano)
        endObject()
    }
}
