/// What PostgreSQL tells about new active revisions, as they become so.

import Logging
import PostgresClient
import TraceModel

package enum KnowledgeAnnouncement: Sendable, Equatable {
    /// Listening from now on: revisions that became active before may have gone unheard.
    case resumed
    case activated(ProjectID, revision: Int)
}

extension Metastore {
    /// Ends when the task that iterates is cancelled. One connection of its own for each loop over it.
    package func knowledgeAnnouncements(logger: Logger) -> some AsyncSequence<KnowledgeAnnouncement, Never> & Sendable {
        listener(on: [KnowledgeRepository.channel], logger: logger).compactMap { KnowledgeAnnouncement($0) }
    }
}

extension KnowledgeAnnouncement {
    /// nil: a notification that does not read `PROJECT:REVISION`, which somebody else sent.
    init?(_ event: PostgresListener.Event) {
        guard case .notification(let notification) = event else {
            self = .resumed
            return
        }
        let parts = notification.payload.split(separator: ":")
        guard parts.count == 2, let project = ProjectID(uuid: parts[0]), let revision = Int(parts[1]), revision > 0 else { return nil }
        self = .activated(project, revision: revision)
    }
}
