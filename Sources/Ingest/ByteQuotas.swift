/// How much of its quota each project has stored: kept by whoever knows settings and store, asked by every request.
///
/// What is in memory and not sealed yet does not count, so a project may pass its quota by what comes until the next count. A quota that is
/// set, at the start or later, is counted at once.

import Synchronization
import TraceModel

package final class ByteQuotas: Sendable {
    private struct State {
        /// In bytes of segments; only of projects that have a quota.
        var quotas: [ProjectID: Int64] = [:]
        var reached: Set<ProjectID> = []
    }
    private let state = Mutex(State())
    private let storedByteCount: @Sendable (ProjectID) -> Int

    /// - Parameter storedByteCount: bytes of a project's segments.
    package init(storedByteCount: @escaping @Sendable (ProjectID) -> Int = { _ in 0 }) { self.storedByteCount = storedByteCount }

    /// Counts what the project has stored, too: the quota is in force when this returns. nil: no limit any more.
    package func setQuota(_ byteCount: Int64?, of project: ProjectID) {
        let isReached = byteCount.map { Int64(storedByteCount(project)) >= $0 } ?? false
        state.withLock { state in
            state.quotas[project] = byteCount
            if isReached { state.reached.insert(project) } else { state.reached.remove(project) }
        }
    }

    /// Counts anew.
    package func count() {
        let quotas = state.withLock { $0.quotas }
        let reached = quotas.filter { Int64(storedByteCount($0.key)) >= $0.value }.keys
        // A quota that was set meanwhile has been counted there.
        state.withLock { state in
            for (project, quota) in quotas where state.quotas[project] == quota {
                if reached.contains(project) { state.reached.insert(project) } else { state.reached.remove(project) }
            }
        }
    }

    func isReached(by project: ProjectID) -> Bool { state.withLock { $0.reached.contains(project) } }
}
