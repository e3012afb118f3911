/// The ids of what the metastore keeps: one type per noun, so that none is taken for another.

import PostgresClient
import TraceModel

/// A UUID version 7 that names one kind of thing.
package protocol EntityID: Hashable, Sendable, PostgresDecodable {
    var high: UInt64 { get }
    var low: UInt64 { get }
    init(high: UInt64, low: UInt64)
}

extension EntityID {
    /// A new id, later than all made before.
    package static func make() -> Self {
        let bits = UUIDv7.generate()
        return Self(high: bits.high, low: bits.low)
    }

    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, upper or lower case, of any UUID version: an id nobody made names nothing.
    package init?(uuid text: some StringProtocol) {
        guard let project = ProjectID(uuid: text) else { return nil }
        self.init(high: project.high, low: project.low)
    }

    /// The lower-case text with hyphens.
    package var uuid: String { ProjectID(high: high, low: low).uuid }

    var bits: PostgresUUID { PostgresUUID(high: high, low: low) }

    var value: PostgresValue { .uuid(bits) }

    package static func decode(_ bytes: UnsafeRawBufferPointer, type: PostgresType) -> Self? {
        PostgresUUID.decode(bytes, type: type).map { Self(high: $0.high, low: $0.low) }
    }
}

extension PostgresValue {
    static func ids<ID: EntityID>(_ ids: [ID]) -> PostgresValue { .uuids(ids.map { PostgresUUID(high: $0.high, low: $0.low) }) }
}

extension ProjectID: EntityID {}

package struct OrganizationID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct APIKeyID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct TaskID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct UserID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct SessionID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct InvitationID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct FeedbackID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct AuditEntryID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct ProviderCredentialID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct DataKeyID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}
