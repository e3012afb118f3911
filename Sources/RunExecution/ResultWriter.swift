/// Collects what comes of cells and writes it run by run, many at a time: a transaction's cost is shared, and an event is late by
/// milliseconds only.

import EvaluationModel
import JobQueue
import Logging
import Metastore
import OTLP
import TraceModel

actor ResultWriter {
    private struct Batch {
        var started: [LeasedCell: String] = [:]
        var ended: [EndedCell] = []
        var spans: [SpanRecord] = []
    }

    private let runs: RunRepository
    private let logger: Logger
    private let resultsWereWritten: @Sendable () -> Void
    /// There are spans to deliver.
    private let spansWereWritten: @Sendable () -> Void
    private var batches: [RunID: Batch] = [:]
    private let bell = Doorbell()
    private var isClosed = false

    init(
        _ runs: RunRepository, _ logger: Logger, resultsWereWritten: @escaping @Sendable () -> Void,
        spansWereWritten: @escaping @Sendable () -> Void
    ) {
        self.runs = runs
        self.logger = logger
        self.resultsWereWritten = resultsWereWritten
        self.spansWereWritten = spansWereWritten
    }

    func started(_ cell: LeasedCell, key: String) {
        batches[cell.run, default: Batch()].started[cell] = key
        bell.ring()
    }

    func ended(_ cell: EndedCell, _ spans: [SpanRecord]) {
        batches[cell.cell.run, default: Batch()].ended.append(cell)
        batches[cell.cell.run]?.spans += spans
        bell.ring()
    }

    /// Writes until it is closed and everything is written.
    func run() async {
        while !isClosed || !batches.isEmpty {
            await bell.wait(.seconds(RunExecutionLimits.idleSeconds))
            if !isClosed { try? await Task.sleep(for: .milliseconds(RunExecutionLimits.resultBatchMilliseconds)) }
            await flush()
        }
    }

    func close() {
        isClosed = true
        bell.ring()
    }

    private func flush() async {
        while let (run, batch) = batches.first {
            batches[run] = nil
            let count = RunExecutionLimits.resultBatchCount
            var started = batch.started, spans = batch.spans
            for start in stride(from: 0, to: max(1, batch.ended.count), by: count) {
                let ended = Array(batch.ended[min(start, batch.ended.count)..<min(start + count, batch.ended.count)])
                await write(ended, started, spans, of: run)
                started = [:]
                spans = []
            }
        }
    }

    /// A database that is away for a while does not cost the answers that were paid for.
    private func write(_ ended: [EndedCell], _ started: [LeasedCell: String], _ spans: [SpanRecord], of run: RunID) async {
        let body = spans.isEmpty ? nil : ExportTraceRequestEncoder.encode(spans)
        for attempt in 1...RunExecutionLimits.recordAttemptCount {
            do {
                let held = try await runs.record(ended, started: started, spans: body, of: run)
                if held.count < ended.count {
                    logger.info("results came too late", metadata: ["run": "\(run.uuid)", "count": "\(ended.count - held.count)"])
                }
                if !ended.isEmpty { resultsWereWritten() }
                if body != nil { spansWereWritten() }
                return
            } catch {
                guard error.code == .unavailable, attempt < RunExecutionLimits.recordAttemptCount else {
                    logger.error("results are lost", metadata: ["run": "\(run.uuid)", "count": "\(ended.count)", "error": "\(error)"])
                    return
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
