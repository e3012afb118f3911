/// What a recovery found.
package struct WALRecoveryReport: Sendable {
    package var fileCount = 0
    package var groupCount = 0
    /// Entries handed to the store.
    package var replayedEntryCount = 0
    package var replayedByteCount = 0
    /// Entries passed over because their partition is sealed past them.
    package var sealedEntryCount = 0
    /// Entries in groups that had failed and were never acknowledged.
    package var abandonedEntryCount = 0
    /// Entries put aside because handing them over ended the process twice.
    package var poisonousLSNs: [UInt64] = []
    /// The log was closed in order.
    package var endedCleanly = false
    /// The last group was cut off by a crash; nothing of it was acknowledged.
    package var hasTornTail = false
    /// What was lost: to be alarmed about.
    package var damages: [WALDamage] = []
    /// Where the log goes on.
    package var position = WALPosition()
    /// Which files hold what.
    var fileTable = WALFileTable()

    package init() {}
}

/// A piece of the log that was acknowledged and cannot be read.
package struct WALDamage: Sendable, Equatable, CustomStringConvertible {
    package var fileName: String
    package var byteOffset: Int
    package var byteCount: Int
    /// The LSNs that are missing, as far as known.
    package var firstLSN: UInt64?
    package var lastLSN: UInt64?
    package var reason: String
    /// Where the bytes were copied; nil if there was nothing to copy.
    package var quarantinePath: String?

    package init(
        fileName: String, byteOffset: Int, byteCount: Int, firstLSN: UInt64?, lastLSN: UInt64?, reason: String, quarantinePath: String?
    ) {
        self.fileName = fileName
        self.byteOffset = byteOffset
        self.byteCount = byteCount
        self.firstLSN = firstLSN
        self.lastLSN = lastLSN
        self.reason = reason
        self.quarantinePath = quarantinePath
    }

    package var description: String {
        let lsns = firstLSN.map { first in ", LSN \(first) to \(lastLSN.map(String.init) ?? "unknown")" } ?? ""
        let kept = quarantinePath.map { "; kept in \($0)" } ?? ""
        return "\(fileName) at \(byteOffset), \(byteCount) bytes\(lsns): \(reason)\(kept)"
    }
}
