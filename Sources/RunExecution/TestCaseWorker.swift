/// Works on runs: leases cells, executes them, writes what came of them; plans and concludes runs; takes over from workers that died.
/// Any number of workers, in any number of processes, share the work through PostgreSQL alone.
///
/// Stopping gracefully, it takes nothing new, gives what is under way a while to end, and hands back the rest uncounted.

import EvaluationModel
import JobQueue
import Logging
import Metastore
import ServiceLifecycle
import Synchronization

package final class TestCaseWorker: Service {
    private let name: String
    private let runs: RunRepository
    private let preparation: RunPreparation
    private let control: RunControl
    private let writer: ResultWriter
    private let delivery: SpanDelivery
    private let spanScorer: SpanScorer
    private let draftWriter: DraftWriter
    private let metastore: Metastore
    private let logger: Logger
    private let cells: CellsUnderWay
    private let cellBell: Doorbell, controlBell = Doorbell(), deliveryBell: Doorbell
    private let isStopping = Mutex(false)

    /// - Parameters:
    ///   - name: tells workers apart in attempts and logs.
    ///   - concurrency: cells under way at a time.
    ///   - knowledge: what `{{context}}` is looked up in; nil: cells that ask for it are errors.
    package init(
        name: String, concurrency: Int = RunExecutionLimits.defaultConcurrency, resources: RunResources,
        knowledge: (any ContextSource)? = nil, logger: Logger
    ) {
        self.name = name
        let laneCount = max(1, min(concurrency, RunExecutionLimits.maximumConcurrency))
        self.logger = logger
        metastore = resources.metastore
        runs = metastore.runs
        preparation = RunPreparation(resources, knowledge)
        control = RunControl(name: name, runs: metastore.runs, logger: logger)
        delivery = SpanDelivery(outbox: metastore.spanOutbox, destination: resources.spans, logger: logger)
        let cells = CellsUnderWay(laneCount: laneCount), cellBell = Doorbell(), deliveryBell = Doorbell()
        (self.cells, self.cellBell, self.deliveryBell) = (cells, cellBell, deliveryBell)
        writer = ResultWriter(metastore.runs, logger) { written in
            cells.remove(written)
            // A written result makes room for another cell of its run, and may have brought spans.
            cellBell.ring()
            deliveryBell.ring()
        }
        spanScorer = SpanScorer(
            name: name, concurrency: laneCount / RunExecutionLimits.scoringShare, resources: resources, logger: logger
        ) { deliveryBell.ring() }
        draftWriter = DraftWriter(name: name, repository: metastore.drafts, logger: logger) {
            try await ProjectModels(of: $0, resources)
        } spansWereWritten: {
            deliveryBell.ring()
        }
    }

    private func workWasAnnounced() {
        cellBell.ring()
        controlBell.ring()
        spanScorer.ring()
        draftWriter.ring()
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepLeases() }
                group.addTask { await self.rescueLost() }
                group.addTask { await self.workOnControl() }
                group.addTask { await self.deliverSpans() }
                group.addTask { await self.listen() }
                let writing = Task { await self.writer.run() }
                let scoring = Task { await self.spanScorer.run() }
                let drafting = Task { await self.draftWriter.run() }
                await self.workOnCells()
                await self.drain()
                await self.writer.close()
                await writing.value
                self.spanScorer.stop()
                self.draftWriter.stop()
                await scoring.value
                await drafting.value
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        isStopping.withLock { $0 = true }
        spanScorer.stop()
        draftWriter.stop()
        workWasAnnounced()
    }

    private var mayWork: Bool { !isStopping.withLock { $0 } && !Task.isCancelled }

    // MARK: - Cells

    private func workOnCells() async {
        while mayWork {
            let capacity = cells.capacity
            var leased: [LeasedCell] = []
            do throws(MetastoreError) {
                if capacity > 0 { leased = try await runs.leaseCells(worker: name, capacity: capacity) }
            } catch { log(error, "cells cannot be leased") }
            cells.add(leased)
            fillLanes()
            // More may be there at once only when all that was asked for came.
            if leased.isEmpty || leased.count < capacity {
                await cellBell.wait(
                    cells.count > 0 ? .milliseconds(RunExecutionLimits.busyMilliseconds) : .seconds(RunExecutionLimits.idleSeconds))
            }
        }
    }

    private func fillLanes() {
        guard mayWork else { return }
        cells.fillLanes { cell in
            Task {
                await self.execute(cell)
                self.cells.freeLane()
                self.fillLanes()
            }
        }
    }

    private func execute(_ cell: LeasedCell) async {
        guard let ended = await result(of: cell), !cells.isVoid(cell) else { return cells.remove([cell]) }
        // Its lease is held until it is written.
        cells.end(cell)
        await writer.ended(ended)
    }

    /// nil: nothing is to be written of it.
    private func result(of cell: LeasedCell) async -> EndedCell? {
        do {
            let run = try await preparation.run(cell.run)
            let key = (try? run.prepared(cell))?.content.key ?? ""
            await writer.started(cell, key: key)
            let runs = runs
            return try await CellExecution(cell: cell, run: run) { try await runs.saveCheckpoint($0, of: cell) }.run()
        } catch is CancellationError {
            return EndedCell(cell, key: "", .released)
        } catch let fault as CellFault {
            // The run cannot be worked on at all: every cell would say the same.
            try? await runs.fail(cell.run, reason: fault.message)
            return nil
        } catch let fault as RunFault {
            try? await runs.fail(cell.run, reason: fault.reason)
            return nil
        } catch {
            logger.warning("a cell was given back", metadata: ["run": "\(cell.run.uuid)", "error": "\(error)"])
            return EndedCell(cell, key: "", CellExecution.ending(of: cell, CellFault("worker", "\(error)", isTransient: true)))
        }
    }

    private func drain() async {
        for cell in cells.removeWaiting() { await writer.ended(EndedCell(cell, key: "", .released)) }
        let deadline = ContinuousClock.now + .seconds(RunExecutionLimits.drainSeconds)
        while ContinuousClock.now < deadline, !Task.isCancelled, cells.busyLaneCount > 0 {
            await cellBell.wait(.milliseconds(RunExecutionLimits.busyMilliseconds))
        }
        let left = cells.tasks
        for task in left { task.cancel() }
        for task in left { await task.value }
    }

    // MARK: - Announcements and spans

    /// PostgreSQL tells when there is work; without hearing it the worker looks by itself every few seconds.
    private func listen() async {
        for await _ in metastore.jobAnnouncements(logger: logger) { workWasAnnounced() }
    }

    private func deliverSpans() async {
        while !Task.isCancelled {
            let isDone = (try? await delivery.deliverAll()) ?? false
            await deliveryBell.wait(.seconds(isDone ? RunExecutionLimits.idleSeconds : RunExecutionLimits.deliveryPauseSeconds))
        }
    }

    // MARK: - Leases

    private func keepLeases() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(RunExecutionLimits.heartbeatSeconds))
            do throws(MetastoreError) {
                let mine = cells.all
                if !mine.isEmpty {
                    let held = try await runs.extendLeases(mine)
                    cells.giveUp(mine.filter { !held.contains($0.job.id) })
                }
                try await control.keepLease()
            } catch { log(error, "leases cannot be kept") }
        }
    }

    /// Takes over from workers that died. While PostgreSQL is away everybody's leases run out: whoever lives gets the time to renew them.
    private func rescueLost() async {
        var earliest = ContinuousClock.now
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(RunExecutionLimits.rescueSeconds))
            do throws(MetastoreError) {
                if ContinuousClock.now < earliest {
                    try await metastore.ping()
                } else if try await runs.rescue() > 0 {
                    workWasAnnounced()
                }
            } catch {
                earliest = ContinuousClock.now + .seconds(RunExecutionLimits.rescueGraceSeconds)
                log(error, "lost cells cannot be looked for")
            }
        }
    }

    // MARK: - Plans and conclusions

    private func workOnControl() async {
        while mayWork {
            var isBusy = false
            do throws(MetastoreError) { isBusy = try await control.workOnNext() } catch { log(error, "runs cannot be looked at") }
            if !isBusy { await controlBell.wait(.seconds(RunExecutionLimits.idleSeconds)) }
        }
    }

    private func log(_ error: MetastoreError, _ message: Logger.Message) {
        if error.code != .cancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
    }
}
