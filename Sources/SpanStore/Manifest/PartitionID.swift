import TraceModel

/// A partition: one project's spans of one UTC receive day. What is sealed, kept and dropped together.
package struct PartitionID: Hashable, Comparable, Sendable {
    package var project: ProjectID
    /// Days since 1970-01-01 UTC.
    package var receiveDay: Int32

    package init(project: ProjectID, receiveDay: Int32) {
        self.project = project
        self.receiveDay = receiveDay
    }

    package init(project: ProjectID, receivedUnixNano: UInt64) {
        // At most 213,503: fits.
        self.init(project: project, receiveDay: Int32(receivedUnixNano / Self.nanosecondsPerDay))
    }

    package static func < (a: PartitionID, b: PartitionID) -> Bool {
        a.receiveDay != b.receiveDay ? a.receiveDay < b.receiveDay : a.project < b.project
    }

    package static let nanosecondsPerDay: UInt64 = 86_400_000_000_000
}
