import TraceModel

/// What spans, keys and prompts belong to.
package struct Project: Sendable, Equatable {
    package let id: ProjectID
    package let organizationID: OrganizationID
    package let name: String
    /// Days after which sealed spans are dropped; nil keeps them for ever.
    package let retentionDays: Int?
    package let createdTimeUnixNano: Int64
    /// Since when it takes no spans and answers no queries; nil while it does.
    package let archivedTimeUnixNano: Int64?
}

/// What an update of a project changes.
package struct ProjectChange: Sendable, Equatable {
    package enum Retention: Sendable, Equatable {
        case days(Int)
        case forEver
    }

    /// nil leaves it.
    package var name: String?
    /// nil leaves it.
    package var retention: Retention?

    package init(name: String? = nil, retention: Retention? = nil) {
        self.name = name
        self.retention = retention
    }
}

/// What is kept of a project's spans; nil: all, by age or by bytes.
package struct ProjectRetention: Sendable, Equatable {
    package let days: Int?
    package let byteCount: Int64?

    package init(days: Int? = nil, byteCount: Int64? = nil) {
        self.days = days
        self.byteCount = byteCount
    }
}
