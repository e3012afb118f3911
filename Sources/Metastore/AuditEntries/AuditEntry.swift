import PostgresClient
import TraceModel

/// Who did what, on what, from where, when. Never changed, never removed.
package struct AuditEntry: Sendable, Equatable {
    package enum Outcome: String, Sendable, Equatable {
        case succeeded
        /// Tried and not let: a wrong password, a refresh token used twice.
        case refused
    }

    package let id: AuditEntryID
    package let createdTimeUnixNano: Int64
    package let organizationID: OrganizationID?
    package let projectID: ProjectID?
    package let draft: AuditDraft
    package let resourceKind: String
    package let resourceID: String
    /// JSON text of an object without secrets; nil where there was nothing.
    package let before: [UInt8]?
    package let after: [UInt8]?
    package let outcome: Outcome
}

/// Which entries a list shows; all of what is given must hold.
package struct AuditFilter: Sendable, Equatable {
    package var projectID: ProjectID?
    package var userID: UserID?
    package var apiKeyID: APIKeyID?
    package var action: String?
    package var resourceKind: String?
    package var resourceID: String?
    /// From this time on.
    package var sinceUnixNano: Int64?
    /// Before this time.
    package var untilUnixNano: Int64?

    package init() {}
}

/// What a change was made to: the part of an entry that the repository knows.
struct AuditedChange: Sendable {
    var organization: OrganizationID?
    var project: ProjectID?
    let resourceKind: String
    let resourceID: String
    var before: PostgresJSON?
    var after: PostgresJSON?
}
