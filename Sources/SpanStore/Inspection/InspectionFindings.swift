import ByteCoding

/// What an inspection found to be otherwise than it should be.
package struct InspectionFinding: Hashable, Sendable {
    package enum Severity: String, Sendable {
        /// What was written there is not there any more, or never was as it should be.
        case damage
        /// Written by a newer version: this program cannot tell.
        case unreadable
        /// Nothing is lost by it: what a crash leaves behind, bytes that nobody reads.
        case note
    }

    package var severity: Severity
    /// Relative to the store's folder.
    package var file: String
    package var byteOffset: Int?
    /// The segment that is meant, by its sequence.
    package var segment: UInt64?
    package var message: String

    package init(_ severity: Severity, _ file: String, at byteOffset: Int? = nil, segment: UInt64? = nil, _ message: String) {
        self.severity = severity
        self.file = file
        self.byteOffset = byteOffset
        self.segment = segment
        self.message = message
    }
}

/// Findings in the order in which they came up. A file of which nothing is right must not fill the memory: what is beyond a limit is
/// counted only.
package struct InspectionFindings: Sendable, Equatable {
    package private(set) var list: [InspectionFinding] = []
    package private(set) var damageCount = 0
    package private(set) var unreadableCount = 0
    package private(set) var noteCount = 0
    /// Counted and not in `list`.
    package private(set) var unlistedCount = 0

    /// A person reads the first ones.
    static let maximumListedCount = 1_000

    package init() {}

    package mutating func add(_ finding: InspectionFinding) {
        switch finding.severity {
        case .damage: damageCount += 1
        case .unreadable: unreadableCount += 1
        case .note: noteCount += 1
        }
        if list.count < Self.maximumListedCount { list.append(finding) } else { unlistedCount += 1 }
    }

    mutating func damage(_ file: String, at byteOffset: Int? = nil, segment: UInt64? = nil, _ message: String) {
        add(InspectionFinding(.damage, file, at: byteOffset, segment: segment, message))
    }

    mutating func note(_ file: String, at byteOffset: Int? = nil, segment: UInt64? = nil, _ message: String) {
        add(InspectionFinding(.note, file, at: byteOffset, segment: segment, message))
    }

    mutating func unreadable(_ file: String, segment: UInt64? = nil, _ message: String) {
        add(InspectionFinding(.unreadable, file, segment: segment, message))
    }

    package mutating func merge(_ other: InspectionFindings) {
        for finding in other.list { add(finding) }
        damageCount += other.damageCount - other.list.count { $0.severity == .damage }
        unreadableCount += other.unreadableCount - other.list.count { $0.severity == .unreadable }
        noteCount += other.noteCount - other.list.count { $0.severity == .note }
        unlistedCount += other.unlistedCount
    }

    /// Nothing but notes.
    package var isSound: Bool { damageCount == 0 && unreadableCount == 0 }
}

/// Who hears what an inspection reads while it goes on.
package struct InspectionObserver {
    /// A record, an entry, a row: its members in order. Nil where nobody wants them, so that none is made.
    package var item: (([JSONMember]) -> Void)?
    /// Bytes that were looked at since the last call.
    package var progress: (Int) -> Void

    package init(item: (([JSONMember]) -> Void)? = nil, progress: @escaping (Int) -> Void = { _ in }) {
        self.item = item
        self.progress = progress
    }
}
