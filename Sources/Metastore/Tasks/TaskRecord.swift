import TraceModel

/// A long operation's state and progress, of one shape for all kinds.
package struct TaskRecord: Sendable, Equatable {
    package enum State: String, Sendable, Equatable, CaseIterable {
        case queued, running, succeeded, failed, cancelled

        package var isFinal: Bool { self != .queued && self != .running }
    }

    package let id: TaskID
    /// nil: an operation on the whole installation.
    package let projectID: ProjectID?
    /// What it does: `seal`, `deletion`, ...
    package let kind: String
    package let state: State
    package let progressDone: Int64
    /// nil while it is not known how much there is to do.
    package let progressTotal: Int64?
    /// JSON text; of a succeeded task only.
    package let result: [UInt8]?
    /// JSON text of an object; of a failed task only, and then always.
    package let error: [UInt8]?
    package let createdTimeUnixNano: Int64
    package let startTimeUnixNano: Int64?
    package let updateTimeUnixNano: Int64
    package let finishTimeUnixNano: Int64?
}
