/// How much of its quota each project has stored: kept by whoever knows settings and store, asked by every request.
///
/// What is in memory and not sealed yet does not count, so a project may pass its quota by what comes until the next count.

import Synchronization
import TraceModel

package final class ByteQuotas: Sendable {
    private struct State {
        /// Bytes of segments; only of projects that have a quota.
        var quotas: [ProjectID: Int64] = [:]
        var reached: Set<ProjectID> = []
    }
    private let state = Mutex(State())

    package init() {}

    /// nil: no limit any more.
    package func setQuota(_ byteCount: Int64?, of project: ProjectID) {
        state.withLock { state in
            state.quotas[project] = byteCount
            if byteCount == nil { state.reached.remove(project) }
        }
    }

    /// Counts anew. `storedByteCount`: bytes of a project's segments.
    package func count(_ storedByteCount: (ProjectID) -> Int) {
        let quotas = state.withLock { $0.quotas }
        let reached = quotas.filter { Int64(storedByteCount($0.key)) >= $0.value }.keys
        state.withLock { state in state.reached = Set(reached).filter { state.quotas[$0] != nil } }
    }

    func isReached(by project: ProjectID) -> Bool { state.withLock { $0.reached.contains(project) } }
}
