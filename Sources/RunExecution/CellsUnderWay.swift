/// The cells that a worker holds: waiting for a lane, being worked on, or done and on their way to PostgreSQL. Their leases are kept by
/// heartbeats all that time, or others would begin anew what is as good as written.
///
/// So many lanes work at a time. Some more cells are leased already, so that no lane waits for PostgreSQL.

import JobQueue
import Metastore
import Synchronization

final class CellsUnderWay: Sendable {
    fileprivate struct Held {
        let cell: LeasedCell
        /// nil while it has no lane, and once the work is done.
        var task: Task<Void, Never>?
        var isDone = false
        /// Its lease went to somebody else: whatever comes of it is not written.
        var isVoid = false
    }

    fileprivate struct State {
        var held: [JobID: Held] = [:]
        /// Leased and without a lane, in their order; those before `firstWaiting` are gone.
        var waiting: [LeasedCell] = []
        var firstWaiting = 0
        var busyLaneCount = 0
    }

    private let laneCount: Int
    private let state = Mutex(State())

    init(laneCount: Int) {
        self.laneCount = laneCount
    }

    var count: Int { state.withLock { $0.held.count } }
    var busyLaneCount: Int { state.withLock { $0.busyLaneCount } }
    var all: [LeasedCell] { state.withLock { $0.held.values.map(\.cell) } }
    var tasks: [Task<Void, Never>] { state.withLock { $0.held.values.compactMap(\.task) } }

    /// How many more may be leased.
    var capacity: Int {
        state.withLock { state in
            let waitingCount = state.waiting.count - state.firstWaiting
            return max(0, laneCount + RunExecutionLimits.leasedAheadCount(laneCount: laneCount) - state.busyLaneCount - waitingCount)
        }
    }

    /// They are held, and get lanes by `fillLanes`.
    func add(_ cells: [LeasedCell]) {
        state.withLock { state in
            for cell in cells { state.held[cell.job.id] = Held(cell: cell) }
            state.waiting += cells
        }
    }

    /// Begins the work on as many as there are free lanes. `start` may see it end before it returns; the work ends with `freeLane`.
    func fillLanes(start: (LeasedCell) -> Task<Void, Never>) {
        while let cell = state.withLock({ $0.next(laneCount: laneCount) }) {
            let task = start(cell)
            state.withLock { state in
                guard let found = state.held[cell.job.id], found.cell == cell, !found.isDone else { return }
                state.held[cell.job.id]?.task = task
            }
        }
    }

    /// The work on one is over, whatever became of it.
    func freeLane() {
        state.withLock { $0.busyLaneCount -= 1 }
    }

    /// The work is done; the lease is kept.
    func end(_ cell: LeasedCell) {
        state.withLock { state in
            guard state.held[cell.job.id]?.cell == cell else { return }
            state.held[cell.job.id]?.isDone = true
            state.held[cell.job.id]?.task = nil
        }
    }

    /// A job that is held under another lease by now stays.
    func remove(_ cells: [LeasedCell]) {
        state.withLock { state in
            for cell in cells where state.held[cell.job.id]?.cell == cell { state.held[cell.job.id] = nil }
        }
    }

    /// Those without a lane get none any more; answers with the ones whose lease is still held.
    func removeWaiting() -> [LeasedCell] {
        state.withLock { state in
            let left = state.waiting[state.firstWaiting...].filter { state.isHeld($0) }
            state.waiting = []
            state.firstWaiting = 0
            return left
        }
    }

    func isVoid(_ cell: LeasedCell) -> Bool { state.withLock { !$0.isHeld(cell) } }

    /// Others have these leases: the work on them is stopped.
    func giveUp(_ lost: [LeasedCell]) {
        let tasks = state.withLock { state in
            lost.compactMap { cell -> Task<Void, Never>? in
                guard state.held[cell.job.id]?.cell == cell else { return nil }
                state.held[cell.job.id]?.isVoid = true
                return state.held[cell.job.id]?.task
            }
        }
        for task in tasks { task.cancel() }
    }
}

extension CellsUnderWay.State {
    fileprivate func isHeld(_ cell: LeasedCell) -> Bool {
        guard let found = held[cell.job.id], found.cell == cell else { return false }
        return !found.isVoid
    }

    /// The next that gets a lane. One that was lost while it waited is forgotten.
    fileprivate mutating func next(laneCount: Int) -> LeasedCell? {
        guard busyLaneCount < laneCount else { return nil }
        while firstWaiting < waiting.count {
            let cell = waiting[firstWaiting]
            firstWaiting += 1
            if firstWaiting > laneCount {
                waiting.removeFirst(firstWaiting)
                firstWaiting = 0
            }
            if isHeld(cell) {
                busyLaneCount += 1
                return cell
            }
            if held[cell.job.id]?.cell == cell { held[cell.job.id] = nil }
        }
        return nil
    }
}
