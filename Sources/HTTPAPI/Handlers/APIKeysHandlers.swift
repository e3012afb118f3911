/// API keys: `/api/v1/api-keys` for the caller's own project, `/api/v1/projects/{project_id}/api-keys` for any other the caller may
/// manage. A key's secret is in the answer to its creation and nowhere else.

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
    let keys: APIKeys
    let authenticator: Authenticator

    func routes(_ builder: OperationBuilder) -> [Route] {
        let page = ["limit", "cursor"]
        // `Project` in an operation's id: the path names the project; without, it is the caller's own.
        return [("", "/api/v1/api-keys"), ("Project", "/api/v1/projects/{project_id}/api-keys")].flatMap { infix, root in
            let one = root + "/{api_key_id}"
            return [
                builder.operation(
                    "create\(infix)APIKey", .post, root, .permission(.manageKeys), body: .json, statuses: [201], handler: createAPIKey),
                builder.operation(
                    "list\(infix)APIKeys", .get, root, .permission(.readKeys), query: page, statuses: [200], handler: listAPIKeys),
                builder.operation(
                    "rotate\(infix)APIKey", .post, one + "/rotation", .permission(.manageKeys), body: .json, statuses: [201],
                    handler: rotateAPIKey),
                builder.operation(
                    "revoke\(infix)APIKey", .delete, one, .permission(.manageKeys), statuses: [200], handler: revokeAPIKey),
            ]
        }
    }

    func createAPIKey(_ request: APIRequest) async throws -> Response {
        try request.requireOnly([
            "name", "scopes", "expires_at", "allowed_networks", "requests_per_second", "bytes_per_second", "maximum_concurrency",
            "reaches_organization", "further_projects",
        ])
        let secret = APIKeySecret.generate()
        let key = NewAPIKey(
            name: try request.requiredText("name", maximumByteCount: 400), secret: secret, scopes: try Self.scopes(request),
            expiryTimeUnixNano: try Self.expiry(request), restrictions: try Self.restrictions(request),
            reachesOrganization: try request.bool("reaches_organization") ?? false, furtherProjects: try Self.furtherProjects(request))
        let record = try await keys.create(key, by: try request.principal, audit: try request.audit)
        return .json(.created) { $0.apiKey(record, secret: secret) }
    }

    func listAPIKeys(_ request: APIRequest) async throws -> Response {
        let page = try await metastore.apiKeys.list(in: try request.project, page: try request.page())
        return .list(page.items, nextCursor: page.nextCursor) { $0.apiKey($1, secret: nil) }
    }

    /// Makes a key that takes over from this one, which goes on for as long as the two are to overlap.
    func rotateAPIKey(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["overlap_seconds"])
        let overlap = try request.integer("overlap_seconds", in: 0...Int64(AccessLimits.maximumKeyOverlapSeconds))
        let rotated = try await keys.rotate(
            try Self.id(request), overlapSeconds: Int(overlap ?? Self.defaultOverlapSeconds), by: try request.principal,
            audit: try request.audit)
        return .json(.created) { $0.apiKey(rotated.new, secret: rotated.secret) }
    }

    /// A day: time to bring the new key everywhere.
    private static let defaultOverlapSeconds: Int64 = 86_400

    func revokeAPIKey(_ request: APIRequest) async throws -> Response {
        let id = try Self.id(request)
        let record = try await metastore.apiKeys.revoke(id, in: try request.project, audit: try request.audit)
        guard let record else { throw AccessError.notFound("API key") }
        authenticator.forget(id)
        return .json { $0.apiKey(record, secret: nil) }
    }

    private static func id(_ request: APIRequest) throws(AccessError) -> APIKeyID {
        guard let id = APIKeyID(uuid: request.path("api_key_id")) else { throw .notFound("API key") }
        return id
    }

    private static func expiry(_ request: APIRequest) throws(Problem) -> Int64? {
        guard let text = try request.text("expires_at", maximumByteCount: 64) else { return nil }
        guard let time = TimeText.unixNano(text), time > UnixTime.now() else {
            throw .unprocessable("expires_at", "must be a time in the future like 2027-01-01T00:00:00Z")
        }
        return time
    }

    private static func restrictions(_ request: APIRequest) throws -> APIKeyRestrictions {
        var networks: [String] = []
        if let value = request.body["allowed_networks"], !value.isNull {
            guard let elements = value.arrayValue, elements.count <= maximumNetworkCount else {
                throw Problem.unprocessable("allowed_networks", "must be a list of at most \(maximumNetworkCount) networks")
            }
            networks = elements.map { $0.stringValue ?? "" }
        }
        return try APIKeyRestrictions(
            networks: networks,
            requestsPerSecond: try request.integer("requests_per_second", in: 1...1_000_000).map { Int($0) },
            bytesPerSecond: try request.integer("bytes_per_second", in: 1...1_000_000_000_000),
            maximumConcurrency: try request.integer("maximum_concurrency", in: 1...100_000).map { Int($0) })
    }

    private static func furtherProjects(_ request: APIRequest) throws(Problem) -> [ProjectID] {
        guard let value = request.body["further_projects"], !value.isNull else { return [] }
        guard let elements = value.arrayValue, elements.count <= MetastoreLimits.maximumKeyProjectCount else {
            throw .unprocessable("further_projects", "must be a list of at most \(MetastoreLimits.maximumKeyProjectCount) projects' ids")
        }
        var projects: [ProjectID] = []
        for (index, element) in elements.enumerated() {
            guard let id = element.stringValue.flatMap({ ProjectID(uuid: $0) }) else {
                throw .unprocessable("further_projects[\(index)]", "is no project of this organization whose keys you manage")
            }
            projects.append(id)
        }
        return projects
    }

    /// Of one key: more are a firewall's work.
    private static let maximumNetworkCount = 100

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
        member("replaced_by", record.replacementID?.uuid)
        member("allowed_networks", record.restrictions.allowedNetworks)
        member("requests_per_second", record.restrictions.requestsPerSecond)
        member("bytes_per_second", record.restrictions.bytesPerSecond)
        member("maximum_concurrency", record.restrictions.maximumConcurrency)
        key("reaches_organization")
        bool(record.reachesOrganization)
        key("further_projects")
        beginArray()
        for project in record.furtherProjects {
            beginObject()
            member("id", project.id.uuid)
            member("name", project.name)
            endObject()
        }
        endArray()
        key("created_by")
        creator(record)
        endObject()
    }

    private mutating func creator(_ record: APIKeyRecord) {
        let (kind, id): (String, String)
        switch record.creator {
        case .user(let user): (kind, id) = ("user", user.uuid)
        case .key(let key): (kind, id) = ("api_key", key.uuid)
        case nil: return null()
        }
        beginObject()
        member("kind", kind)
        member("id", id)
        member("name", record.creatorName)
        endObject()
    }
}
