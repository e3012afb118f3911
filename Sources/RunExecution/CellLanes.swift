/// The cells a worker holds: so many run at a time, some more are leased already so that no lane waits for PostgreSQL, the rest is room.

import JobQueue
import Metastore

struct CellLanes {
    private struct HeldCell {
        let cell: LeasedCell
        /// nil until it has a lane.
        var task: Task<Void, Never>?
        /// Its lease went to somebody else: whatever comes of it is not written.
        var isVoid = false
    }

    let laneCount: Int
    private var held: [JobID: HeldCell] = [:]
    private var runningCount = 0
    /// Leased and without a lane, in their order; those before `firstWaiting` are gone.
    private var waiting: [LeasedCell] = []
    private var firstWaiting = 0

    init(laneCount: Int) {
        self.laneCount = laneCount
    }

    var cells: [LeasedCell] { held.values.map(\.cell) }
    var isEmpty: Bool { held.isEmpty }
    var tasks: [Task<Void, Never>] { held.values.compactMap(\.task) }

    /// How many more may be leased.
    var capacity: Int { max(0, laneCount + RunExecutionLimits.leasedAheadCount(laneCount: laneCount) - held.count) }

    mutating func add(_ cells: [LeasedCell]) {
        for cell in cells { held[cell.job.id] = HeldCell(cell: cell) }
        waiting += cells
    }

    /// A cell that gets a lane, if one is free: it is to be begun, and `began` to be called with its task.
    mutating func next() -> LeasedCell? {
        guard runningCount < laneCount else { return nil }
        while firstWaiting < waiting.count {
            let cell = waiting[firstWaiting]
            firstWaiting += 1
            if firstWaiting > laneCount {
                waiting.removeFirst(firstWaiting)
                firstWaiting = 0
            }
            // One that was lost while it waited is forgotten, unless it came back with another lease.
            guard let known = held[cell.job.id], known.cell == cell else { continue }
            if known.isVoid {
                held[cell.job.id] = nil
                continue
            }
            runningCount += 1
            return cell
        }
        return nil
    }

    mutating func began(_ cell: LeasedCell, _ task: Task<Void, Never>) {
        if held[cell.job.id]?.cell == cell { held[cell.job.id]?.task = task }
    }

    mutating func ended(_ cell: LeasedCell) {
        runningCount -= 1
        if held[cell.job.id]?.cell == cell { held[cell.job.id] = nil }
    }

    func isVoid(_ cell: LeasedCell) -> Bool {
        guard let known = held[cell.job.id], known.cell == cell else { return true }
        return known.isVoid
    }

    /// The lease of these is lost: answers with the tasks that work on them in vain.
    mutating func void(_ cells: [LeasedCell]) -> [Task<Void, Never>] {
        cells.compactMap { cell in
            guard held[cell.job.id]?.cell == cell else { return nil }
            held[cell.job.id]?.isVoid = true
            return held[cell.job.id]?.task
        }
    }

    /// Gives up all that have no lane and answers with those that are still held.
    mutating func removeWaiting() -> [LeasedCell] {
        let left = waiting[firstWaiting...].filter { cell in held[cell.job.id].map { $0.cell == cell && !$0.isVoid } ?? false }
        for cell in waiting[firstWaiting...] where held[cell.job.id]?.cell == cell { held[cell.job.id] = nil }
        waiting = []
        firstWaiting = 0
        return left
    }
}
