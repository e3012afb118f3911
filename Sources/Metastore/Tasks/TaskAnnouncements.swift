/// What PostgreSQL tells about new events of tasks, as it happens.

import JobQueue
import Logging
import PostgresClient

package enum TaskAnnouncement: Sendable, Equatable {
    /// Listening from now on: events appended before may have gone unheard.
    case resumed
    /// The task has events up to this one.
    case appended(TaskID, sequence: Int64)
}

extension Metastore {
    /// Ends when the task that iterates is cancelled. One connection of its own for each loop over it.
    package func taskAnnouncements(logger: Logger) -> some AsyncSequence<TaskAnnouncement, Never> & Sendable {
        listener(on: [TaskRepository.eventChannel], logger: logger).compactMap { TaskAnnouncement($0) }
    }

    /// Rings whenever there may be jobs for workers: announced, or missed while nobody listened. Ends with its task.
    package func jobAnnouncements(logger: Logger) -> some AsyncSequence<Void, Never> {
        listener(on: [JobQueue.channel], logger: logger).map { _ in }
    }
}

extension TaskAnnouncement {
    /// nil: a notification that does not read `TASK:SEQUENCE`, which somebody else sent.
    init?(_ event: PostgresListener.Event) {
        guard case .notification(let notification) = event else {
            self = .resumed
            return
        }
        let parts = notification.payload.split(separator: ":")
        guard parts.count == 2, let task = TaskID(uuid: String(parts[0])), let sequence = Int64(parts[1]), sequence > 0 else { return nil }
        self = .appended(task, sequence: sequence)
    }
}
