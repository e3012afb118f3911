/// The cells that a worker holds: being worked on, or done and on their way to PostgreSQL. Their leases are kept by heartbeats all
/// that time, or others would begin anew what is as good as written.

import JobQueue
import Metastore
import Synchronization

final class CellsUnderWay: Sendable {
    private struct Held {
        let cell: LeasedCell
        /// nil between the lease and the start, and once the work is done.
        var task: Task<Void, Never>?
        var isRunning = true
        /// Its lease went to somebody else: whatever comes of it is not written.
        var isVoid = false
    }

    private let held = Mutex<[JobID: Held]>([:])

    var count: Int { held.withLock { $0.count } }
    var runningCount: Int { held.withLock { $0.values.count { $0.isRunning } } }
    var all: [LeasedCell] { held.withLock { $0.values.map(\.cell) } }
    var tasks: [Task<Void, Never>] { held.withLock { $0.values.compactMap(\.task) } }

    /// `start` begins the work, which may end before this returns.
    func add(_ cell: LeasedCell, start: () -> Task<Void, Never>) {
        held.withLock { $0[cell.job.id] = Held(cell: cell) }
        let task = start()
        held.withLock { held in
            guard let found = held[cell.job.id], found.cell == cell, found.isRunning else { return }
            held[cell.job.id]?.task = task
        }
    }

    /// The work is done; the lease is kept.
    func end(_ cell: LeasedCell) {
        held.withLock { held in
            guard held[cell.job.id]?.cell == cell else { return }
            held[cell.job.id]?.isRunning = false
            held[cell.job.id]?.task = nil
        }
    }

    /// A job that is held under another lease by now stays.
    func remove(_ cells: [LeasedCell]) {
        held.withLock { held in
            for cell in cells where held[cell.job.id]?.cell == cell { held[cell.job.id] = nil }
        }
    }

    func isVoid(_ cell: LeasedCell) -> Bool {
        held.withLock { held in
            guard let found = held[cell.job.id], found.cell == cell else { return true }
            return found.isVoid
        }
    }

    /// Others have these leases: the work on them is stopped.
    func giveUp(_ lost: [LeasedCell]) {
        let tasks = held.withLock { held in
            lost.compactMap { cell -> Task<Void, Never>? in
                guard held[cell.job.id]?.cell == cell else { return nil }
                held[cell.job.id]?.isVoid = true
                return held[cell.job.id]?.task
            }
        }
        for task in tasks { task.cancel() }
    }
}
