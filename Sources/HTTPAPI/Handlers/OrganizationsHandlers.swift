/// `/api/v1/organizations`: organizations themselves, and their feature flags.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import Metastore
import TraceModel

struct OrganizationsHandlers: Sendable {
    let metastore: Metastore
    let authenticator: Authenticator

    func routes(_ builder: OperationBuilder) -> [Route] {
        let root = "/api/v1/organizations", one = root + "/{organization_id}"
        return [
            builder.operation(
                "createOrganization", .post, root, .permission(.createOrganizations), body: .json, statuses: [201],
                handler: createOrganization),
            builder.operation("getOrganization", .get, one, .permission(.readOrganization), statuses: [200], handler: getOrganization),
            builder.operation(
                "updateOrganization", .patch, one, .permission(.manageOrganization), body: .json, statuses: [200],
                handler: updateOrganization),
            builder.operation(
                "listFeatureFlags", .get, one + "/features", .permission(.manageFeatures), statuses: [200], handler: listFeatureFlags),
            builder.operation(
                "setFeatureFlag", .put, one + "/features/{feature}", .permission(.manageFeatures), body: .json, statuses: [200, 409],
                handler: setFeatureFlag),
            builder.operation(
                "removeFeatureFlag", .delete, one + "/features/{feature}", .permission(.manageFeatures), statuses: [204],
                handler: removeFeatureFlag),
            builder.operation("listFeatures", .get, "/api/v1/features", .permission(.readFeatures), statuses: [200], handler: listFeatures),
        ]
    }

    func createOrganization(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name"])
        let owner = try request.user.id
        let organization = try await metastore.organizations.create(
            name: try request.requiredText("name", maximumByteCount: 400), owner: owner, audit: try request.audit)
        authenticator.forget(owner)
        return .json(.created, headers: [.location: "/api/v1/organizations/\(organization.id.uuid)"]) { $0.organization(organization) }
    }

    func getOrganization(_ request: APIRequest) async throws -> Response {
        guard let organization = try await metastore.organizations.find(try request.principal.organizationID) else {
            throw AccessError.notFound("organization")
        }
        return .json { $0.organization(organization) }
    }

    func updateOrganization(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["name"])
        let renamed = try await metastore.organizations.rename(
            try request.principal.organizationID, to: try request.requiredText("name", maximumByteCount: 400), audit: try request.audit)
        guard let renamed else { throw AccessError.notFound("organization") }
        return .json { $0.organization(renamed) }
    }

    // MARK: Feature flags

    /// What is on for the caller's project; says nothing about other projects.
    func listFeatures(_ request: APIRequest) async throws -> Response {
        let project = try request.project
        return .list(try await metastore.featureFlags.list(in: try request.principal.organizationID)) { writer, flag in
            writer.beginObject()
            writer.member("name", flag.name)
            writer.key("is_enabled")
            writer.bool(flag.isEnabled(for: project))
            writer.endObject()
        }
    }

    func listFeatureFlags(_ request: APIRequest) async throws -> Response {
        .list(try await metastore.featureFlags.list(in: try request.principal.organizationID)) { $0.featureFlag($1) }
    }

    func setFeatureFlag(_ request: APIRequest) async throws -> Response {
        try request.requireOnly(["percentage", "overrides"])
        guard let percentage = try request.integer("percentage", in: 0...100) else {
            throw Problem.unprocessable("percentage", "is missing")
        }
        var overrides: [ProjectID: Bool] = [:]
        if let value = request.body["overrides"], !value.isNull {
            guard let members = value.objectValue else {
                throw Problem.unprocessable("overrides", "must be an object of project ids and true or false")
            }
            for member in members {
                guard let project = ProjectID(uuid: member.key), let isEnabled = member.value.boolValue else {
                    throw Problem.unprocessable("overrides.\(member.key)", "must be a project's id with true or false")
                }
                overrides[project] = isEnabled
            }
        }
        let flag = FeatureFlag(name: request.path("feature"), percentage: Int(percentage), overrides: overrides)
        try await metastore.featureFlags.set(flag, in: try request.principal.organizationID, audit: try request.audit)
        return .json { $0.featureFlag(flag) }
    }

    func removeFeatureFlag(_ request: APIRequest) async throws -> Response {
        let isRemoved = try await metastore.featureFlags.remove(
            request.path("feature"), in: try request.principal.organizationID, audit: try request.audit)
        guard isRemoved else { throw AccessError.notFound("feature flag") }
        return .empty(.noContent)
    }
}

extension JSONWriter {
    fileprivate mutating func organization(_ organization: Organization) {
        beginObject()
        member("id", organization.id.uuid)
        member("name", organization.name)
        member("created_at", unixNano: organization.createdTimeUnixNano)
        endObject()
    }

    fileprivate mutating func featureFlag(_ flag: FeatureFlag) {
        beginObject()
        member("name", flag.name)
        member("percentage", flag.percentage)
        key("overrides")
        beginObject()
        for (project, isEnabled) in flag.overrides.sorted(by: { $0.key.uuid < $1.key.uuid }) {
            key(project.uuid)
            bool(isEnabled)
        }
        endObject()
        endObject()
    }
}
