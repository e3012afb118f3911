/// Collects what comes of cells and writes it run by run, many at a time: a transaction's cost is shared, and an event is late by
/// milliseconds only. A result that cannot be stored never costs those beside it.

import Logging
import Metastore

actor ResultWriter {
    private let runs: RunRepository
    private let logger: Logger
    /// These cells were written, or given up: their leases need no more heartbeats.
    private let isDone: @Sendable ([LeasedCell]) -> Void
    private var batches: [RunID: ResultBatch] = [:]
    private let bell = Doorbell()
    private var isClosed = false

    init(_ runs: RunRepository, _ logger: Logger, isDone: @escaping @Sendable ([LeasedCell]) -> Void) {
        self.runs = runs
        self.logger = logger
        self.isDone = isDone
    }

    func started(_ cell: LeasedCell, key: String) {
        batches[cell.run, default: ResultBatch()].start(cell, key: key)
        bell.ring()
    }

    func ended(_ cell: EndedCell) {
        batches[cell.cell.run, default: ResultBatch()].end(cell)
        bell.ring()
    }

    /// Writes until it is closed and everything is written.
    func run() async {
        while !isClosed || !batches.isEmpty {
            await bell.wait(.seconds(RunExecutionLimits.idleSeconds))
            if !isClosed { try? await Task.sleep(for: .milliseconds(RunExecutionLimits.resultBatchMilliseconds)) }
            while let (run, batch) = batches.first {
                batches[run] = nil
                for part in batch.parts() {
                    await write(part, of: run)
                    isDone(part.ended.map(\.cell))
                }
            }
        }
    }

    func close() {
        isClosed = true
        bell.ring()
    }

    /// A database that is away for a while does not cost the answers that were paid for.
    private func write(_ batch: ResultBatch, of run: RunID) async {
        for attempt in 1...RunExecutionLimits.recordAttemptCount {
            do {
                let held = try await runs.record(batch.ended, started: batch.started, of: run)
                if held.count < batch.ended.count {
                    logger.info("results came too late", metadata: ["run": "\(run.uuid)", "count": "\(batch.ended.count - held.count)"])
                }
                return
            } catch {
                guard error.code == .unavailable else { return await writeWhatCanBe(batch, of: run, error) }
                if attempt == RunExecutionLimits.recordAttemptCount { return giveUp(batch, of: run, error) }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// PostgreSQL refuses something in it: what that is, is found by halves, and is an error of its own cell.
    private func writeWhatCanBe(_ batch: ResultBatch, of run: RunID, _ error: MetastoreError) async {
        let halves = batch.halves
        if !halves.isEmpty {
            for half in halves { await write(half, of: run) }
        } else if let replacement = batch.ended.first?.unstorable(error.message) {
            logger.warning("a result cannot be stored", metadata: ["run": "\(run.uuid)", "error": "\(error)"])
            var replaced = ResultBatch()
            replaced.end(replacement)
            await write(replaced, of: run)
        } else {
            giveUp(batch, of: run, error)
        }
    }

    /// The cells' leases run out, and other workers take them.
    private func giveUp(_ batch: ResultBatch, of run: RunID, _ error: MetastoreError) {
        logger.error("results are lost", metadata: ["run": "\(run.uuid)", "count": "\(batch.ended.count)", "error": "\(error)"])
    }
}
