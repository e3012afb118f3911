/// Reading the audit log: by pages, and as JSON lines for an export.

import ByteCoding
import Metastore

package struct AuditLog: Sendable {
    private let metastore: Metastore

    package init(metastore: Metastore) { self.metastore = metastore }

    /// Of the caller's organization; of one project of it when the caller is a key or only has a role there. Errors:
    /// `notPermitted`, `projectMissing`; MetastoreError.
    package func list(_ filter: AuditFilter, by principal: Principal, page: PageRequest) async throws -> Page<AuditEntry> {
        try await metastore.auditEntries.list(in: principal.organizationID, try visible(filter, to: principal), page: page)
    }

    /// Newest first, one JSON object a line, in chunks of one page. Errors: as `list`, and those of `write`.
    package func export(_ filter: AuditFilter, by principal: Principal, write: ([UInt8]) async throws -> Void) async throws {
        let filter = try visible(filter, to: principal)
        var cursor: String?
        repeat {
            let request = try PageRequest(limit: MetastoreLimits.maximumPageItemCount, cursor: cursor)
            let page = try await metastore.auditEntries.list(in: principal.organizationID, filter, page: request)
            var lines: [UInt8] = []
            for entry in page.items { lines += Self.line(entry) }
            if !lines.isEmpty { try await write(lines) }
            cursor = page.nextCursor
        } while cursor != nil
    }

    /// Administrators of the organization see all of it; others what happened in the project they are administrators of.
    private func visible(_ filter: AuditFilter, to principal: Principal) throws(AccessError) -> AuditFilter {
        if case .roles(let organization?, _) = principal.grants, organization >= Permission.readAudit.requirement.leastRole {
            return filter
        }
        try principal.require(.readAudit)
        var filter = filter
        guard filter.projectID == nil || filter.projectID == principal.projectID else { throw .unknownProject }
        filter.projectID = principal.projectID
        return filter
    }

    private static func line(_ entry: AuditEntry) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        entry.writeMembers(to: &writer)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

extension AuditEntry {
    /// The members of the entry's object, for lists and exports alike; times in nanoseconds since 1970, as strings.
    package func writeMembers(to writer: inout JSONWriter) {
        func text(_ name: String, _ value: String?) {
            writer.key(name)
            if let value { writer.string(value) } else { writer.null() }
        }
        text("id", id.uuid)
        text("time_unix_nano", String(createdTimeUnixNano))
        text("organization_id", organizationID?.uuid)
        text("project_id", projectID?.uuid)
        let (kind, callerID): (String, String?) =
            switch draft.caller {
            case .user(let id): ("user", id.uuid)
            case .apiKey(let id): ("api_key", id.uuid)
            case .anonymous: ("anonymous", nil)
            case .system: ("system", nil)
            }
        text("caller_kind", kind)
        text("caller_id", callerID)
        text("caller_name", draft.callerName)
        text("action", draft.action)
        text("resource_kind", resourceKind)
        text("resource_id", resourceID)
        text("address", draft.address)
        text("request_id", draft.requestID)
        text("outcome", outcome.rawValue)
        for (name, value) in [("before", before), ("after", after)] {
            writer.key(name)
            if let value { writer.raw(value) } else { writer.null() }
        }
    }
}
