/// A run's life, pure: which command is possible when, and what it makes of the run.
///
///     queued --begin--> running <--pause/resume--> paused
///                          |                          |
///                          +--conclude--> finished <--+      (all cells done, or decided early, or the spending cap reached)
///     queued, running, paused --cancel--> cancelled, --fail--> failed
package enum RunState: String, Sendable, Equatable, CaseIterable {
    case queued, running, paused, finished, failed, cancelled

    package enum Command: String, Sendable, CaseIterable { case begin, pause, resume, cancel, conclude, fail, requeue, changeConcurrency }

    package var isFinal: Bool { self == .finished || self == .failed || self == .cancelled }

    /// The state after the command; nil: it is not possible now. A command that is in force already changes nothing.
    package func after(_ command: Command) -> RunState? {
        switch (self, command) {
        case (.queued, .begin): .running
        case (.running, .pause), (.paused, .pause): .paused
        case (.paused, .resume), (.running, .resume): .running
        case (.queued, .cancel), (.running, .cancel), (.paused, .cancel), (.cancelled, .cancel): .cancelled
        case (.running, .conclude), (.paused, .conclude): .finished
        case (.queued, .fail), (.running, .fail), (.paused, .fail): .failed
        case (.running, .requeue), (.paused, .requeue): self
        case (.queued, .changeConcurrency), (.running, .changeConcurrency), (.paused, .changeConcurrency): self
        default: nil
        }
    }
}
