/// What a project's administrators decide for it.
package struct ProjectSettings: Sendable, Equatable {
    /// nil keeps spans for ever.
    package var retentionDays: Int?
    /// Bytes of the newest segments that are kept: the oldest go; nil keeps all.
    package var retentionByteCount: Int64?
    /// Bytes the project may store before exports are refused; nil: no limit, in this and the next two.
    package var byteQuota: Int64?
    package var ingestRequestsPerSecond: Int?
    package var ingestBytesPerSecond: Int64?
    /// JSON text of an object: Ingest reads it.
    package var redactionRules: [UInt8]
    /// JSON text of an object: purpose -> model.
    package var defaultModels: [UInt8]
    /// Origins of browsers that may send spans.
    package var allowedOrigins: [String]

    package init(
        retentionDays: Int? = nil, retentionByteCount: Int64? = nil, byteQuota: Int64? = nil, ingestRequestsPerSecond: Int? = nil,
        ingestBytesPerSecond: Int64? = nil,
        redactionRules: [UInt8] = Array("{}".utf8), defaultModels: [UInt8] = Array("{}".utf8), allowedOrigins: [String] = []
    ) {
        self.retentionDays = retentionDays
        self.retentionByteCount = retentionByteCount
        self.byteQuota = byteQuota
        self.ingestRequestsPerSecond = ingestRequestsPerSecond
        self.ingestBytesPerSecond = ingestBytesPerSecond
        self.redactionRules = redactionRules
        self.defaultModels = defaultModels
        self.allowedOrigins = allowedOrigins
    }
}

/// Settings as they stand, with the number their next change must name.
package struct VersionedSettings: Sendable, Equatable {
    package let settings: ProjectSettings
    /// 0 while nobody has changed anything.
    package let version: Int64
}

package enum SettingsOutcome: Sendable, Equatable {
    case replaced(VersionedSettings)
    /// Somebody changed them meanwhile; this is the version they have now.
    case outdated(version: Int64)
    /// The organization has no such project.
    case notFound
}
