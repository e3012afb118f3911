/// Works on runs: leases cells, executes them, writes what came of them; plans and concludes runs; takes over from workers that died.
/// Any number of workers, in any number of processes, share the work through PostgreSQL alone.
///
/// Stopping gracefully, it takes nothing new, gives what is under way a while to end, and hands back the rest uncounted.

import ByteCoding
import Evaluation
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
    private let writer: ResultWriter
    private let delivery: SpanDelivery
    private let spanScorer: SpanScorer
    private let metastore: Metastore
    private let logger: Logger
    private let lanes: Mutex<CellLanes>
    private let cellBell = Doorbell(), controlBell = Doorbell(), deliveryBell = Doorbell()
    private let isStopping = Mutex(false)

    /// - Parameters:
    ///   - name: tells workers apart in attempts and logs.
    ///   - concurrency: cells under way at a time.
    package init(name: String, concurrency: Int = RunExecutionLimits.defaultConcurrency, resources: RunResources, logger: Logger) {
        self.name = name
        let laneCount = max(1, min(concurrency, RunExecutionLimits.maximumConcurrency))
        lanes = Mutex(CellLanes(laneCount: laneCount))
        self.logger = logger
        runs = resources.metastore.runs
        preparation = RunPreparation(resources)
        metastore = resources.metastore
        delivery = SpanDelivery(outbox: resources.metastore.spanOutbox, destination: resources.spans, logger: logger)
        let deliveryBell = deliveryBell, cellBell = cellBell
        // What is written makes room in its run.
        writer = ResultWriter(resources.metastore.runs, logger, resultsWereWritten: { cellBell.ring() }, spansWereWritten: { deliveryBell.ring() })
        spanScorer = SpanScorer(
            name: name, concurrency: laneCount / RunExecutionLimits.scoringShare, resources: resources, logger: logger
        ) { deliveryBell.ring() }
    }

    private func workWasAnnounced() {
        cellBell.ring()
        controlBell.ring()
        spanScorer.ring()
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepLeases() }
                group.addTask { await self.workOnControl() }
                group.addTask { await self.deliverSpans() }
                group.addTask { await self.listen() }
                let writing = Task { await self.writer.run() }
                let scoring = Task { await self.spanScorer.run() }
                await self.workOnCells()
                await self.drain()
                await self.writer.close()
                await writing.value
                self.spanScorer.stop()
                await scoring.value
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        isStopping.withLock { $0 = true }
        spanScorer.stop()
        workWasAnnounced()
    }

    private var mayWork: Bool { !isStopping.withLock { $0 } && !Task.isCancelled }

    // MARK: - Cells

    private func workOnCells() async {
        while mayWork {
            let capacity = lanes.withLock { $0.capacity }
            var leased: [LeasedCell] = []
            do throws(MetastoreError) {
                if capacity > 0 { leased = try await runs.leaseCells(worker: name, capacity: capacity) }
            } catch { log(error, "cells cannot be leased") }
            let isBusy = lanes.withLock { lanes in
                lanes.add(leased)
                return !lanes.isEmpty
            }
            fillLanes()
            // More may be there at once only when all that was asked for came.
            if leased.isEmpty || leased.count < capacity {
                await cellBell.wait(isBusy ? .milliseconds(RunExecutionLimits.busyMilliseconds) : .seconds(RunExecutionLimits.idleSeconds))
            }
        }
    }

    private func fillLanes() {
        while let cell = lanes.withLock({ $0.next() }) {
            let task = Task {
                await self.execute(cell)
                let isIdle = self.lanes.withLock { lanes in
                    lanes.ended(cell)
                    return lanes.isEmpty
                }
                if isIdle || !self.mayWork { self.cellBell.ring() } else { self.fillLanes() }
            }
            lanes.withLock { $0.began(cell, task) }
        }
    }

    private func execute(_ cell: LeasedCell) async {
        do {
            let run = try await preparation.run(cell.run)
            let key = (try? run.prepared(cell))?.content.key ?? ""
            await writer.started(cell, key: key)
            let runs = runs
            let execution = CellExecution(cell: cell, run: run) { try await runs.saveCheckpoint($0, of: cell) }
            let result = try await execution.run()
            guard !isVoid(cell) else { return }
            await writer.ended(EndedCell(cell, key: result.key, result.ending), result.trace?.spans ?? [])
        } catch is CancellationError {
            if !isVoid(cell) { await writer.ended(EndedCell(cell, key: "", .released), []) }
        } catch let fault as CellFault {
            // The run cannot be worked on at all: every cell would say the same.
            try? await runs.fail(cell.run, reason: fault.message)
        } catch {
            logger.warning("a cell was given back", metadata: ["run": "\(cell.run.uuid)", "error": "\(error)"])
            await writer.ended(EndedCell(cell, key: "", .retry(afterSeconds: 5, error: CellFault("worker", "\(error)").json)), [])
        }
    }

    private func isVoid(_ cell: LeasedCell) -> Bool { lanes.withLock { $0.isVoid(cell) } }

    private func drain() async {
        for cell in lanes.withLock({ $0.removeWaiting() }) { await writer.ended(EndedCell(cell, key: "", .released), []) }
        let deadline = ContinuousClock.now + .seconds(RunExecutionLimits.drainSeconds)
        while ContinuousClock.now < deadline, !Task.isCancelled, !lanes.withLock({ $0.isEmpty }) {
            await cellBell.wait(.milliseconds(RunExecutionLimits.busyMilliseconds))
        }
        let left = lanes.withLock { $0.tasks }
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
                let mine = lanes.withLock { $0.cells }
                if !mine.isEmpty {
                    let held = try await runs.extendLeases(mine)
                    giveUp(mine.filter { !held.contains($0.job.id) })
                }
                if try await runs.rescue() > 0 { workWasAnnounced() }
            } catch { log(error, "leases cannot be kept") }
        }
    }

    private func giveUp(_ lost: [LeasedCell]) {
        for task in lanes.withLock({ $0.void(lost) }) { task.cancel() }
    }

    // MARK: - Plans and conclusions

    private func workOnControl() async {
        while mayWork {
            var job: RunControlJob?
            do throws(MetastoreError) { job = try await runs.leaseControl(worker: name) } catch { log(error, "runs cannot be looked at") }
            if let job {
                await work(on: job)
            } else {
                await controlBell.wait(.seconds(RunExecutionLimits.idleSeconds))
            }
        }
    }

    private func work(on job: RunControlJob) async {
        do {
            guard let run = try await runs.find(job.run), !run.state.isFinal else { return try await runs.endControl(job, .succeeded) }
            switch job.step {
            case .plan: try await runs.plan(job.run, try RunSpecification(json: try JSONValue.parse(run.specification)))
            case .review: try await RunReview(runs: runs).endIfDecided(run)
            case .conclude:
                let (verdict, reason) = try await RunConclusion(runs: runs).verdict(of: run)
                try await runs.conclude(job.run, verdict: verdict, reason: reason, by: job)
            }
            try await runs.endControl(job, .succeeded)
        } catch {
            logger.error("a run cannot go on", metadata: ["run": "\(job.run.uuid)", "step": "\(job.step)", "error": "\(error)"])
            if job.job.attempt >= RunLimits.maximumAttemptCount { try? await runs.fail(job.run, reason: "\(error)") }
            let ending: EndedAttempt.Result = job.job.attempt >= RunLimits.maximumAttemptCount ? .failed : .retry(afterSeconds: 2)
            try? await runs.endControl(job, ending, error: CellFault("worker", "\(error)").json)
        }
    }

    private func log(_ error: MetastoreError, _ message: Logger.Message) {
        if error.code != .cancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
    }
}
