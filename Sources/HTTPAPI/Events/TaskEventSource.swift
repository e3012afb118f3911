/// Where the events come from: PostgreSQL, or what a test puts in its place.

import Logging
import Metastore

package protocol TaskEventSource: Sendable {
    /// Nil if there is no such task. Errors: `unavailable`.
    func snapshot(of task: TaskID) async throws(MetastoreError) -> TaskSnapshot?
    /// In order, from the one after `sequence` on. Errors: `unavailable`.
    func events(of task: TaskID, after sequence: Int64, limit: Int) async throws(MetastoreError) -> [TaskEvent]
    /// Calls `body` with every announcement until the task is cancelled.
    func announcements(_ body: @Sendable (TaskAnnouncement) -> Void) async
    /// Calls `body` with every new active revision of a knowledge base until the task is cancelled.
    func knowledgeAnnouncements(_ body: @Sendable (KnowledgeAnnouncement) -> Void) async
}

package struct StoredTaskEvents: TaskEventSource {
    private let metastore: Metastore
    private let logger: Logger

    package init(_ metastore: Metastore, logger: Logger) {
        self.metastore = metastore
        self.logger = logger
    }

    package func snapshot(of task: TaskID) async throws(MetastoreError) -> TaskSnapshot? { try await metastore.tasks.snapshot(of: task) }

    package func events(of task: TaskID, after sequence: Int64, limit: Int) async throws(MetastoreError) -> [TaskEvent] {
        try await metastore.tasks.events(of: task, after: sequence, limit: limit)
    }

    package func announcements(_ body: @Sendable (TaskAnnouncement) -> Void) async {
        for await announcement in metastore.taskAnnouncements(logger: logger) { body(announcement) }
    }

    package func knowledgeAnnouncements(_ body: @Sendable (KnowledgeAnnouncement) -> Void) async {
        for await announcement in metastore.knowledgeAnnouncements(logger: logger) { body(announcement) }
    }
}
