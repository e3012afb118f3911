/// Promotions that wait for their gates' runs, woken by what PostgreSQL tells of tasks: nobody asks again and again.

import Metastore
import RunExecution
import Synchronization
import TraceModel

final class GateBells: Sendable {
    private let bells = Mutex<[TaskID: Doorbell]>([:])

    /// Returns when the run has moved on, after a while, or when the task is cancelled; the first time at once: what was told before one
    /// listened went unheard.
    func wait(for run: RunID) async {
        let (bell, isNew) = bells.withLock { bells -> (Doorbell, Bool) in
            if let known = bells[run.task] { return (known, false) }
            let bell = Doorbell()
            bells[run.task] = bell
            return (bell, true)
        }
        if !isNew { await bell.wait(.seconds(KnowledgeWorkLimits.gateIdleSeconds)) }
    }

    /// Nobody waits for it any more.
    func forget(_ run: RunID) { bells.withLock { $0[run.task] = nil } }

    func hear(_ announcement: TaskAnnouncement) {
        let rung = bells.withLock { bells -> [Doorbell] in
            switch announcement {
            case .resumed: Array(bells.values)
            case .appended(let task, _): bells[task].map { [$0] } ?? []
            }
        }
        for bell in rung { bell.ring() }
    }
}
