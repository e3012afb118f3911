import Synchronization
import TraceModel

/// One replay of a project at a time: two would try the same spans.
final class ReplayTurns: Sendable {
    private let projects = Mutex(Set<ProjectID>())

    /// Whether it is the caller's turn, who then has to `end` it.
    func begin(_ project: ProjectID) -> Bool { projects.withLock { $0.insert(project).inserted } }

    func end(_ project: ProjectID) { projects.withLock { _ = $0.remove(project) } }
}
