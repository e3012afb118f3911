/// A newer mapping or newer prices for what a project has stored, as it was asked for and as far as it is. It is also a task, of the same
/// id.

import PostgresClient
import TraceModel

package struct Reapplication: Sendable, Equatable {
    package enum Subject: String, Sendable, CaseIterable { case mapping, prices }

    package let id: TaskID
    package let projectID: ProjectID
    package let subject: Subject
    package let isDryRun: Bool
    /// Days since 1970; nil: from the first one, to the last.
    package let firstDay: Int32?
    package let lastDay: Int32?
    /// Nil before it begins.
    package let horizonLSN: UInt64?
    /// JSON text of an object: what was found in the segments that are done.
    package let report: [UInt8]
    /// Of its task.
    package let progressDone: Int64

    static let columns = """
        reapplications.id, reapplications.project_id, subject, is_dry_run, first_day, last_day, horizon_lsn, report, progress_done
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        let name: String = try row.decode("subject")
        guard let subject = Subject(rawValue: name) else { throw PostgresError(.decoding, "\(name) is nothing that is applied again") }
        self.subject = subject
        isDryRun = try row.decode("is_dry_run")
        firstDay = try row.decodeIfPresent("first_day", as: Int.self).map { Int32(truncatingIfNeeded: $0) }
        lastDay = try row.decodeIfPresent("last_day", as: Int.self).map { Int32(truncatingIfNeeded: $0) }
        horizonLSN = try row.decodeIfPresent("horizon_lsn", as: Int64.self).map { UInt64(bitPattern: $0) }
        report = try row.decode("report", as: PostgresJSON.self).bytes
        progressDone = try row.decode("progress_done")
    }
}

/// What one is made from.
package struct NewReapplication: Sendable {
    package var subject: Reapplication.Subject
    package var isDryRun: Bool
    package var firstDay: Int32?
    package var lastDay: Int32?
    /// Whose store it is about.
    package var node: UInt64

    package init(_ subject: Reapplication.Subject, isDryRun: Bool, firstDay: Int32?, lastDay: Int32?, node: UInt64) {
        self.subject = subject
        self.isDryRun = isDryRun
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.node = node
    }
}
